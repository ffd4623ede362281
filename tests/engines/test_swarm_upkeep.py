"""Blocks lost and damaged on a node's disk, sweeping, and moving between stores: real nodes."""

from __future__ import annotations

import base64
import os
from contextlib import closing
from pathlib import Path

import pytest

from consentry.cli.main import run
from consentry.config import StoreConfig
from consentry.keeper.settings import KeeperConfig
from consentry.network.stores import COPIES, settings_of
from consentry.storage import upkeep
from consentry.storage.cid import parse_cid
from consentry.storage.cluster import Cluster
from consentry.storage.embedded import EmbeddedBlockStore
from consentry.storage.kubo import KuboBlockStore
from consentry.storage.kubo_swarm import Swarm
from consentry.storage.replicated import ReplicatedStore
from tests.app.storage.blob_store_contract import fresh, leaf, read
from tests.app.storage.contents import MIB


def block_file(swarm: Swarm, place: int, cid: str) -> Path:
    name = base64.b32encode(bytes(parse_cid(cid))[2:]).decode().rstrip("=")
    return swarm.pairs[place].node.directory / "blocks" / name[-3:-1] / f"{name}.data"


def quiet(done: int) -> None:
    """Nobody listens."""


def test_lost_and_damaged_blocks_come_back_from_another_node(
    swarm: Swarm, stores: list[ReplicatedStore]
) -> None:
    """H-30, H-31: leaves, an inner block, and a content of one block; each file is as it was. A damaged leaf below a damaged
    block is mended with it."""
    large, small = fresh(3 * MIB + 7), fresh(5_000)
    cids = [blob.cid for blob in stores[0].put_many([[large], [small]])]
    lost, hurt = leaf(large[:MIB]), leaf(large[MIB : 2 * MIB])
    files = {cid: block_file(swarm, 0, cid) for cid in (lost, hurt, *cids)}
    before = {cid: file.read_bytes() for cid, file in files.items()}
    for cid, file in files.items():
        file.chmod(0o600)
        if cid == lost:
            file.unlink()
        else:
            file.write_bytes(os.urandom(100))
    found = upkeep.check(stores[0], quiet)
    assert {(one.block, one.state) for one in found.faults} >= {(cid, "damaged") for cid in cids}
    done = upkeep.repair(stores[0], found, None, quiet)
    assert not done.lost
    assert {one.block for one in done.faults} >= {lost, *cids}
    assert {cid: file.read_bytes() for cid, file in files.items()} == before
    assert not upkeep.check(stores[0], quiet).faults
    assert [read(stores[0], cid) for cid in cids] == [large, small]


def test_what_no_node_has_is_said_to_be_lost(
    swarm: Swarm, stores: list[ReplicatedStore], tmp_path: Path
) -> None:
    """H-31: and a store that has it, such as a back-up's, brings it back."""
    data = fresh(5_000)
    cid = stores[0].put([data]).cid
    for place in range(3):
        file = block_file(swarm, place, cid)
        if file.exists():
            file.chmod(0o600)
            file.write_bytes(b"damaged")
    with closing(KuboBlockStore(swarm.pairs[0].api, find_seconds=1.0)) as hurried:
        found = upkeep.repair(hurried, upkeep.check(hurried, quiet), None, quiet)
        assert [(one.content, one.mended) for one in found.faults] == [(cid, False)]
        with closing(EmbeddedBlockStore(tmp_path)) as backup:
            backup.put([data])
            done = upkeep.repair(hurried, found, backup, quiet)
        assert not done.lost
    assert read(stores[0], cid) == data


def test_contents_move_both_ways_under_the_same_names(stores: list[ReplicatedStore], tmp_path: Path) -> None:
    """H-32: embedded, to the swarm, and to another embedded store; what was kept at first is all there."""
    first, last = EmbeddedBlockStore(tmp_path / "first"), EmbeddedBlockStore(tmp_path / "last")
    with closing(first), closing(last):
        contents = {first.put([data]).cid: data for data in (b"", fresh(10), fresh(5_000), fresh(3 * MIB))}
        assert upkeep.move(first, stores[1], quiet) == len(contents)
        assert contents.keys() <= set(stores[1].contents())
        assert upkeep.check(stores[1], quiet).contents >= len(contents)
        for cid in set(stores[1].contents()) - contents.keys():
            stores[1].delete(cid)
        assert upkeep.move(stores[1], last, quiet) == len(contents)
        assert {cid: read(last, cid) for cid in last.contents()} == contents


def test_moving_into_a_swarm_makes_its_copies(
    swarm: Swarm, stores: list[ReplicatedStore], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """H-28, H-32: its settings name the cluster, which an address alone does not."""
    first, near = StoreConfig("embedded", str(tmp_path / "first")), settings_of(swarm.pairs[0])
    with closing(EmbeddedBlockStore(Path(first.path))) as store:
        cids = [blob.cid for blob in store.put_many([[fresh(10)], [fresh(3 * MIB)]])]
    for name, settings in (("first", first), ("near", near)):
        KeeperConfig(
            host="127.0.0.1", port=0, rpc_url="http://127.0.0.1:1", deployment="d.json", database="r.sqlite",
            keystore="k.json", store=settings,
        ).write(tmp_path / f"{name}.json")  # fmt: skip
    assert run(["store", "move", str(tmp_path / "first.json"), "--to", str(tmp_path / "near.json")]) == 0
    assert "2 contents" in capsys.readouterr().out
    login = Path(near.cluster_login_file).read_text("ascii").strip()
    with closing(Cluster(near.cluster, login=login)) as cluster:
        assert all(len(held) >= COPIES for held in cluster.holders(cids).values())
