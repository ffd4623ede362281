"""The embedded block store: a directory of blocks that several processes share, with the same CIDs as Kubo.

    <directory>/blocks/<last two characters of the CID>/<CID>    one file a block, never changed in place
    <directory>/staging/<process>/                               what is being written; invisible to readers
    <directory>/pins.sqlite                                      which content links which block (`pins`)

A put stages all blocks, syncs them, and only then moves them into place (root last) and records the pins, so
a half written content never shows, whatever dies when; it is on disk when `put` returns. Reading takes no
lock. Putting a content again replaces damaged blocks.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

from consentry.errors import BlobMissing, StoreUnreachable
from consentry.ports import StoredBlob, StoreHealth
from consentry.storage.cid import Cid, parse_cid
from consentry.storage.pins import Pins
from consentry.storage.staging import Staging, sync_directory
from consentry.storage.unixfs import CHUNK_BYTES, Importer, stream

_SYNC_THREADS = 4
_SYNCS_AHEAD = 64


class EmbeddedBlockStore:
    """BlobStore over a local directory; safe for any number of threads and processes."""

    def __init__(self, directory: Path) -> None:
        """Open or create the store, and sweep what crashed writers left; raises StoreUnreachable."""
        self._blocks = directory / "blocks"
        self._directory = str(self._blocks)
        with _typed("cannot be opened"):
            self._blocks.mkdir(parents=True, exist_ok=True)
            self._staging = Staging(directory / "staging")
            self._staging.sweep()
        self._pins = Pins(directory / "pins.sqlite")

    def put(self, chunks: Iterable[bytes]) -> StoredBlob:
        with _Batch(self._staging) as batch:
            importer = Importer(batch.stage)
            for chunk in chunks:
                importer.write(chunk)
            blob = importer.finish()
            batch.sync()
            with self._pins.exclusive() as pins, _typed("cannot be written"):
                self._place(batch.staged)
                pins.pin(blob.cid, set(batch.staged))
        return blob

    def get(self, cid: str, *, max_bytes: int) -> Iterator[bytes]:
        return stream(self._read, cid, max_bytes=max_bytes)

    def has(self, cid: str) -> bool:
        return self._path(str(parse_cid(cid))).is_file()

    def delete(self, cid: str) -> None:
        """Unpin, and remove the blocks that no other content links; what is not pinned is left alone."""
        root = str(parse_cid(cid))
        with self._pins.exclusive() as pins, _typed("cannot be written"):
            # The root goes first: a crash half-way leaves blocks behind, never a root without its blocks.
            # Until the commit the pins still name them, so that deleting again finishes the work.
            blocks = sorted(pins.unpin(root), key=lambda block: block != root)
            for block in blocks:
                self._path(block).unlink(missing_ok=True)
            for shard in {self._path(block).parent for block in blocks}:
                sync_directory(shard)

    def health(self) -> StoreHealth:
        try:
            with self._pins.exclusive():
                ok = os.access(self._blocks, os.R_OK | os.W_OK | os.X_OK)
        except StoreUnreachable as error:
            return StoreHealth(ok=False, kind="embedded", detail=error.diagnostics)
        return StoreHealth(ok=ok, kind="embedded", detail="ready" if ok else "the directory is not writable")

    def close(self) -> None:
        self._pins.close()
        self._staging.close()

    def _path(self, cid: str) -> Path:
        return Path(self._file(cid))

    def _file(self, cid: str) -> str:
        return f"{self._directory}/{cid[-2:]}/{cid}"

    def _read(self, block: Cid) -> bytes:
        """A block's bytes, unverified; no more than a valid block has, whatever stands on the disk."""
        try:
            with open(self._file(str(block)), "rb", buffering=0) as file:
                return file.read(CHUNK_BYTES + 1)
        except FileNotFoundError as error:
            raise BlobMissing(f"block {block} is not in the embedded store") from error
        except OSError as error:
            raise StoreUnreachable(f"block {block} cannot be read: {error.strerror}") from error

    def _place(self, staged: dict[str, Path]) -> None:
        """Move blocks into place, children before the root, and make the directory entries durable."""
        shards = {block: self._path(block).parent for block in staged}
        fresh = [shard for shard in set(shards.values()) if not shard.is_dir()]
        for shard in fresh:
            shard.mkdir(exist_ok=True)
        if fresh:
            sync_directory(self._blocks)
        *children, root = staged
        for block in children:
            staged[block].replace(shards[block] / block)
        for shard in {shards[block] for block in children}:
            sync_directory(shard)
        staged[root].replace(shards[root] / root)
        sync_directory(shards[root])


class _Batch:
    """The blocks of one put, staged: `staged` maps CID text to file, in the order written (the root last)."""

    def __init__(self, staging: Staging) -> None:
        self._staging = staging
        self.staged: dict[str, Path] = {}
        self._pool: ThreadPoolExecutor | None = None
        self._syncs: deque[Future[None]] = deque()

    def __enter__(self) -> _Batch:
        return self

    def stage(self, cid: Cid, block: bytes) -> None:
        """Write a block aside. Syncing overlaps with hashing the next blocks, a bounded way ahead."""
        name = str(cid)
        if name in self.staged:
            return
        with _typed("cannot be written"):
            path = self.staged[name] = self._staging.write(block)
            if len(self.staged) == 1:
                return  # most contents are one block: no thread for those, see `sync`
            if self._pool is None:
                self._pool = ThreadPoolExecutor(_SYNC_THREADS, thread_name_prefix="block-sync")
            self._syncs.append(self._pool.submit(self._staging.sync, path))
            if len(self._syncs) > _SYNCS_AHEAD:
                self._syncs.popleft().result()

    def sync(self) -> None:
        """Return when every staged block is on the disk."""
        with _typed("cannot be written"):
            self._staging.sync(next(iter(self.staged.values())))
            while self._syncs:
                self._syncs.popleft().result()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        for path in self.staged.values():
            # Already moved into place, or a disk that fails twice: what stays is swept by the next start.
            with suppress(OSError):
                path.unlink(missing_ok=True)


@contextmanager
def _typed(what: str) -> Iterator[None]:
    """Failures of the disk as StoreUnreachable; wraps our own calls only, never the caller's stream."""
    try:
        yield
    except OSError as error:
        raise StoreUnreachable(f"the block store {what}: {error.strerror or error}") from error
