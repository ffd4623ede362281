"""The importer gives Kubo's CIDs, and the reader accepts nothing but the importer's trees."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consentry.errors import BlobCorrupt, BlobMissing, BlobTooLarge
from consentry.storage.cid import DAG_PB, RAW, Cid, block_cid
from consentry.storage.dagpb import Link, MalformedNodeError, decode_node, encode_node
from consentry.storage.unixfs import CHUNK_BYTES, LINKS_PER_NODE, Importer, reachable, stream
from tests.app.storage.contents import MIB, content, ramp, vectors

HUGE = 1 << 40


class Blocks(dict[Cid, bytes]):
    """Blocks in memory, as sink and source."""

    def add(self, cid: Cid, block: bytes) -> None:
        self[cid] = block

    def fetch(self, cid: Cid) -> bytes:
        try:
            return self[cid]
        except KeyError:
            raise BlobMissing(str(cid)) from None

    def leaf(self, data: bytes) -> Link:
        cid = block_cid(RAW, data)
        self[cid] = data
        return Link(cid, len(data), len(data))

    def node(self, *links: Link) -> Link:
        block = encode_node(links)
        cid = block_cid(DAG_PB, block)
        self[cid] = block
        return Link(cid, sum(link.file_size for link in links), len(block))

    def read(self, root: Link, max_bytes: int = HUGE) -> bytes:
        return b"".join(stream(self.fetch, str(root.cid), max_bytes=max_bytes))


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: f"{vector['fill']}-{vector['size']}")
def test_importer_gives_the_cids_of_kubo(vector: dict[str, Any]) -> None:
    """B-1"""
    importer = Importer()
    for piece in content(vector["fill"], vector["size"]):
        importer.write(piece)
    blob = importer.finish()
    assert (blob.cid, blob.size, blob.sha256.hex()) == (vector["cid"], vector["size"], vector["sha256"])


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([MIB - 1, MIB, MIB + 1, 2 * MIB, 3 * MIB + 5]),
    st.integers(1, 2 * MIB),
    st.integers(0, MIB),
)
def test_importer_gives_one_cid_however_the_stream_is_cut(size: int, step: int, first: int) -> None:
    """B-1"""
    data = ramp(size)
    whole, pieces = Importer(), Importer()
    whole.write(data)
    pieces.write(data[:first])
    pieces.write(b"")
    for at in range(first, size, max(step, 4096)):
        pieces.write(data[at : at + max(step, 4096)])
    assert pieces.finish() == whole.finish()


def test_stream_returns_what_the_importer_took() -> None:
    """B-2"""
    blocks, data = Blocks(), ramp(3 * MIB + 5)
    importer = Importer(blocks.add)
    importer.write(data)
    blob = importer.finish()
    assert b"".join(stream(blocks.fetch, blob.cid, max_bytes=blob.size)) == data
    assert set(reachable(blocks.fetch, blob.cid)) == set(blocks)


def test_stream_and_importer_keep_memory_bounded() -> None:
    """B-1"""
    tracemalloc.start()
    blob = None
    importer = Importer(lambda cid, block: None)
    for piece in content("ramp", 64 * MIB):
        importer.write(piece)
    blob = importer.finish()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert blob.size == 64 * MIB
    assert peak < 8 * MIB


def test_stream_refuses_before_fetching_when_content_is_too_large() -> None:
    """B-2"""
    blocks = Blocks()
    root = blocks.node(*[blocks.leaf(bytes(MIB))] * 3)
    blocks.pop(block_cid(RAW, bytes(MIB)))
    with pytest.raises(BlobTooLarge):
        stream(blocks.fetch, str(root.cid), max_bytes=3 * MIB - 1)


def small_leaves(blocks: Blocks) -> Link:
    return blocks.node(blocks.leaf(b"a" * 10), blocks.leaf(b"b" * (MIB + 20)))


def node_over_one_leaf(blocks: Blocks) -> Link:
    return blocks.node(blocks.leaf(bytes(MIB)))


def endless_empty_nodes(blocks: Blocks) -> Link:
    link = blocks.node(*[blocks.leaf(b"")] * LINKS_PER_NODE)
    for _ in range(5):
        link = blocks.node(*[link] * LINKS_PER_NODE)
    return link


def lying_sizes(blocks: Blocks) -> Link:
    leaf = blocks.leaf(b"x" * 100)
    return blocks.node(Link(leaf.cid, MIB, 100), Link(leaf.cid, 5, 100))


def raw_leaf_too_long(blocks: Blocks) -> Link:
    return blocks.leaf(bytes(MIB + 1))


def too_many_links(blocks: Blocks) -> Link:
    return blocks.node(*[blocks.leaf(bytes(MIB))] * (LINKS_PER_NODE + 1))


def node_where_a_leaf_belongs(blocks: Blocks) -> Link:
    return blocks.node(blocks.node(blocks.leaf(bytes(MIB))), blocks.leaf(b"y"))


def leaf_where_a_node_belongs(blocks: Blocks) -> Link:
    full = blocks.node(*[blocks.leaf(bytes(MIB))] * LINKS_PER_NODE)
    return blocks.node(full, blocks.leaf(b"y"))


ODD: list[Callable[[Blocks], Link]] = [
    small_leaves,
    node_over_one_leaf,
    endless_empty_nodes,
    lying_sizes,
    raw_leaf_too_long,
    too_many_links,
    node_where_a_leaf_belongs,
    leaf_where_a_node_belongs,
]


@pytest.mark.parametrize("build", ODD, ids=lambda build: build.__name__)
def test_stream_refuses_trees_that_hash_well_but_are_not_ours(build: Callable[[Blocks], Link]) -> None:
    """B-2"""
    blocks = Blocks()
    root = build(blocks)
    with pytest.raises(BlobCorrupt):
        blocks.read(root)


NODE = encode_node((Link(Cid(RAW, b"\1" * 32), CHUNK_BYTES, CHUNK_BYTES), Link(Cid(RAW, b"\2" * 32), 7, 7)))


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"\x0a\x02\x08\x01",  # an empty UnixFS directory
        b"\x0a\x07\x08\x02\x12\x01x\x18\x01",  # data inside the node
        NODE[:-1],
        NODE + b"\x0a\x00",
        NODE.replace(b"\x12\x00\x18", b"\x12\x01n\x18"),  # a named link, lengths no longer right
        b"\xff" * 40,
        b"hello world",
    ],
)
def test_decode_node_refuses_other_dag_pb(block: bytes) -> None:
    """B-2"""
    with pytest.raises(MalformedNodeError):
        decode_node(block)


@given(st.integers(0, len(NODE) - 1), st.integers(1, 255))
def test_decode_node_round_trips_or_refuses_when_a_byte_is_changed(at: int, change: int) -> None:
    """B-2"""
    block = NODE[:at] + bytes((NODE[at] ^ change,)) + NODE[at + 1 :]
    try:
        assert encode_node(decode_node(block)) == block
    except MalformedNodeError:
        assert block != NODE
