"""`consentry up`: the network of the demo, left running until Ctrl-C."""

from __future__ import annotations

import shlex
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

from consentry.errors import ProcessFailed
from consentry.network.place import Place
from consentry.network.plan import PATIENTS, STAFF, STRANGER
from consentry.network.run import REPOSITORY, Network
from consentry.network.stores import StoreKind

WATCH_SECONDS = 1.0


def up(chain: str, store: StoreKind, at: Path | None, databases: str = "") -> None:
    """Start everything, say where it is, wait. A keeper or gateway that ends is told, and the rest goes on: that is what the
    network is made for. Raises ProcessFailed when anything else ends by itself, such as the chain.
    """
    place = Place(at or REPOSITORY / ".consentry" / "up")
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    with Network(place, chain, store, databases=databases) as network:
        network.start(_say)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        _tell_where(network)
        told: set[str] = set()
        while not stopped.wait(WATCH_SECONDS):
            dead = network.processes.dead()
            if lost := [name for name in dead if not name.startswith(("keeper-", "gateway-"))]:
                raise ProcessFailed(f"{', '.join(lost)} ended; see {place.root / 'logs'}")
            for name in dead:
                if name not in told:
                    _tell_ended(network, name)
            told.update(dead)
        _say("stopping")
        began = time.monotonic()
    _say(f"stopped after {time.monotonic() - began:.1f} s; files stay in {place.root} until the next start")


def _tell_where(network: Network) -> None:
    root = network.place.root
    write_environment(network, root / "env.sh")
    _say("")
    for slug, url in network.gateways.items():
        _say(f"  gateway of {slug:6}  {url}   (patient page, /fhir, /openapi.json)")
    for slug, url in network.keepers.items():
        _say(f"  keeper {slug:9}   {url}")
    _say(f"  chain              {network.rpc_url} (chain id {network.ledger.chain_id})")
    people = ", ".join(f"{one.slug} ({one.role}, {one.department}, {one.member})" for one in STAFF)
    _say(f"  wallets            patients {', '.join(PATIENTS)}; {people}; {STRANGER}, a stranger")
    _say("")
    _say("In another terminal (docs/first-hour.md walks through it):")
    _say(f"  source {root}/env.sh")
    _say("  consentry status")
    _say("Ctrl-C stops it all.")


def _tell_ended(network: Network, name: str) -> None:
    child = network.processes[name]
    _say(
        f"{name} ended; see {child.log}. The rest goes on. To start it again, in a terminal that sourced env.sh:"
    )
    _say(f"  {shlex.join(child.command)}")


def write_environment(network: Network, path: Path) -> None:
    """What the command line needs, to be sourced; City's side, with Mercy's beside it."""
    root = network.place.root
    values = {
        "CONSENTRY_GATEWAY": network.gateways["city"],
        "CONSENTRY_CLIENT_KEY_FILE": root / "members" / "city" / "client.key",
        "CONSENTRY_PASSPHRASE_FILE": root / "passphrase",
        "CONSENTRY_RPC": network.rpc_url,
        "CONSENTRY_DEPLOYMENT": network.place.deployment,
        "MERCY": network.gateways["mercy"],
        "MERCY_KEY": root / "members" / "mercy" / "client.key",
        "WALLETS": root / "wallets",
        "MEMBERS": root / "members",
    }
    lines = [f"export {name}={shlex.quote(str(value))}" for name, value in values.items()]
    lines.append(f"export PATH={shlex.quote(str(Path(sys.executable).parent))}:$PATH")
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
