"""UnixFS files: cutting a stream into blocks on the way in, walking and verifying them on the way out.

The layout is pinned, so that every member's store gives one content one CID whatever engine holds it: CIDv1,
raw leaves, chunks of 1 MiB (1,048,576 bytes), balanced tree with at most 174 links a node (Kubo's default),
sha2-256. Content of at most 1 MiB is one raw block; the empty content is the empty raw block. Kubo gives the
same CIDs for `add --cid-version=1 --raw-leaves --chunker=size-1048576 --max-file-links=174`. Changing any of
these numbers changes the CIDs of all larger content: it needs an ADR and a migration.

Both ways are streamed: the writer holds one chunk and one list of links per level, the reader one block,
the same, and the blocks that it fetches ahead. Because the layout is pinned, a content's size determines the
shape of its tree, so a reader refuses hash-valid but odd trees (the same leaf a million times, endless empty
nodes) before it fetches more than a few of them.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from consentry.errors import BlobCorrupt, BlobMissing, BlobTooLarge
from consentry.ports import StoredBlob
from consentry.storage.cid import DAG_PB, RAW, Cid, block_cid, parse_cid
from consentry.storage.dagpb import Link, MalformedNodeError, decode_node, encode_node

CHUNK_BYTES = 1 << 20
LINKS_PER_NODE = 174

Sink = Callable[[Cid, bytes], object]
Fetch = Callable[[Cid], bytes]
BlockState = Literal["whole", "missing", "damaged"]


class Importer:
    """Cuts a stream into blocks. Children reach the sink before the node that links them, the root last.

        importer = Importer(sink); importer.write(piece) …; blob = importer.finish()

    Pieces may have any length. Without a sink it only computes the CID.
    """

    def __init__(self, sink: Sink | None = None) -> None:
        self._sink = sink
        self._pending = bytearray()
        self._levels: list[list[Link]] = [[]]
        self._size = 0
        self._content = hashlib.sha256()

    def write(self, piece: bytes) -> None:
        self._size += len(piece)
        view = memoryview(piece)
        # A chunk is cut only when a byte follows it: the last one is `finish`'s, be it full, short or empty.
        while len(self._pending) + len(view) > CHUNK_BYTES:
            room = CHUNK_BYTES - len(self._pending)
            chunk = bytes(self._pending + view[:room]) if self._pending else bytes(view[:room])
            self._pending.clear()
            view = view[room:]
            self._content.update(chunk)
            self._leaf(chunk)
        self._pending += view

    def finish(self) -> StoredBlob:
        """Close the tree; the importer is spent afterwards."""
        last = bytes(self._pending)
        self._pending.clear()
        self._content.update(last)
        self._leaf(last)
        for depth, links in enumerate(self._levels):  # grows while a node is pushed to a new level
            top = depth == len(self._levels) - 1
            if top and len(links) == 1:
                break
            if links:
                self._node(depth)
        root = self._levels[-1][0].cid
        return StoredBlob(cid=str(root), size=self._size, sha256=self._content.digest())

    def _leaf(self, chunk: bytes) -> None:
        self._push(0, self._emit(RAW, chunk), len(chunk), len(chunk))

    def _node(self, depth: int) -> None:
        links = tuple(self._levels[depth])
        self._levels[depth].clear()
        block = encode_node(links)
        stored = len(block) + sum(link.stored_size for link in links)
        if depth + 1 == len(self._levels):
            self._levels.append([])
        self._push(depth + 1, self._emit(DAG_PB, block), sum(link.file_size for link in links), stored)

    def _push(self, depth: int, cid: Cid, file_size: int, stored_size: int) -> None:
        # A full level is folded only when another child arrives, so that a root is never wrapped once more.
        if len(self._levels[depth]) == LINKS_PER_NODE:
            self._node(depth)
        self._levels[depth].append(Link(cid, file_size, stored_size))

    def _emit(self, codec: int, block: bytes) -> Cid:
        cid = block_cid(codec, block)
        if self._sink is not None:
            self._sink(cid, block)
        return cid


def stream(fetch: Fetch, cid: str, *, max_bytes: int, ahead: int = 0) -> Iterator[bytes]:
    """The content under a CID, leaf by leaf, each block verified before a byte of it is handed out. `ahead`: how many blocks are
    fetched, by threads, while those before them are used.

    `fetch` returns a block's bytes, unverified, or raises BlobMissing. The root is fetched and judged at
    once, so that CidInvalid, BlobMissing, BlobTooLarge and a corrupt root are raised by this call, the others
    while iterating.
    """
    root = parse_cid(cid)
    block = _verified(fetch, root, cid)
    if root.codec == RAW:
        if len(block) > CHUNK_BYTES:
            raise _odd(root, cid)
        _limit(cid, len(block), max_bytes)
        return iter((block,))
    links = _children(block, root, cid)
    size = sum(link.file_size for link in links)
    if size <= CHUNK_BYTES:
        raise _odd(root, cid)
    _limit(cid, size, max_bytes)
    span = CHUNK_BYTES
    while span * LINKS_PER_NODE < size:
        span *= LINKS_PER_NODE
    return _below(_Ahead(fetch, ahead), cid, root, links, size, span)


def reachable(fetch: Fetch, cid: str) -> Iterator[Cid]:
    """Every block of a content once, the root first, for deleting; leaves are named without being fetched."""
    waiting = [parse_cid(cid)]
    seen = set(waiting)
    while waiting:
        current = waiting.pop()
        yield current
        if current.codec == DAG_PB:
            links = _children(_verified(fetch, current, cid), current, cid)
            fresh = {link.cid for link in links} - seen
            seen |= fresh
            waiting += fresh


def survey(fetch: Fetch, cid: str) -> Iterator[tuple[Cid, BlockState]]:
    """Every block of a content that can be named, once, and how it is; nothing is known of what lies below a faulty one."""
    waiting = [parse_cid(cid)]
    seen = set(waiting)
    while waiting:
        current = waiting.pop()
        try:
            block = _verified(fetch, current, cid)
            links = _children(block, current, cid) if current.codec == DAG_PB else ()
        except BlobMissing:
            yield current, "missing"
        except BlobCorrupt:
            yield current, "damaged"
        else:
            yield current, "whole"
            fresh = {link.cid for link in links} - seen
            seen |= fresh
            waiting += fresh


@dataclass(frozen=True)
class _Ahead:
    """Fetches the children of a node in their order, some of them before they are asked for."""

    fetch: Fetch
    blocks: int

    def children(self, links: Sequence[Link]) -> Iterator[bytes]:
        if not self.blocks or len(links) < 2:
            yield from (self.fetch(link.cid) for link in links)
            return
        pool = ThreadPoolExecutor(self.blocks, thread_name_prefix="blocks-ahead")
        try:
            coming: deque[Future[bytes]] = deque()
            for link in links:
                coming.append(pool.submit(self.fetch, link.cid))
                if len(coming) > self.blocks:
                    yield coming.popleft().result()
            while coming:
                yield coming.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _below(
    source: _Ahead, cid: str, node: Cid, links: tuple[Link, ...], size: int, span: int
) -> Iterator[bytes]:
    """Leaves under a node of `size` bytes whose children span `span` bytes each, but for the last."""
    full, rest = divmod(size, span)
    if [link.file_size for link in links] != [span] * full + [rest] * (rest > 0):
        raise _odd(node, cid)
    for link, block in zip(links, source.children(links), strict=True):
        _require_whole(block, link.cid, cid)
        if link.cid.codec != (RAW if span == CHUNK_BYTES else DAG_PB):
            raise _odd(link.cid, cid)
        if link.cid.codec == RAW:
            if len(block) != link.file_size:
                raise _odd(link.cid, cid)
            yield block
        else:
            below = _children(block, link.cid, cid)
            yield from _below(source, cid, link.cid, below, link.file_size, span // LINKS_PER_NODE)


def _verified(fetch: Fetch, block_id: Cid, cid: str) -> bytes:
    block = fetch(block_id)
    _require_whole(block, block_id, cid)
    return block


def _require_whole(block: bytes, block_id: Cid, cid: str) -> None:
    if not block_id.matches(block):
        raise BlobCorrupt(f"{cid}: block {block_id} does not hash to its id")


def _children(block: bytes, node: Cid, cid: str) -> tuple[Link, ...]:
    try:
        return decode_node(block)
    except MalformedNodeError as error:
        raise BlobCorrupt(f"{cid}: block {node} is {error}") from error


def _odd(block_id: Cid, cid: str) -> BlobCorrupt:
    return BlobCorrupt(f"{cid}: block {block_id} does not belong to the pinned layout (1 MiB, 174 links)")


def _limit(cid: str, size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise BlobTooLarge(f"{cid} has {size} bytes, at most {max_bytes} are allowed here")
