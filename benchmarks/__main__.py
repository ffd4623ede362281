"""`make bench`: starts a network, measures, prints tables."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from benchmarks import (
    catching_up,
    gas,
    lookup,
    publishing,
    reading,
    releasing,
    sealing,
    searching,
    sending,
    storing,
    sustained,
)
from benchmarks.measuring import machine
from benchmarks.scene import open_scene, place
from consentry.network.run import Network

COMMIT_EVERY_SECONDS = 30.0
"""As keepers do unless they are told otherwise; the demo's keepers commit every second."""

Table = Callable[[Network], None]


def _reading(size: int) -> Table:
    return lambda network: reading.run(open_scene(network), size)


TABLES: dict[str, Table] = {
    **{f"read-{size}": _reading(size) for size in reading.GOALS},
    "sealing": lambda network: sealing.run(open_scene(network)),
    "sustained": sustained.run,
    "releasing": lambda network: releasing.run(open_scene(network)),
    "publishing": publishing.run,
    "searching": searching.run,
    "sending": sending.run,
    "catching-up": catching_up.run,
    "gas": gas.run,
    "lookup": lambda _: lookup.run(),
    "storing": lambda _: storing.run(),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "tables", nargs="*", choices=[[], *TABLES], help="which tables; all of them if none is named"
    )
    parser.add_argument("--chain", default="anvil", choices=("anvil", "ganache"))
    parser.add_argument("--store", default="embedded", choices=("embedded", "kubo", "swarm"))
    chosen = parser.parse_args()
    print(f"{machine()}\nchain {chosen.chain}, store {chosen.store}")
    for name in chosen.tables or TABLES:
        with Network(
            place(f"bench-{name}"), chosen.chain, chosen.store, commit_every_seconds=COMMIT_EVERY_SECONDS
        ) as network:
            TABLES[name](network)


if __name__ == "__main__":
    main()
