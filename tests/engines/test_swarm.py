"""Three IPFS nodes with copies by ipfs-cluster, as real processes: losing one loses nothing."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from consentry.config import StoreConfig
from consentry.errors import StoreCopiesMissing, StoreUnreachable
from consentry.network.place import Place
from consentry.network.plan import MEMBERS
from consentry.network.run import Network
from consentry.network.stores import COPIES
from consentry.storage.cluster import Cluster
from consentry.storage.embedded import EmbeddedBlockStore
from consentry.storage.kubo import KuboBlockStore
from consentry.storage.kubo_node import KuboNode
from consentry.storage.kubo_swarm import Swarm, SwarmSettings, running_swarm
from consentry.storage.replicated import ReplicatedStore
from tests.app.storage.blob_store_contract import fresh, read
from tests.app.storage.contents import MIB
from tests.waiting import until

PATIENCE_SECONDS = 30.0
SIZES = (0, 5_000, 3 * MIB + 5)


@pytest.fixture(autouse=True)
def again(swarm: Swarm) -> Iterator[None]:
    """Nothing stays dead after a test."""
    yield
    lost = [pair for pair in swarm.pairs if not (pair.node.running and pair.peer.running)]
    for pair in lost:
        pair.stop()
        pair.start()
    for pair in lost:
        swarm.await_ready(pair)


@pytest.fixture
def cluster(swarm: Swarm) -> Iterator[Cluster]:
    with closing(cluster_of(swarm, 1)) as opened:
        yield opened


def cluster_of(swarm: Swarm, place: int, patience: float = PATIENCE_SECONDS) -> Cluster:
    peer = swarm.pairs[place].peer
    return Cluster(peer.url, login=peer.login_file.read_text("ascii").strip(), patience_seconds=patience)


def test_all_stores_name_content_alike(stores: list[ReplicatedStore], tmp_path: Path) -> None:
    """B-1, H-28: and each node gives what any of them was given."""
    with closing(EmbeddedBlockStore(tmp_path)) as embedded:
        for size, store in zip(SIZES, stores, strict=True):
            data = fresh(size)
            blob = store.put([data])
            assert embedded.put([data]) == blob
            assert all(read(other, blob.cid) == data for other in stores)


def test_nothing_acknowledged_is_lost_with_the_node_that_took_it(
    swarm: Swarm, stores: list[ReplicatedStore], cluster: Cluster
) -> None:
    """H-28: killed as soon as `put` returned; the others go on, and it has the rest when it is back."""
    contents = [fresh(size) for size in SIZES[1:] for _ in range(3)]
    assert "3 of 3 nodes answer" in stores[1].health().detail
    blobs = stores[0].put_many([data] for data in contents)
    swarm.pairs[0].kill()
    assert [read(stores[1], blob.cid) for blob in blobs] == contents
    assert all(len(held) >= COPIES - 1 for held in cluster.holders([blob.cid for blob in blobs]).values())
    meanwhile = stores[2].put([contents[0] + b"meanwhile"])
    assert stores[1].health().ok
    assert "2 of 3 nodes answer" in stores[1].health().detail
    assert not stores[0].health().ok
    swarm.pairs[0].start()
    swarm.await_ready(swarm.pairs[0])
    assert read(stores[0], meanwhile.cid) == contents[0] + b"meanwhile"
    until(lambda: stores[0].health().ok, "the node that is back is well")
    until(lambda: len(cluster.holders([meanwhile.cid])[meanwhile.cid]) >= COPIES, "a second copy")


def test_put_is_not_acknowledged_without_its_copies(swarm: Swarm, stores: list[ReplicatedStore]) -> None:
    """H-28: with one node of three; what was stored is completed when it is put again."""
    data = fresh(5_000)
    for lost in swarm.pairs[1:]:
        lost.kill()
    hurried = ReplicatedStore(KuboBlockStore(swarm.pairs[0].api), cluster_of(swarm, 0, 1.0), COPIES)
    with closing(hurried), pytest.raises(StoreCopiesMissing):
        hurried.put([data])
    health = stores[0].health()
    assert (health.ok, health.code) == (False, "store-copies-missing")
    for lost in swarm.pairs[1:]:
        lost.start()
    for each in swarm.pairs:
        swarm.await_ready(each)
    blob = stores[0].put([data])
    assert read(stores[2], blob.cid) == data


def test_everything_is_there_after_all_were_killed_at_once(
    swarm: Swarm, stores: list[ReplicatedStore]
) -> None:
    """H-28: and started again in another order."""
    contents = [fresh(size) for size in SIZES[1:]]
    blobs = stores[0].put_many([data] for data in contents)
    for pair in swarm.pairs:
        pair.kill()
    for pair in reversed(swarm.pairs):
        pair.start()
    for pair in swarm.pairs:
        swarm.await_ready(pair)
    for store in stores:
        assert [read(store, blob.cid) for blob in blobs] == contents
    assert all(store.put([contents[0]]) == blobs[0] for store in stores)


def test_members_are_spread_over_the_nodes(tmp_path: Path) -> None:
    """H-28"""
    configs = tuple(StoreConfig("kubo", api=str(number)) for number in range(3))
    network = Network(Place(tmp_path), store="swarm", store_configs=configs)
    assert [network.store_of(plan.slug).api for plan in MEMBERS] == ["0", "1", "2", "0", "1"]


def test_delete_reaches_every_node_and_sweeping_says_so(
    stores: list[ReplicatedStore], cluster: Cluster
) -> None:
    """H-29: nobody pins it any more, and each node's blocks go; what else is kept stays."""
    kept, gone = stores[0].put([fresh(5_000)]), stores[0].put([fresh(2 * MIB)])
    assert len(cluster.holders([gone.cid])[gone.cid]) >= COPIES
    stores[1].delete(gone.cid)
    assert cluster.holders([gone.cid]) == {gone.cid: frozenset()}
    swept = cluster.sweep()
    assert [one.node for one in swept] == ["node-1", "node-2", "node-3"]
    assert not any(one.problem for one in swept)
    assert not any(store.has(gone.cid) for store in stores)
    assert sum(store.has(kept.cid) for store in stores) >= COPIES
    stores[1].delete(gone.cid)


