"""The embedded block store on a disk that fails, and with many blocks."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from consentry.errors import BlobCorrupt, StoreUnreachable
from consentry.storage.cid import DAG_PB, block_cid
from consentry.storage.embedded import EmbeddedBlockStore
from tests.app.storage.blob_store_contract import fresh, leaf, read
from tests.app.storage.contents import MIB


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedBlockStore]:
    store = EmbeddedBlockStore(tmp_path)
    yield store
    store.close()


def path_of(directory: Path, cid: str) -> Path:
    return directory / "blocks" / cid[-2:] / cid


def test_put_takes_more_blocks_than_are_synced_ahead(store: EmbeddedBlockStore) -> None:
    """B-1"""
    data = fresh(70 * MIB + 1)
    assert read(store, store.put([data]).cid) == data


def test_put_stores_equal_blocks_once(store: EmbeddedBlockStore, tmp_path: Path) -> None:
    """B-1"""
    cid = store.put([bytes(5 * MIB)]).cid
    assert sum(path.is_file() for path in (tmp_path / "blocks").rglob("*")) == 2
    assert read(store, cid) == bytes(5 * MIB)


@pytest.mark.parametrize("size", [10_000, 2 * MIB])
def test_put_leaves_nothing_half_written_when_the_disk_takes_no_more(
    store: EmbeddedBlockStore, tmp_path: Path, size: int
) -> None:
    """B-3: the kernel refuses the write as a full disk does, here by a limit on the length of files."""
    data = fresh(size)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(StoreUnreachable, match="cannot be written"):
            store.put([data])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not any(path.is_file() for name in ("staging", "blocks") for path in (tmp_path / name).rglob("*"))
    assert read(store, store.put([data]).cid) == data


def test_get_refuses_another_kind_of_dag_pb_node(store: EmbeddedBlockStore, tmp_path: Path) -> None:
    """B-2"""
    directory = b"\x0a\x02\x08\x01"
    cid = str(block_cid(DAG_PB, directory))
    path_of(tmp_path, cid).parent.mkdir()
    path_of(tmp_path, cid).write_bytes(directory)
    with pytest.raises(BlobCorrupt, match=cid):
        store.get(cid, max_bytes=10)


def test_opening_says_so_when_the_directory_cannot_be_one(tmp_path: Path) -> None:
    """B-2"""
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(StoreUnreachable, match="cannot be opened"):
        EmbeddedBlockStore(tmp_path / "file")


def test_put_and_health_say_so_when_the_pins_are_damaged(tmp_path: Path) -> None:
    """B-2"""
    (tmp_path / "pins.sqlite").write_bytes(b"no data base " * 100)
    store = EmbeddedBlockStore(tmp_path)
    with pytest.raises(StoreUnreachable, match="pins"):
        store.put([b"content"])
    assert not store.has(leaf(b"content"))
    assert not store.health().ok


def test_get_says_so_when_a_block_is_no_file(store: EmbeddedBlockStore, tmp_path: Path) -> None:
    """B-2"""
    cid = store.put([b"content"]).cid
    path_of(tmp_path, cid).unlink()
    path_of(tmp_path, cid).mkdir()
    with pytest.raises(StoreUnreachable, match=cid):
        store.get(cid, max_bytes=10)


def test_put_of_what_is_here_writes_and_syncs_nothing(
    store: EmbeddedBlockStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-3: its pin says that all of it is on the disk; a damaged block is written anew."""
    kept, damaged = b"content", b"other content"
    store.put_many([[kept], [damaged]])
    store._path(leaf(damaged)).write_bytes(b"other")
    written: list[bytes] = []
    write = store._staging.write
    monkeypatch.setattr(store._staging, "write", lambda block: (written.append(block), write(block))[1])
    store.put_many([[kept], [damaged]])
    assert written == [damaged]
    assert read(store, leaf(damaged)) == damaged


def test_put_of_what_a_crash_left_without_a_pin_writes_it(store: EmbeddedBlockStore, tmp_path: Path) -> None:
    """B-3: nobody knows whether its name ever reached the disk."""
    cid = leaf(b"content")
    path_of(tmp_path, cid).parent.mkdir()
    path_of(tmp_path, cid).write_bytes(b"content")
    before = path_of(tmp_path, cid).stat().st_ino
    store.put([b"content"])
    assert path_of(tmp_path, cid).stat().st_ino != before
    store.delete(cid)
    assert not store.has(cid)


def test_put_many_shares_one_transaction_of_the_pins(
    store: EmbeddedBlockStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-3"""
    turns: list[int] = []
    exclusive = store._pins.exclusive
    monkeypatch.setattr(store._pins, "exclusive", lambda: (turns.append(1), exclusive())[1])
    store.put_many([[b"%d" % number] for number in range(9)])
    assert len(turns) == 1
