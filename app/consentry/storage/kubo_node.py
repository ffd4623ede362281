"""A private IPFS node (Kubo) in a directory of its own, for `consentry up --store kubo` and for tests.

Nothing of it reaches beyond this machine: loopback addresses, a swarm key (other nodes need the same one to talk
to it), no bootstrap peers, no routing, no discovery, no telemetry. The names of the settings are those of Kubo
0.43's docs/config.md.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consentry.children import Child, last_line
from consentry.errors import StoreUnreachable
from consentry.storage.kubo import KuboBlockStore
from consentry.storage.kubo_privacy import PRIVATE_SETTINGS

_INIT_SECONDS = 60.0
_ENVIRONMENT = {"LIBP2P_FORCE_PNET": "1", "IPFS_TELEMETRY": "off"}
_BUILD_HINT = "build it with engines/build.sh kubo (`make kubo`), or use the embedded store"
_SETTINGS: dict[str, Any] = {
    **PRIVATE_SETTINGS,
    "AutoNAT.ServiceMode": "disabled",
    "Swarm.Transports.Network.QUIC": False,
    "Swarm.Transports.Network.WebTransport": False,
    "Swarm.Transports.Network.WebRTCDirect": False,
    "Swarm.Transports.Network.Websocket": False,
    "Swarm.Transports.Network.Relay": False,
    "Plugins.Plugins.telemetry": {"Disabled": True},
    "Version.SwarmCheckEnabled": False,
}


@dataclass(frozen=True)
class Neighbour:
    """Another node of the swarm, which this one connects to by itself."""

    peer_id: str
    swarm_port: int


class KuboNode(Child):
    """One node, started and ended as often as one likes. Ports of 0 are the kernel's to choose, at each start."""

    def __init__(self, directory: Path, *, binary: Path, api_port: int = 0, swarm_port: int = 0) -> None:
        super().__init__(
            "Kubo",
            (str(binary), "daemon", "--migrate=false"),
            directory / "daemon.log",
            environment=_environment(directory),
            failure=StoreUnreachable,
            hint=_BUILD_HINT,
        )
        self.directory = directory
        self.swarm_port = swarm_port
        self._binary = binary
        self._api_port = api_port

    @property
    def neighbour(self) -> Neighbour:
        """This node as the others see it, once it was prepared."""
        config = _config(self.directory)
        return Neighbour(config["Identity"]["PeerID"], self.swarm_port)

    def prepare(self, swarm_key: str = "", neighbours: Sequence[Neighbour] = ()) -> None:
        """Make the repository if it is not there yet, and write our settings; raises StoreUnreachable. `swarm_key`: the file's
        text, of the swarm to join; a fresh one otherwise."""
        directory = self.directory
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (directory / "config").exists():
            _init(directory, self._binary)
        if swarm_key or not (directory / "swarm.key").exists():
            write_secret(directory / "swarm.key", swarm_key or fresh_swarm_key())
        config = _config(directory)
        settings = _SETTINGS | {
            "Addresses.Swarm": [f"/ip4/127.0.0.1/tcp/{self.swarm_port}"],
            "Addresses.API": f"/ip4/127.0.0.1/tcp/{self._api_port}",
            "Peering.Peers": [
                {"ID": one.peer_id, "Addrs": [f"/ip4/127.0.0.1/tcp/{one.swarm_port}"]} for one in neighbours
            ],
        }
        for name, value in settings.items():
            set_value(config, name, value)
        # What `put` returned for must outlive a power cut; Kubo's default leaves the blocks to the page cache.
        for mount in config["Datastore"]["Spec"]["mounts"]:
            if mount["type"] == "flatfs":
                mount["sync"] = True
        write_secret(directory / "config", json.dumps(config, indent=2))

    def start(self) -> None:
        """Start the daemon without waiting for it. Raises StoreUnreachable."""
        (self.directory / "api").unlink(missing_ok=True)  # of a node that was killed
        super().start()

    def await_ready(self) -> str:
        """The multiaddr of its API, once it answers there. Raises StoreUnreachable with the last line it wrote."""
        self.await_until(lambda: _answers(self._address()))
        return self._address()

    def _address(self) -> str:
        """Kubo names the port that the kernel gave it in a file, just before it answers there; empty until then."""
        with suppress(FileNotFoundError):
            return (self.directory / "api").read_text("utf-8").strip()
        return ""


@contextmanager
def running_node(directory: Path, *, binary: Path) -> Iterator[str]:
    """Run the node of `directory` (made when absent) for the length of the block; yields its API's multiaddr.

    Raises StoreUnreachable when the node does not answer within a minute, with the last line it wrote.
    """
    node = KuboNode(directory, binary=binary)
    node.prepare()
    node.start()
    try:
        yield node.await_ready()
    finally:
        node.stop()


def _init(directory: Path, binary: Path) -> None:
    command = [str(binary), "init", "--empty-repo", "--profile=test,announce-off,unixfs-v1-2025"]
    try:
        done = subprocess.run(
            command,
            env=os.environ | _environment(directory),
            capture_output=True,
            text=True,
            timeout=_INIT_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StoreUnreachable(f"Kubo cannot be started ({error}): {_BUILD_HINT}") from error
    if done.returncode != 0:
        raise StoreUnreachable(f"Kubo cannot make its repository: {last_line(done.stderr)}")


def _config(directory: Path) -> dict[str, Any]:
    """Raises StoreUnreachable unless it is one of Kubo's."""
    try:
        config: dict[str, Any] = json.loads((directory / "config").read_text("utf-8"))
        if not isinstance(config["Datastore"]["Spec"]["mounts"], list) or not config["Identity"]["PeerID"]:
            raise ValueError
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise StoreUnreachable("the Kubo node's config file is damaged: restore it, or remove it") from error
    return config


def fresh_swarm_key() -> str:
    """A random 256-bit key, in Kubo's file format: no other node has it, so none can join."""
    return f"/key/swarm/psk/1.0.0/\n/base16/\n{secrets.token_hex(32)}\n"


def _answers(address: str) -> bool:
    if not address:
        return False
    with closing(KuboBlockStore(address)) as store:
        return store.health().ok


def _environment(directory: Path) -> dict[str, str]:
    return {**_ENVIRONMENT, "IPFS_PATH": str(directory)}


def set_value(config: dict[str, Any], name: str, value: Any) -> None:
    """Set what a dotted name leads to, making the way."""
    *parents, last = name.split(".")
    for parent in parents:
        if not isinstance(config.get(parent), dict):
            config[parent] = {}
        config = config[parent]
    config[last] = value


def write_secret(path: Path, text: str) -> None:
    """Replace a file at once, readable by its owner only."""
    fresh = path.with_name(path.name + ".new")
    fresh.touch(mode=0o600)
    fresh.write_text(text, "utf-8")
    fresh.replace(path)
