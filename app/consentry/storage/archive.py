"""What a back-up holds, as a stream of tar (POSIX pax): made and unpacked in bounded memory (specification U-1, U-3)."""

from __future__ import annotations

import io
import re
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from consentry.errors import BackupInvalid, StoreUnreachable
from consentry.storage.cid import parse_cid
from consentry.storage.embedded import EmbeddedBlockStore

FILES = frozenset(("config.json", "keystore", "deployment.json", "database.sqlite", "keeper", "pins.sqlite"))
"""`keeper`: whose book a dump is. The other files are what they are called."""
_DUMP = re.compile(r"dump/(\d{10})")
_BLOCK = re.compile(r"blocks/([a-z2-7]{10,120})")
_PIECE_BYTES = 1 << 20
MAX_BLOCK_BYTES = 2 << 20


@dataclass(frozen=True)
class Part:
    """One file of an archive: a name of FILES or `blocks/<cid>`, and where its bytes lie now."""

    name: str
    path: Path


@dataclass(frozen=True)
class Piece:
    """Bytes that were never a file: a name of FILES, or `dump/<number>`, pieces of a database's dump in their order."""

    name: str
    raw: bytes


def dumped(pieces: Iterable[bytes]) -> Iterator[Piece]:
    """A dump, whose length nobody knows before its end."""
    for number, raw in enumerate(pieces):
        yield Piece(f"dump/{number:010}", raw)


def snapshot(database: Path, target: Path) -> None:
    """Copy a SQLite database that may be written to meanwhile, as it is at one moment. Raises StoreUnreachable."""
    try:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
            target.chmod(0o600)
            source.backup(copy)
            (verdict,) = copy.execute("PRAGMA quick_check").fetchone()
    except (sqlite3.Error, OSError):
        raise StoreUnreachable(f"the database {database.name} cannot be copied") from None
    if verdict != "ok":
        raise StoreUnreachable(f"the database {database.name} is damaged")


def blocks_of(folder: Path) -> Iterator[Part]:
    """Every block of an embedded store, in order of name."""
    for shard in sorted((folder / "blocks").iterdir()):
        for path in sorted(shard.iterdir()):
            if _BLOCK.fullmatch(f"blocks/{path.name}"):
                yield Part(f"blocks/{path.name}", path)


def pack(parts: Iterable[Part | Piece]) -> Iterator[bytes]:
    """The archive of these files. A block that is deleted meanwhile is left out; any other file must be there.

    Raises StoreUnreachable.
    """
    for part in parts:
        if isinstance(part, Piece):
            yield from _packed(part.name, io.BytesIO(part.raw))
            continue
        try:
            stream: IO[bytes] = part.path.open("rb")
        except FileNotFoundError:
            if part.name in FILES:
                raise StoreUnreachable(f"{part.path.name} is not there") from None
            continue
        except OSError as problem:
            raise StoreUnreachable(f"{part.path.name}: {problem.strerror}") from None
        with stream:
            yield from _packed(part.name, stream)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _packed(name: str, stream: IO[bytes]) -> Iterator[bytes]:
    info = tarfile.TarInfo(name)
    info.size, info.mode = stream.seek(0, io.SEEK_END), 0o600
    stream.seek(0)
    yield info.tobuf(tarfile.PAX_FORMAT)
    left = info.size
    while left:
        piece = stream.read(min(left, _PIECE_BYTES))
        if not piece:
            raise StoreUnreachable(f"{name} became shorter while it was read")
        left -= len(piece)
        yield piece
    yield bytes(-info.size % tarfile.BLOCKSIZE)


