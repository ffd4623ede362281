"""Looking after a store, with the embedded one; nodes of a swarm are in tests/engines."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from consentry.errors import BlobCorrupt
from consentry.storage import car, upkeep
from consentry.storage.cid import RAW, block_cid
from consentry.storage.embedded import EmbeddedBlockStore
from tests.app.storage.blob_store_contract import fresh, leaf, read
from tests.app.storage.contents import MIB


def quiet(done: int) -> None:
    """Nobody listens."""


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedBlockStore:
    return EmbeddedBlockStore(tmp_path / "store")


@pytest.fixture
def other(tmp_path: Path) -> EmbeddedBlockStore:
    return EmbeddedBlockStore(tmp_path / "other")


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[[str], Path]:
    return lambda cid: tmp_path / "store" / "blocks" / cid[-2:] / cid


def test_check_finds_nothing_in_a_whole_store(store: EmbeddedBlockStore) -> None:
    """H-30"""
    large, small = fresh(2 * MIB), fresh(10)
    store.put_many([[large], [small]])
    told: list[int] = []
    assert upkeep.check(store, told.append) == upkeep.Checked(2, 4, ())
    assert told == [1, 2]


def test_check_names_what_is_missing_and_what_is_damaged(
    store: EmbeddedBlockStore, file_of: Callable[[str], Path]
) -> None:
    """H-30: by content and block, all of them."""
    data = fresh(3 * MIB)
    cid = store.put([data]).cid
    gone, hurt = leaf(data[:MIB]), leaf(data[MIB : 2 * MIB])
    file_of(gone).unlink()
    file_of(hurt).write_bytes(data[:MIB])
    faults = upkeep.check(store, quiet).faults
    assert {(one.content, one.block, one.state) for one in faults} == {
        (cid, gone, "missing"),
        (cid, hurt, "damaged"),
    }


@pytest.mark.parametrize("size", [10, 3 * MIB])
def test_repair_brings_back_from_another_store(
    store: EmbeddedBlockStore, other: EmbeddedBlockStore, file_of: Callable[[str], Path], size: int
) -> None:
    """H-31: a damaged root hides what lies below it, and that is mended as well."""
    data = fresh(size)
    cid = store.put([data]).cid
    other.put([data])
    for one in (leaf(data[:MIB]), cid):
        file_of(one).write_bytes(b"damaged")
    found = upkeep.check(store, quiet)
    done = upkeep.repair(store, found, other, quiet)
    assert found.lost and not done.lost
    assert read(store, cid) == data
    assert not upkeep.check(store, quiet).faults


def test_repair_says_what_stays_lost(
    store: EmbeddedBlockStore, other: EmbeddedBlockStore, file_of: Callable[[str], Path]
) -> None:
    """H-31: what nobody has; the rest is mended."""
    kept, lost = fresh(10), fresh(10)
    for data in (kept, lost):
        file_of(store.put([data]).cid).unlink()
    other.put([kept])
    done = upkeep.repair(store, upkeep.check(store, quiet), other, quiet)
    assert [(one.content, one.mended) for one in done.faults if not one.mended] == [(leaf(lost), False)]
    assert read(store, leaf(kept)) == kept
    assert upkeep.repair(store, done, None, quiet).lost == done.lost


def test_move_puts_everything_into_another_store(
    store: EmbeddedBlockStore, other: EmbeddedBlockStore
) -> None:
    """H-32: under the same names, and again without harm."""
    contents = {store.put([data]).cid: data for data in (fresh(10), fresh(2 * MIB + 1), b"")}
    assert upkeep.move(store, other, quiet) == upkeep.move(store, other, quiet) == 3
    assert {cid: read(other, cid) for cid in other.contents()} == contents
    assert store.contents() == other.contents()


def test_move_stops_at_damaged_content(
    store: EmbeddedBlockStore, other: EmbeddedBlockStore, file_of: Callable[[str], Path]
) -> None:
    """H-32: nothing of it shows in the other store."""
    cid = store.put([fresh(10)]).cid
    file_of(cid).write_bytes(b"damaged")
    with pytest.raises(BlobCorrupt, match=cid):
        upkeep.move(store, other, quiet)
    assert other.contents() == []


@pytest.mark.parametrize("count", [0, 1, 30, 300])
def test_an_archive_holds_its_blocks(count: int) -> None:
    """H-32"""
    blocks = [os.urandom(200) for _ in range(count)]
    named = [(block_cid(RAW, block), block) for block in blocks]
    packed = b"".join(car.write([cid for cid, _ in named], named))
    assert list(car.read(BytesIO(packed))) == named


@pytest.mark.parametrize(
    "damage",
    [
        lambda packed: packed[:-1],
        lambda packed: packed[:-1] + bytes((packed[-1] ^ 1,)),
        lambda packed: packed + b"\x81",
        lambda packed: packed + b"\xff\xff\xff\xff\xff\x01",
        lambda packed: packed + b"\x05abcde",
        lambda packed: b"",
        lambda packed: packed[:20],
    ],
)
def test_an_archive_that_is_damaged_is_refused(damage: Callable[[bytes], bytes]) -> None:
    """H-32"""
    block = os.urandom(200)
    packed = b"".join(car.write([block_cid(RAW, block)], [(block_cid(RAW, block), block)]))
    with pytest.raises(BlobCorrupt):
        list(car.read(BytesIO(damage(packed))))
