"""More IPFS nodes than there are copies: the node of the member that puts something is among those that keep it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from consentry.bootstrap.common import open_store
from consentry.network.processes import free_port
from consentry.network.stores import settings_of
from consentry.storage.cluster import Cluster
from consentry.storage.kubo_swarm import PORTS_EACH, SwarmSettings, running_swarm
from tests.app.storage.blob_store_contract import fresh

NODES = 4


def test_what_a_member_puts_stays_at_its_own_node(
    kubo_binary: Path, cluster_binary: Path, tmp_path: Path
) -> None:
    """H-28: three of four keep each content, and the near one is always of them."""
    ports = [free_port() for _ in range(NODES * PORTS_EACH)]
    with running_swarm(SwarmSettings(tmp_path, kubo_binary, cluster_binary, ports)) as swarm:
        for number, pair in enumerate(swarm.pairs, 1):
            login = pair.peer.login_file.read_text("ascii").strip()
            with closing(open_store(settings_of(pair))) as store:
                cids = [store.put([fresh(100)]).cid for _ in range(4)]
            with closing(Cluster(pair.peer.url, login=login)) as cluster:
                assert all(f"node-{number}" in held for held in cluster.holders(cids).values())
