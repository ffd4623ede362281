"""A private IPFS node (Kubo) in a directory of its own, for `consentry up --store kubo` and for tests.

Nothing of it reaches beyond this machine: loopback addresses, ports chosen by the kernel, a swarm key (other
nodes need the same one to talk to it), no bootstrap peers, no routing, no discovery, no telemetry. The names
of the settings are those of Kubo 0.43's docs/config.md.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from consentry.errors import StoreUnreachable
from consentry.storage.kubo import KuboBlockStore
from consentry.storage.kubo_privacy import PRIVATE_SETTINGS

_INIT_SECONDS = 60.0
_START_SECONDS = 60.0
_STOP_SECONDS = 20.0
_POLL_SECONDS = 0.05
_ENVIRONMENT = {"LIBP2P_FORCE_PNET": "1", "IPFS_TELEMETRY": "off"}
_BUILD_HINT = "build it with engines/build.sh kubo (`make kubo`), or use the embedded store"
_SETTINGS: dict[str, Any] = {
    **PRIVATE_SETTINGS,
    "Addresses.Swarm": ["/ip4/127.0.0.1/tcp/0"],
    "Addresses.API": "/ip4/127.0.0.1/tcp/0",
    "AutoNAT.ServiceMode": "disabled",
    "Swarm.Transports.Network.QUIC": False,
    "Swarm.Transports.Network.WebTransport": False,
    "Swarm.Transports.Network.WebRTCDirect": False,
    "Swarm.Transports.Network.Websocket": False,
    "Swarm.Transports.Network.Relay": False,
    "Plugins.Plugins.telemetry": {"Disabled": True},
    "Version.SwarmCheckEnabled": False,
}


def init_node(directory: Path, *, binary: Path) -> None:
    """Make the node's repository if it is not there yet, and write our settings; raises StoreUnreachable."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (directory / "config").exists():
        command = [str(binary), "init", "--empty-repo", "--profile=test,announce-off,unixfs-v1-2025"]
        try:
            done = subprocess.run(
                command, env=_environment(directory), capture_output=True, text=True, timeout=_INIT_SECONDS
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise StoreUnreachable(f"Kubo cannot be started ({error}): {_BUILD_HINT}") from error
        if done.returncode != 0:
            raise StoreUnreachable(f"Kubo cannot make its repository: {_last_line(done.stderr)}")
    if not (directory / "swarm.key").exists():
        _write_secret(directory / "swarm.key", _fresh_swarm_key())
    try:
        config = json.loads((directory / "config").read_text("utf-8"))
        mounts = config["Datastore"]["Spec"]["mounts"]
    except (ValueError, LookupError, TypeError) as error:
        raise StoreUnreachable("the Kubo node's config file is damaged: restore it, or remove it") from error
    for name, value in _SETTINGS.items():
        _set(config, name.split("."), value)
    # What `put` returned for must outlive a power cut; Kubo's default leaves the blocks to the page cache.
    for mount in mounts:
        if mount["type"] == "flatfs":
            mount["sync"] = True
    _write_secret(directory / "config", json.dumps(config, indent=2))


@contextmanager
def running_node(directory: Path, *, binary: Path) -> Iterator[str]:
    """Run the node of `directory` (made when absent) for the length of the block; yields its API's multiaddr.

    Raises StoreUnreachable when the node does not answer within a minute, with the last line it wrote.
    """
    init_node(directory, binary=binary)
    announced = directory / "api"
    announced.unlink(missing_ok=True)  # of a node that was killed
    with open(directory / "daemon.log", "ab") as log:
        try:
            process = subprocess.Popen(
                [str(binary), "daemon", "--migrate=false"],
                env=_environment(directory),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for us: Kubo takes a second signal as "at once" and would not close its data base.
                start_new_session=True,
            )
        except OSError as error:
            raise StoreUnreachable(f"Kubo cannot be started ({error.strerror}): {_BUILD_HINT}") from error
    try:
        yield _wait_until_ready(process, directory)
    finally:
        _stop(process)


def _fresh_swarm_key() -> str:
    """A random 256-bit key, in Kubo's file format: no other node has it, so none can join."""
    return f"/key/swarm/psk/1.0.0/\n/base16/\n{secrets.token_hex(32)}\n"


def _wait_until_ready(process: subprocess.Popen[bytes], directory: Path) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        # Kubo names the port that the kernel gave it in this file, just before it answers there.
        with suppress(FileNotFoundError):
            address = (directory / "api").read_text("utf-8").strip()
            if address and _answers(address):
                return address
        time.sleep(_POLL_SECONDS)
    said = _last_line((directory / "daemon.log").read_text("utf-8", errors="replace"))
    raise StoreUnreachable(f"Kubo did not start: {said}")


def _answers(address: str) -> bool:
    with closing(KuboBlockStore(address)) as store:
        return store.health().ok


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment(directory: Path) -> dict[str, str]:
    return {**os.environ, **_ENVIRONMENT, "IPFS_PATH": str(directory)}


def _set(config: dict[str, Any], path: list[str], value: Any) -> None:
    *parents, name = path
    for parent in parents:
        if not isinstance(config.get(parent), dict):
            config[parent] = {}
        config = config[parent]
    config[name] = value


def _write_secret(path: Path, text: str) -> None:
    """Replace a file at once, readable by its owner only."""
    fresh = path.with_name(path.name + ".new")
    fresh.touch(mode=0o600)
    fresh.write_text(text, "utf-8")
    fresh.replace(path)


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it wrote nothing"
