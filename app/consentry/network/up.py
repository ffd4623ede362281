"""`consentry up`: the network of the demo, left running until Ctrl-C."""

from __future__ import annotations

import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

from consentry.errors import ProcessFailed
from consentry.network.engines import StoreKind
from consentry.network.place import Place
from consentry.network.run import REPOSITORY, Network

WATCH_SECONDS = 1.0


def up(chain: str, store: StoreKind, at: Path | None) -> None:
    """Start everything, say where it is, wait. Raises ProcessFailed when a process ends by itself."""
    place = Place(at or REPOSITORY / ".consentry" / "up")
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    with Network(place, chain, store) as network:
        network.start(_say)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        _tell_where(network)
        while not stopped.wait(WATCH_SECONDS):
            if dead := network.processes.dead():
                raise ProcessFailed(f"{', '.join(dead)} ended; see {place.root / 'logs'}")
        _say("stopping")
        began = time.monotonic()
    _say(f"stopped after {time.monotonic() - began:.1f} s; files stay in {place.root} until the next start")


def _tell_where(network: Network) -> None:
    root = network.place.root
    _say("")
    for slug, url in network.gateways.items():
        _say(f"  gateway of {slug:6}  {url}   (patient page, /fhir, /openapi.json)")
    for slug, url in network.keepers.items():
        _say(f"  keeper {slug:9}   {url}")
    _say(f"  chain             {network.rpc_url} (chain id {network.ledger.chain_id})")
    _say("")
    _say("In another terminal:")
    _say(f"  export CONSENTRY_GATEWAY={network.gateways['city']}")
    _say(f"  export CONSENTRY_PASSPHRASE_FILE={root}/passphrase")
    _say(f"  consentry wallet open-directory --wallet {root}/wallets/alice.keystore")
    _say(f"Everything else is in {root}/network.json. Ctrl-C stops it all.")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
