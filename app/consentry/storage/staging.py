"""Where a process writes blocks before they are visible, and how leftovers of a crashed one are told apart.

Each process owns one subdirectory and holds its file lock while it lives; the kernel drops the lock with the
process, so a directory whose lock can be taken belongs to nobody and is removed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
import uuid
from pathlib import Path


class Staging:
    """Files of this process under `directory`; all methods raise OSError."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._directory.mkdir(exist_ok=True)
        self._turn = threading.Lock()
        self._own: Path | None = None
        self._lock = -1
        self._process = 0

    def write(self, block: bytes) -> str:
        """Write a block to a new file, not yet synced."""
        path = f"{self._claimed()}/{os.urandom(16).hex()}"
        try:
            with open(path, "xb", buffering=0) as file:
                view = memoryview(block)
                while view:
                    view = view[file.write(view) :]
        except OSError:
            Path(path).unlink(missing_ok=True)
            raise
        return path

    def sweep(self) -> None:
        """Remove the directories of processes that are gone."""
        for entry in self._directory.iterdir():
            try:
                handle = os.open(entry, os.O_RDONLY | os.O_DIRECTORY)
            except FileNotFoundError:
                continue  # another process swept it
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # its writer lives
            else:
                shutil.rmtree(entry, ignore_errors=True)
            finally:
                os.close(handle)

    def close(self) -> None:
        """Give the directory up; writing again claims another."""
        with self._turn:
            if self._own is not None and self._process == os.getpid():
                shutil.rmtree(self._own, ignore_errors=True)
                os.close(self._lock)
            self._own, self._lock = None, -1

    def _claimed(self) -> Path:
        with self._turn:
            while self._own is None or self._process != os.getpid():  # a forked child claims its own
                own = self._directory / uuid.uuid4().hex
                own.mkdir()
                handle = os.open(own, os.O_RDONLY | os.O_DIRECTORY)
                fcntl.flock(handle, fcntl.LOCK_EX)
                # A sweep may have come between making and locking it: then it has no name any more.
                if own.is_dir():
                    self._own, self._lock, self._process = own, handle, os.getpid()
                else:
                    os.close(handle)
            return self._own


def sync_directory(directory: Path | str) -> None:
    """Return when the names in a directory are on the disk."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
