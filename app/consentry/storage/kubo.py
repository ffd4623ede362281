"""BlobStore over a Kubo node's RPC.

The node is asked for storage, not believed: CIDs are computed here while uploading, blocks are hashed here
while downloading. A block the node does not hold is looked for among its peers for a bounded time. Content
put here is pinned. A node that is not private is not used (`kubo_privacy`; `kubo_node` makes a private one).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain

from consentry.errors import BlobCorrupt, BlobMissing, ConsentryError, StoreUnreachable
from consentry.ports import StoredBlob, StoreHealth, Swept
from consentry.storage import car
from consentry.storage.cid import RAW, Cid, block_cid, is_cid, parse_cid
from consentry.storage.kubo_rpc import KuboRpc, NotPinnedError, RepairIncompleteError
from consentry.storage.unixfs import CHUNK_BYTES, LINKS_PER_NODE, Importer, reachable, stream

ADD = {
    "cid-version": "1",
    "raw-leaves": "true",
    "chunker": f"size-{CHUNK_BYTES}",
    "max-file-links": str(LINKS_PER_NODE),
    "pin": "true",
    "progress": "false",
}
_REMOVE_AT_ONCE = 50  # ids travel in the URL
_SALT_BYTES = 32
EMPTY = block_cid(RAW, b"")
_SMALL_BYTES = 1 << 18  # entries, manifests, most documents: one block each
_TOGETHER_BYTES = 8 << 20
_AHEAD = 3


class KuboBlockStore:
    """BlobStore over the node at an RPC multiaddr (`/ip4/127.0.0.1/tcp/5001`), for any number of threads."""

    def __init__(self, address: str, *, bearer: str | None = None, find_seconds: float = 10.0) -> None:
        """`bearer`: a token of the node's API.Authorizations. `find_seconds`: time to look for a block."""
        self._find_seconds = find_seconds
        self._rpc = KuboRpc(address, bearer=bearer)

    def put(self, chunks: Iterable[bytes]) -> StoredBlob:
        return self.put_many((chunks,))[0]

    def put_many(self, contents: Iterable[Iterable[bytes]]) -> tuple[StoredBlob, ...]:
        """Small contents travel together, as one archive; a large one by itself, as it comes."""
        blobs: list[StoredBlob] = []
        waiting: list[tuple[Cid, bytes]] = []
        for chunks in contents:
            source = iter(chunks)
            begin = _beginning(source)
            if len(begin) > _SMALL_BYTES:
                blobs.append(self._add(chain((begin,), source)))
                continue
            cid = block_cid(RAW, begin)
            blobs.append(StoredBlob(str(cid), len(begin), cid.digest))
            waiting.append((cid, begin))
            if sum(len(block) for _, block in waiting) > _TOGETHER_BYTES:
                self._import(waiting)
                waiting = []
        self._import(waiting)
        return tuple(blobs)

    def _import(self, blocks: list[tuple[Cid, bytes]]) -> None:
        """Store contents of one block each, and pin them."""
        fresh = dict(blocks)
        if not fresh:
            return
        with self._rpc.asking() as node:
            answers = node.dag.take(car.write(list(fresh), fresh.items()))
            roots = [answer["Root"] for answer in answers if "Root" in answer]
            said = {root["Cid"]["/"]: str(root["PinErrorMsg"]) for root in roots}
        for cid in fresh:
            if str(cid) not in said:
                raise BlobCorrupt(f"Kubo stored something else: it does not answer {cid}")
            if said[str(cid)]:
                raise StoreUnreachable(f"Kubo does not keep {cid}: {said[str(cid)]}")

    def _add(self, chunks: Iterable[bytes]) -> StoredBlob:
        """Store one content as it comes, and pin it."""
        source = _Source(chunks)
        try:
            with self._rpc.asking() as node:
                answered = node.add_bytes(source.passing(), opts=ADD)
        except ConsentryError:
            if source.failure is not None:
                raise source.failure from None
            raise
        blob = source.importer.finish()
        if answered != blob.cid:
            raise BlobCorrupt(f"Kubo stored something else: it answers {answered} for {blob.cid}")
        if source.failure is not None:
            self._take_back(blob.cid, source.failure)
            raise source.failure
        return blob

    def get(self, cid: str, *, max_bytes: int) -> Iterator[bytes]:
        return stream(self._find, cid, max_bytes=max_bytes, ahead=_AHEAD)

    def has(self, cid: str) -> bool:
        name = str(parse_cid(cid))
        try:
            with self._rpc.asking() as node:
                node.block.stat(name, offline=True)
        except BlobMissing:
            return False
        return True

    def delete(self, cid: str) -> None:
        """Unpin, and remove the blocks that no other pin needs; repeating it finishes what was cut short."""
        root = str(parse_cid(cid))
        blocks: list[str] = []
        # A damaged or partly missing content must be erasable too: then what can be named goes.
        with suppress(BlobMissing, BlobCorrupt):
            for block_id in reachable(self._read_here, root):
                blocks.append(str(block_id))
        with suppress(NotPinnedError), self._rpc.asking() as node:
            node.pin.rm(root)
        for at in range(0, len(blocks), _REMOVE_AT_ONCE):
            with self._rpc.asking() as node:
                node.block.rm(blocks[at : at + _REMOVE_AT_ONCE])

    def contents(self) -> list[str]:
        """Of the upkeep's `Kept`: what this node pins, but for what others name in ways of their own."""
        with self._rpc.asking() as node:
            pinned = list(node.pin.ls(type="recursive").as_json()["Keys"])
        return sorted(name for name in pinned if is_cid(name))

    def block(self, block_id: Cid) -> bytes:
        """Of the upkeep's `Kept`."""
        return self._read_here(block_id)

    def mend(self, missing: Sequence[Cid], damaged: Sequence[Cid]) -> None:
        """Of the upkeep's `Kept`: the other nodes have them, or nobody has."""
        if damaged:
            # The only call of the node's that takes away a block that a pin needs: it looks through all of its blocks for that.
            with self._rpc.asking() as node, suppress(RepairIncompleteError):
                node.repo.heal(seconds=self._find_seconds)
        for block_id in missing:
            with suppress(BlobMissing):
                self._find(block_id)

    def sweep(self) -> tuple[Swept, ...]:
        """Of the upkeep's `Kept`."""
        with self._rpc.asking() as node:
            answers = node.repo.sweep()
        gone = tuple(str(one["Key"]["/"]) for one in answers if "Key" in one and not one.get("Error"))
        return (Swept(self._rpc.address, gone),)

    def health(self) -> StoreHealth:
        try:
            version = self._rpc.require_private()
        except ConsentryError as error:
            return StoreHealth(ok=False, kind="kubo", detail=error.diagnostics, code=error.code, answering=0)
        return StoreHealth(ok=True, kind="kubo", detail=f"Kubo {version}")

    def close(self) -> None:
        self._rpc.close()

    def _take_back(self, cid: str, failure: BaseException) -> None:
        """Remove what a failed source left; where that fails too, the failure says what stays."""
        try:
            self.delete(cid)
        except ConsentryError as error:
            failure.add_note(f"what was sent so far stays pinned as {cid}: {error}")

    def _find(self, block_id: Cid) -> bytes:
        """A block's bytes, unverified, from this node or its peers."""
        if block_id == EMPTY:
            return b""  # nodes do not hand one another a block of nothing
        return self._rpc.block(str(block_id), offline=False, seconds=self._find_seconds)

    def _read_here(self, block_id: Cid) -> bytes:
        return self._rpc.block(str(block_id), offline=True, seconds=self._find_seconds)


def _beginning(source: Iterator[bytes]) -> bytes:
    """What the source gives, up to where it is no longer small."""
    pieces, size = [], 0
    for piece in source:
        pieces.append(piece)
        size += len(piece)
        if size > _SMALL_BYTES:
            break
    return b"".join(pieces)


class _Source:
    """The caller's chunks on their way to the node; `failure` is what they raised.

    Kubo takes an upload that breaks off for the end of the content and pins its beginning. So a failed source
    is ended in good order, by bytes of chance: what Kubo then holds has a CID that nobody else's content can
    have, and is removed by it.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self.importer = Importer()
        self.failure: BaseException | None = None

    def passing(self) -> Iterator[bytes]:
        while self.failure is None:
            try:
                chunk = next(self._chunks)
            except StopIteration:
                return
            except BaseException as error:  # raised by `put` as it is, once the node is clean
                self.failure, chunk = error, os.urandom(_SALT_BYTES)
            self.importer.write(chunk)
            yield chunk
