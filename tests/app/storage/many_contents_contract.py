"""What every BlobStore does with several contents put at once: beside `blob_store_contract`, with its fixtures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from consentry.ports import BlobStore
from tests.app.storage.blob_store_contract import BlockFile, cid_of, fresh, leaf, read
from tests.app.storage.contents import MIB


class ManyContentsContract:
    def test_put_many_gives_each_content_its_name_in_order(self, store: BlobStore) -> None:
        """B-1: of one block, of several, the same one twice, and nothing at all."""
        one, large = fresh(100), fresh(2 * MIB + 7)
        contents = [one, large, one, b"", large[:MIB]]
        blobs = store.put_many([data] for data in contents)
        assert [blob.cid for blob in blobs] == [cid_of(data) for data in contents]
        assert [blob.size for blob in blobs] == [len(data) for data in contents]
        for blob, data in zip(blobs, contents, strict=True):
            assert read(store, blob.cid) == data

    def test_put_many_of_nothing_stores_nothing(self, store: BlobStore) -> None:
        """B-1"""
        assert store.put_many([]) == ()

    def test_put_many_shows_nothing_of_a_content_whose_source_breaks(self, store: BlobStore) -> None:
        """B-3: it is passed on; what came before may be there, what broke is not."""
        whole, broken, later = fresh(100), fresh(2 * MIB), fresh(100)

        def breaking() -> Iterator[bytes]:
            yield broken
            raise OSError("the source broke")

        with pytest.raises(OSError, match="the source broke"):
            store.put_many([[whole], breaking(), [later]])
        assert not store.has(cid_of(broken)) and not store.has(leaf(broken[:MIB]))
        assert not store.has(cid_of(later))
        assert [read(store, one.cid) for one in store.put_many([[whole], [broken]])] == [whole, broken]

    def test_put_again_keeps_content_for_good(self, store: BlobStore) -> None:
        """B-3: what is here already stays until it is deleted, and can be put again then."""
        data = fresh(500)
        cid = store.put([data]).cid
        assert store.put([data]).cid == cid
        store.delete(cid)
        assert not store.has(cid)
        assert store.put([data]).cid == cid
        assert read(store, cid) == data

    def test_put_again_repairs_a_damaged_block(self, store: BlobStore, block_file: BlockFile) -> None:
        """B-2"""
        data = fresh(500)
        cid = store.put([data]).cid
        block_file(cid).write_bytes(b"damaged")
        store.delete(cid)
        store.put([data])
        assert read(store, cid) == data

    def test_put_keeps_by_itself_what_was_only_a_part_of_another(self, store: BlobStore) -> None:
        """B-3"""
        part = fresh(MIB)
        whole = store.put([part, b"more"])
        alone = store.put([part])
        store.delete(whole.cid)
        assert read(store, alone.cid) == part
