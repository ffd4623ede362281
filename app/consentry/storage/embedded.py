"""The embedded block store: a directory of blocks that several processes share, with the same CIDs as Kubo.

    <directory>/blocks/<last two characters of the CID>/<CID>    one file a block, never changed in place
    <directory>/staging/<process>/                               what is being written; invisible to readers
    <directory>/pins.sqlite                                      which content links which block (`pins`)

A put stages all blocks, syncs them, and only then moves them into place (roots last) and records the pins, so
a half written content never shows, whatever dies when; it is on disk when `put` returns. Several contents put
at once share the lock and the pins' transaction. Reading takes no lock. Putting a content again replaces damaged
blocks; one of a single block that is here, whole and pinned is left as it is.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

from consentry.errors import BlobMissing, StoreUnreachable
from consentry.ports import StoredBlob, StoreHealth, Swept
from consentry.storage.cid import Cid, parse_cid
from consentry.storage.pins import Pins
from consentry.storage.staging import Staging, sync_directory
from consentry.storage.syncing import SYNC_THREADS, Syncing, sync_files
from consentry.storage.unixfs import CHUNK_BYTES, Importer, stream

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
        self._syncing = Syncing()

    def put(self, chunks: Iterable[bytes]) -> StoredBlob:
        return self.put_many((chunks,))[0]

    def put_many(self, contents: Iterable[Iterable[bytes]]) -> tuple[StoredBlob, ...]:
        with _Batch(self._staging, self._is_kept, self._syncing) as batch:
            blobs = tuple(batch.take(chunks) for chunks in contents)
            batch.sync()
            if batch.staged:
                with self._pins.exclusive() as pins, _typed("cannot be written"):
                    self._place(batch)
                    for root, blocks in batch.contents.items():
                        pins.pin(root, blocks)
        return blobs

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

    def contents(self) -> list[str]:
        """Of the upkeep's `Kept`."""
        return self._pins.roots()

    def block(self, block_id: Cid) -> bytes:
        """Of the upkeep's `Kept`."""
        return self._read(block_id)

    def mend(self, missing: Sequence[Cid], damaged: Sequence[Cid]) -> None:
        """Of the upkeep's `Kept`: a directory has nobody to ask."""

    def sweep(self) -> tuple[Swept, ...]:
        """Of the upkeep's `Kept`: deleting took the blocks away already."""
        return (Swept("embedded", ()),)

    def health(self) -> StoreHealth:
        try:
            with self._pins.exclusive():
                ok = os.access(self._blocks, os.R_OK | os.W_OK | os.X_OK)
        except StoreUnreachable as error:
            return StoreHealth(ok=False, kind="embedded", detail=error.diagnostics, answering=0)
        return StoreHealth(ok=ok, kind="embedded", detail="ready" if ok else "the directory is not writable")

    def close(self) -> None:
        self._syncing.close()
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

    def _is_kept(self, cid: str, block: bytes) -> bool:
        """Whether this content of one block is here already, whole and pinned: pins are committed only once the block and
        its name are on the disk. Who deletes it from now on deletes it after this put."""
        try:
            with open(self._file(cid), "rb", buffering=0) as file:
                if file.read(CHUNK_BYTES + 1) != block:
                    return False
        except OSError:
            return False
        return self._pins.links(cid, cid)

    def _place(self, batch: _Batch) -> None:
        """Move blocks into place, whatever another one links before the roots, and make the directory entries durable."""
        shards = {block: f"{self._directory}/{block[-2:]}" for block in batch.staged}
        fresh = [shard for shard in set(shards.values()) if not os.path.isdir(shard)]
        for shard in fresh:
            os.makedirs(shard, exist_ok=True)
        if fresh:
            sync_directory(self._blocks)
        inner = {
            block for root, blocks in batch.contents.items() for block in blocks if block != root
        } & shards.keys()
        for part in (inner, shards.keys() - inner):
            for block in part:
                os.replace(batch.staged.pop(block), f"{shards[block]}/{block}")
            for shard in {shards[block] for block in part}:
                sync_directory(shard)


class _Batch:
    """The blocks of one put, staged: `staged` maps CID text to file, `contents` each root to its blocks."""

    def __init__(self, staging: Staging, is_kept: Callable[[str, bytes], bool], syncing: Syncing) -> None:
        self._staging = staging
        self._is_kept = is_kept
        self._syncing = syncing
        self.staged: dict[str, str] = {}
        self.contents: dict[str, set[str]] = {}
        self._small: list[str] = []
        self._syncs: deque[Future[None]] = deque()

    def __enter__(self) -> _Batch:
        return self

    def take(self, chunks: Iterable[bytes]) -> StoredBlob:
        """Stage one content."""
        blocks: set[str] = set()
        held: list[tuple[str, bytes]] = []

        def sink(cid: Cid, block: bytes) -> None:
            name = str(cid)
            if blocks:
                while held:
                    self._sync_ahead(self._stage(*held.pop()))
                self._sync_ahead(self._stage(name, block))
            else:
                held.append((name, block))  # perhaps all there is
            blocks.add(name)

        importer = Importer(sink)
        for chunk in chunks:
            importer.write(chunk)
        blob = importer.finish()
        if held and self._is_kept(*held[0]):
            return blob
        for name, block in held:
            self._small += self._stage(name, block)
        self.contents[blob.cid] = blocks
        return blob

    def _stage(self, name: str, block: bytes) -> list[str]:
        """Write a block aside; gives the file, unless there is one of it."""
        if name in self.staged:
            return []
        with _typed("cannot be written"):
            self.staged[name] = self._staging.write(block)
        return [self.staged[name]]

    def _sync_ahead(self, paths: list[str]) -> None:
        """Syncing overlaps with hashing the next blocks of a large content, a bounded way ahead."""
        self._syncs += [self._syncing.submit([path]) for path in paths]
        with _typed("cannot be written"):
            if len(self._syncs) > _SYNCS_AHEAD:
                self._syncs.popleft().result()

    def sync(self) -> None:
        """Return when every staged block is on the disk."""
        with _typed("cannot be written"):
            # contents of one block, by few threads: to hand over each one costs more than the disk's work
            own, *others = (self._small[start::SYNC_THREADS] for start in range(SYNC_THREADS))
            self._syncs += [self._syncing.submit(these) for these in others if these]
            sync_files(own)
            while self._syncs:
                self._syncs.popleft().result()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self._syncs:
            one.cancel()
        wait(self._syncs)
        for path in self.staged.values():
            # A disk that fails twice: what stays is swept by the next start.
            with suppress(OSError):
                os.unlink(path)


@contextmanager
def _typed(what: str) -> Iterator[None]:
    """Failures of the disk as StoreUnreachable; wraps our own calls only, never the caller's stream."""
    try:
        yield
    except OSError as error:
        raise StoreUnreachable(f"the block store {what}: {error.strerror or error}") from error