def unpack(pieces: Iterable[bytes], folder: Path, dump: Callable[[bytes], None]) -> int:
    """Write an archive's files below `folder`, every block checked against its CID; gives how many blocks. `dump` is given the
    pieces of the database's dump, if there is one.

    Raises BackupInvalid for names that no archive of ours has, damaged blocks, a cut archive; and whatever `pieces` raises.
    """
    source, blocks, dumped = _Reader(pieces), 0, 0
    for name, size, stream in _members(source):
        if _DUMP.fullmatch(name):
            dump(_piece(name, size, stream, dumped))
            dumped += 1
        else:
            blocks += _unpack_one(name, size, stream, folder)
    source.drain()
    database = set() if dumped else {"database.sqlite"}
    missing = ({"config.json", "keystore"} | database) - {path.name for path in folder.iterdir()}
    if missing:
        raise BackupInvalid(f"it lacks {', '.join(sorted(missing))}")
    return blocks


def dump_of(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of a dump, with which an archive begins, and nothing of what comes after. Raises as `unpack`."""
    for number, (name, size, stream) in enumerate(_members(_Reader(pieces))):
        if not _DUMP.fullmatch(name):
            return
        yield _piece(name, size, stream, number)


def _members(source: _Reader) -> Iterator[tuple[str, int, IO[bytes]]]:
    """Name, size and content of each, in their order."""
    try:
        with tarfile.open(fileobj=source, mode="r|") as archive:
            for member in archive:
                stream = archive.extractfile(member) if member.isreg() else None
                if stream is None:
                    raise BackupInvalid("it holds something that is no file")
                yield member.name, member.size, stream
    except tarfile.TarError:
        raise BackupInvalid("its list of files cannot be read") from None


def _piece(name: str, size: int, stream: IO[bytes], number: int) -> bytes:
    if name != f"dump/{number:010}" or size > _PIECE_BYTES:
        raise BackupInvalid("its dump is not in order")
    return stream.read()


def merge(restored: Path, store: Path) -> None:
    """Add the blocks and pins of a restored store to one that is in use: blocks never change, so that nothing is overwritten
    and doing it again is harmless. Raises StoreUnreachable."""
    EmbeddedBlockStore(store).close()  # makes what is missing
    for part in blocks_of(restored):
        shard = store / "blocks" / part.path.parent.name
        shard.mkdir(exist_ok=True)
        if not (shard / part.path.name).exists():
            shutil.move(part.path, shard / part.path.name)
    try:
        with closing(sqlite3.connect(store / "pins.sqlite", timeout=30)) as pins:
            pins.execute("ATTACH ? AS restored", (str(restored / "pins.sqlite"),))
            with pins:
                pins.execute(
                    "INSERT OR IGNORE INTO links (root, block) SELECT root, block FROM restored.links"
                )
    except sqlite3.Error:
        raise StoreUnreachable("the store's pins cannot be used") from None


def _unpack_one(name: str, size: int, stream: IO[bytes], folder: Path) -> int:
    if name in FILES:
        with _new(folder / name) as target:
            while piece := stream.read(_PIECE_BYTES):
                target.write(piece)
        return 0
    named = _BLOCK.fullmatch(name)
    if named is None or size > MAX_BLOCK_BYTES:
        raise BackupInvalid("it holds a file that no back-up has")
    raw, cid = stream.read(), named.group(1)
    if sha256(raw).digest() != parse_cid(cid).digest:
        raise BackupInvalid(f"block {cid} is damaged")
    shard = folder / "store" / "blocks" / cid[-2:]
    shard.mkdir(parents=True, exist_ok=True)
    with _new(shard / cid) as target:
        target.write(raw)
    return 1


def _new(path: Path) -> io.BufferedWriter:
    path.touch(mode=0o600, exist_ok=False)
    return path.open("wb")


class _Reader(io.RawIOBase):
    """The pieces of an archive as a file that is read once."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._held = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._held) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._held += piece
        if size < 0:
            size = len(self._held)
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    def drain(self) -> None:
        """Read to the end, which alone says that nothing was cut off."""
        for piece in self._pieces:
            if piece.strip(b"\0"):
                raise BackupInvalid("something follows its end")
