"""An ipfs-cluster peer in a directory of its own, beside an IPFS node (Kubo) of this machine.

The peers keep each content on several nodes. Theirs is a private network too: one secret, and only named peers change what is
kept. Nothing of it reaches beyond this machine. Names of settings: ipfs-cluster v1.1.5's configuration reference.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from consentry.children import Child, last_line
from consentry.errors import StoreUnreachable
from consentry.storage.kubo_node import set_value, write_secret

_INIT_SECONDS: Final = 60.0
_BUILD_HINT: Final = "build it with engines/build.sh ipfs-cluster (`make engines`), or use one node"
_USER: Final = "consentry"
# A swarm that has just started may be put to at once: by its defaults it takes a quarter of a minute to know who is there.
_SETTINGS: Final[Mapping[str, Any]] = {
    "cluster.enable_relay_hop": False,
    "cluster.mdns_interval": "0s",
    "cluster.monitor_ping_interval": "2s",
    "cluster.peer_watch_interval": "1s",
    "cluster.pin_recover_interval": "30s",
    "cluster.state_sync_interval": "30s",
    "cluster.pubsub.heartbeat_interval": "1s",
    "cluster.disable_repinning": False,
    "consensus.crdt.cluster_name": "consentry",
    "consensus.crdt.rebroadcast_interval": "1s",
    "consensus.crdt.batching": {"max_batch_size": 200, "max_batch_age": "20ms", "max_queue_size": 50_000},
    "informer.disk.metric_ttl": "5s",
    "informer.tags.metric_ttl": "5s",
    "ipfs_connector.ipfshttp.connect_swarms_delay": "1s",
    "monitor.pubsubmon.check_interval": "2s",
    "observations.tracing.jaeger_agent_endpoint": "/ip4/127.0.0.1/udp/6831",
}


@dataclass(frozen=True)
class Place:
    """Where a peer is: the port of its API and the one on which the others reach it."""

    api_port: int
    listen_port: int


class ClusterNode(Child):
    """One peer, started and ended as often as one likes."""

    def __init__(self, directory: Path, place: Place, *, binary: Path) -> None:
        super().__init__(
            "ipfs-cluster",
            (str(binary), "--loglevel", "error", "daemon"),
            directory / "cluster.log",
            environment={"IPFS_CLUSTER_PATH": str(directory)},
            failure=StoreUnreachable,
            hint=_BUILD_HINT,
        )
        self.directory = directory
        self.url = f"http://127.0.0.1:{place.api_port}"
        self.login_file = directory / "login"
        self._place = place
        self._binary = binary

    @property
    def peer_id(self) -> str:
        return str(_read(self.directory / "identity.json")["id"])

    @property
    def address(self) -> str:
        return f"/ip4/127.0.0.1/tcp/{self._place.listen_port}/p2p/{self.peer_id}"

    def init(self, secret: str) -> None:
        """Make the peer's files if they are not there yet; `secret`: 32 bytes in hex, one for the whole cluster."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if (self.directory / "service.json").exists():
            return
        command = [str(self._binary), "init", "--consensus", "crdt", "--datastore", "leveldb"]
        environment = os.environ | self._environment | {"CLUSTER_SECRET": secret}
        try:
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=_INIT_SECONDS
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise StoreUnreachable(f"ipfs-cluster cannot be started ({error}): {_BUILD_HINT}") from error
        if done.returncode != 0:
            raise StoreUnreachable(f"ipfs-cluster cannot make its files: {last_line(done.stderr)}")
        write_secret(self.login_file, f"{_USER}:{secrets.token_urlsafe(24)}")

    def configure(self, name: str, node_api: str, peers: Sequence[ClusterNode]) -> None:
        """Write our settings: beside the node at this multiaddr, among these peers (this one included)."""
        file = self.directory / "service.json"
        config = _read(file)
        user, _, word = self.login_file.read_text("ascii").strip().partition(":")
        settings = dict(_SETTINGS) | {
            "cluster.peername": name,
            "cluster.listen_multiaddress": [f"/ip4/127.0.0.1/tcp/{self._place.listen_port}"],
            "consensus.crdt.trusted_peers": [one.peer_id for one in peers],
            "ipfs_connector.ipfshttp.node_multiaddress": node_api,
        }
        for key, value in settings.items():
            set_value(config, key, value)
        rest = config["api"]["restapi"]
        rest["http_listen_multiaddress"] = f"/ip4/127.0.0.1/tcp/{self._place.api_port}"
        rest["basic_auth_credentials"] = {user: word}
        rest["cors_allowed_origins"] = []
        config["api"] = {"restapi": rest}
        write_secret(file, json.dumps(config, indent=2))
        others = [one.address for one in peers if one is not self]
        (self.directory / "peerstore").write_text("".join(f"{one}\n" for one in others), "ascii")

    def start(self) -> None:
        """Start the peer without waiting for it. Raises StoreUnreachable."""
        # A peer that was killed leaves its name for its lock; the kernel let go of the lock itself.
        with suppress(FileNotFoundError):
            (self.directory / "cluster.lock").unlink()
        super().start()


def _read(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise StoreUnreachable(f"ipfs-cluster's {file.name} is damaged: restore it, or remove it") from error
    if not isinstance(found, dict):
        raise StoreUnreachable(f"ipfs-cluster's {file.name} is damaged: restore it, or remove it")
    return found
