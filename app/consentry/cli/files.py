"""Files that people hand over, bounded before they are read, and files that are written for them."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from consentry.cli.problems import FileTooLarge, FileUnreadable
from consentry.errors import NotJson
from consentry.fhir import jsontext
from consentry.fhir.jsontext import Json
from consentry.wallets.problems import FileUnwritable

MAX_DEPTH = 64


def read_bytes(path: Path, most: int) -> bytes:
    """A regular file or a pipe of at most `most` bytes. Raises FileUnreadable, FileTooLarge."""
    try:
        with path.open("rb") as stream:
            found = os.fstat(stream.fileno())
            if stat.S_ISREG(found.st_mode) and found.st_size > most:
                raise FileTooLarge(f"{path} has {found.st_size:,} bytes, at most {most:,} are taken")
            raw = stream.read(most + 1)
    except OSError as problem:
        raise FileUnreadable(f"{path}: {problem.strerror}") from None
    if len(raw) > most:
        raise FileTooLarge(f"{path} has more than {most:,} bytes")
    return raw


def require_readable(path: Path, what: str = "") -> None:
    """Raise FileUnreadable for what cannot be opened; `what` says what named it. A pipe loses nothing by being asked."""
    if not path.exists():
        raise FileUnreadable(f"{what}{path}: there is no such file")
    if path.is_dir():
        raise FileUnreadable(f"{what}{path} is a folder")
    if not os.access(path, os.R_OK):
        raise FileUnreadable(f"{what}{path} may not be read")


def read_text(path: Path, most: int) -> str:
    """A small UTF-8 text. Raises FileUnreadable, FileTooLarge."""
    try:
        return read_bytes(path, most).decode("utf-8")
    except UnicodeDecodeError:
        raise FileUnreadable(f"{path} is not text in UTF-8") from None


def read_json(path: Path, most: int) -> tuple[bytes, Json]:
    """A JSON file: its bytes and its tree. Raises FileUnreadable, FileTooLarge, NotJson."""
    raw = read_bytes(path, most)
    try:
        return raw, jsontext.read(raw, max_depth=MAX_DEPTH)
    except NotJson as problem:
        raise NotJson(f"{path} is not JSON: {problem.diagnostics}") from None


def require_writable(path: Path) -> None:
    """Raise FileUnwritable for a file that `write_private` could not write: found out before the work is done."""
    if path.is_dir():
        raise FileUnwritable(f"{path} is a folder")
    if not path.parent.is_dir():
        raise FileUnwritable(f"{path}: there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise FileUnwritable(f"{path}: the folder may not be written to")


def write_private(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write for this user only (mode 600), whole or not at all. Raises FileUnwritable."""
    parts = (content,) if isinstance(content, bytes) else content
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.writelines(parts)
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise FileUnwritable(f"{path}: {problem.strerror}") from None
