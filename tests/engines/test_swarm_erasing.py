"""Deleting while an IPFS node of the swarm does not answer its own cluster peer: it is not said to be done. Real processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from consentry.errors import ContentStillKept
from consentry.network.stores import COPIES
from consentry.storage.cluster import Cluster
from consentry.storage.kubo import KuboBlockStore
from consentry.storage.kubo_swarm import Pair, Swarm
from consentry.storage.replicated import ReplicatedStore
from tests.app.storage.blob_store_contract import fresh
from tests.waiting import until

HURRIED_SECONDS = 2.0


@pytest.fixture
def hurried(swarm: Swarm) -> Iterator[ReplicatedStore]:
    """Of the first node, with little patience."""
    near = swarm.pairs[0]
    login = near.peer.login_file.read_text("ascii").strip()
    cluster = Cluster(near.peer.url, login=login, patience_seconds=HURRIED_SECONDS)
    with closing(ReplicatedStore(KuboBlockStore(near.api), cluster, COPIES)) as store:
        yield store


def pins(pair: Pair) -> list[str]:
    with closing(KuboBlockStore(pair.api)) as node:
        return node.contents()


def test_a_node_that_could_not_unpin_is_named(
    swarm: Swarm, stores: list[ReplicatedStore], hurried: ReplicatedStore
) -> None:
    """H-29: each time, until it is back; then deleting again reaches it."""
    cid = stores[0].put([fresh(5_000)]).cid
    place = next(number for number in (1, 2) if cid in pins(swarm.pairs[number]))
    silent = swarm.pairs[place]
    silent.node.kill()
    try:
        for _ in range(2):
            with pytest.raises(ContentStillKept, match=f"node-{place + 1}"):
                hurried.delete(cid)
    finally:
        silent.node.start()
        silent.node.await_ready()
    swarm.await_ready(silent)
    assert cid in pins(silent), "it did not hear of it"
    stores[0].delete(cid)
    until(lambda: not any(cid in pins(pair) for pair in swarm.pairs), "nobody pins it")
    hurried.delete(cid)
