"""What every BlobStore does: one suite, run against the embedded store here and real Kubo in tests/engines.

A subclass gives the fixtures `store` (empty or not, but private to the tests) and `block_file`, which finds
the file on disk that holds a block, so that the tests can damage it.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from consentry.errors import BlobCorrupt, BlobMissing, BlobTooLarge, CidInvalid
from consentry.ports import BlobStore
from consentry.storage.cid import RAW, block_cid, raw_cid
from consentry.storage.unixfs import Importer
from tests.app.storage.contents import MIB, content, vectors

BlockFile = Callable[[str], Path]
BOUND_SECONDS = 60.0
SMALL = [vector for vector in vectors() if vector["size"] <= 4 * MIB]


def leaf(data: bytes) -> str:
    return str(block_cid(RAW, data))


def fresh(size: int) -> bytes:
    """Content of which no other test has put a block."""
    return os.urandom(size)


def cid_of(data: bytes) -> str:
    importer = Importer()
    importer.write(data)
    return importer.finish().cid


def read(store: BlobStore, cid: str, max_bytes: int = 1 << 30) -> bytes:
    return b"".join(store.get(cid, max_bytes=max_bytes))


class BlobStoreContract:
    @pytest.mark.parametrize("vector", SMALL, ids=lambda vector: f"{vector['fill']}-{vector['size']}")
    def test_put_names_content_as_kubo_does(self, store: BlobStore, vector: dict[str, Any]) -> None:
        """B-1"""
        blob = store.put(content(vector["fill"], vector["size"]))
        assert (blob.cid, blob.size, blob.sha256.hex()) == (vector["cid"], vector["size"], vector["sha256"])
        assert store.has(blob.cid)
        assert hashlib.sha256(read(store, blob.cid)).hexdigest() == vector["sha256"]

    def test_put_takes_pieces_of_any_length(self, store: BlobStore) -> None:
        """B-1"""
        data = fresh(MIB + 100)
        blob = store.put([b"", data[:1], data[1 : MIB + 7], b"", data[MIB + 7 :], b""])
        assert read(store, blob.cid) == data

    def test_put_passes_on_what_its_source_raises_and_shows_nothing(self, store: BlobStore) -> None:
        """B-3"""
        data = fresh(2 * MIB)

        def breaking() -> Iterator[bytes]:
            yield data
            raise OSError("the source broke")

        with pytest.raises(OSError, match="the source broke"):
            store.put(breaking())
        assert not store.has(cid_of(data))
        assert read(store, store.put([data]).cid) == data

    def test_put_gives_one_content_when_many_write_it_at_once(self, store: BlobStore) -> None:
        """B-3"""
        data = fresh(2 * MIB + 1)
        with ThreadPoolExecutor(8) as pool:
            blobs = list(pool.map(lambda _: store.put([data]), range(8)))
        assert len(set(blobs)) == 1
        assert read(store, blobs[0].cid) == data

    def test_get_allows_exactly_max_bytes(self, store: BlobStore) -> None:
        """B-2"""
        for data in (fresh(1000), fresh(MIB + 1)):
            cid = store.put([data]).cid
            assert read(store, cid, max_bytes=len(data)) == data
            with pytest.raises(BlobTooLarge):
                store.get(cid, max_bytes=len(data) - 1)

    def test_get_says_missing_in_bounded_time_when_nobody_has_it(self, store: BlobStore) -> None:
        """B-2"""
        unknown = raw_cid(os.urandom(32))
        started = time.monotonic()
        with pytest.raises(BlobMissing):
            store.get(unknown, max_bytes=10)
        assert time.monotonic() - started < BOUND_SECONDS
        assert not store.has(unknown)

    @pytest.mark.parametrize(
        "cid", ["", "abc", "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKrBCm", "../../etc/passwd"]
    )
    def test_every_call_refuses_what_is_no_cid(self, store: BlobStore, cid: str) -> None:
        """B-2"""
        for call in (lambda: store.get(cid, max_bytes=1), lambda: store.has(cid), lambda: store.delete(cid)):
            with pytest.raises(CidInvalid):
                call()

    @pytest.mark.parametrize("at", [0, 500, -1])
    def test_get_names_the_block_when_a_byte_is_flipped(
        self, store: BlobStore, block_file: BlockFile, at: int
    ) -> None:
        """B-2"""
        cid = store.put([fresh(1000)]).cid
        file = block_file(cid)
        damaged = bytearray(file.read_bytes())
        damaged[at] ^= 1
        file.write_bytes(damaged)
        with pytest.raises(BlobCorrupt, match=cid):
            store.get(cid, max_bytes=1000)

    @pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data + b"x", lambda data: b""])
    def test_get_names_the_leaf_and_keeps_its_bytes_back(
        self, store: BlobStore, block_file: BlockFile, damage: Callable[[bytes], bytes]
    ) -> None:
        """B-2"""
        data = fresh(2 * MIB + 5)
        cid = store.put([data]).cid
        broken = leaf(data[MIB : 2 * MIB])
        block_file(broken).write_bytes(damage(data[MIB : 2 * MIB]))
        received = []
        with pytest.raises(BlobCorrupt, match=f"{cid}: block {broken}"):
            for piece in store.get(cid, max_bytes=len(data)):
                received.append(piece)
        assert b"".join(received) == data[:MIB]

    def test_get_refuses_at_once_when_the_root_is_damaged(
        self, store: BlobStore, block_file: BlockFile
    ) -> None:
        """B-2"""
        cid = store.put([fresh(MIB + 5)]).cid
        file = block_file(cid)
        file.write_bytes(file.read_bytes()[:-1] + b"\xff")
        with pytest.raises(BlobCorrupt, match=f"{cid}: block {cid}"):
            store.get(cid, max_bytes=MIB * 2)

    def test_get_says_missing_when_a_leaf_is_gone(self, store: BlobStore, block_file: BlockFile) -> None:
        """B-2"""
        data = fresh(2 * MIB)
        cid = store.put([data]).cid
        block_file(leaf(data[MIB:])).unlink()
        pieces = store.get(cid, max_bytes=len(data))
        assert next(pieces) == data[:MIB]
        with pytest.raises(BlobMissing):
            next(pieces)

    @pytest.mark.parametrize("size", [10, 2 * MIB])
    def test_delete_removes_content_and_may_be_repeated(self, store: BlobStore, size: int) -> None:
        """B-3"""
        data = fresh(size)
        cid = store.put([data]).cid
        store.delete(cid)
        store.delete(cid)
        assert not store.has(cid)
        assert not store.has(leaf(data[:MIB]))
        assert store.put([data]).cid == cid
        assert read(store, cid) == data

    def test_delete_keeps_blocks_that_other_content_needs(self, store: BlobStore) -> None:
        """B-3"""
        shared = fresh(MIB)
        first, second = store.put([shared, b"first"]), store.put([shared, b"second"])
        alone = store.put([shared])
        store.delete(first.cid)
        assert not store.has(first.cid)
        assert read(store, second.cid) == shared + b"second"
        store.delete(second.cid)
        assert read(store, alone.cid) == shared
        store.delete(alone.cid)
        assert not store.has(alone.cid)

    def test_delete_leaves_a_leaf_of_other_content_alone(self, store: BlobStore) -> None:
        """B-3"""
        data = fresh(2 * MIB)
        cid = store.put([data]).cid
        store.delete(leaf(data[:MIB]))
        assert read(store, cid) == data

    def test_delete_removes_damaged_content(self, store: BlobStore, block_file: BlockFile) -> None:
        """B-3"""
        cid = store.put([fresh(MIB + 5)]).cid
        block_file(cid).write_bytes(b"damaged")
        store.delete(cid)
        assert not store.has(cid)

    def test_health_says_that_it_answers(self, store: BlobStore) -> None:
        """B-1"""
        assert store.health().ok
