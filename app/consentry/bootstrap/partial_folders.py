"""The hidden folder that becomes the restored one, and what a restore that was killed left of its own (specification U-10).

Its maker holds a lock on the folder itself while it lives; the kernel drops it with the process, so that one whose lock can be
taken is nobody's.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def partial_of(folder: Path) -> Iterator[Path]:
    """A new one beside `folder`, readable for this user alone; whatever of it is at its place at the end is removed. Those of
    dead processes for the same folder are removed before. Raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{folder.name}-restoring-"
    with _locked(folder.parent):  # one that is made and not yet held looks as if its maker were dead
        _remove_left(folder.parent, prefix)
        partial = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
        handle = _opened(partial)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield partial
    finally:
        with suppress(OSError):  # it was put in its place; or it stays, for the next restore to remove
            shutil.rmtree(partial)
        os.close(handle)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Against other restores beside it, for as long as one looks around."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _remove_left(parent: Path, prefix: str) -> None:
    made_here = re.compile(re.escape(prefix) + "[a-z0-9_]{8}")
    for left in parent.iterdir():
        if made_here.fullmatch(left.name) and not left.is_symlink():
            _remove_dead(left)


def _remove_dead(left: Path) -> None:
    try:
        handle = _opened(left)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return  # its maker has just put it in its place; or it is no folder of this user's
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(handle).st_uid == os.geteuid():
            shutil.rmtree(left)
    except (BlockingIOError, FileNotFoundError):
        return  # its maker lives, or has just put it in its place
    finally:
        os.close(handle)


def _opened(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