def test_a_stranger_cannot_join(swarm: Swarm, kubo_binary: Path, tmp_path: Path) -> None:
    """H-26: it knows where the nodes are, and has a swarm key of its own."""
    stranger = KuboNode(tmp_path, binary=kubo_binary)
    near = swarm.pairs[0].node.neighbour
    stranger.prepare(neighbours=[near])
    stranger.start()
    try:
        api = stranger.await_ready()
        address = f"/ip4/127.0.0.1/tcp/{near.swarm_port}/p2p/{near.peer_id}"
        with pytest.raises(urllib.error.HTTPError):
            rpc(api, f"swarm/connect?arg={address}&timeout=10s")
        assert not json.loads(rpc(api, "swarm/peers"))["Peers"]
    finally:
        stranger.stop()


def test_a_cluster_asks_who_is_there(swarm: Swarm) -> None:
    """H-28: its API is for who knows the peer's login."""
    with closing(Cluster(swarm.pairs[0].peer.url)) as unknown, pytest.raises(StoreUnreachable, match="401"):
        unknown.nodes()


def test_the_swarm_says_what_to_do_without_its_binaries(tmp_path: Path) -> None:
    """H-28"""
    settings = SwarmSettings(tmp_path, tmp_path / "ipfs", tmp_path / "cluster", [])
    with pytest.raises(StoreUnreachable, match=r"engines/build\.sh kubo"), running_swarm(settings):
        pass
    assert os.listdir(tmp_path) == []


def rpc(address: str, call: str) -> bytes:
    port = address.rsplit("/", 1)[1]
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v0/{call}", method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()
