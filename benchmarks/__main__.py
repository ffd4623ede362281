"""`make bench`: starts a network, measures, prints tables."""

from __future__ import annotations

import argparse

from benchmarks import reading, sealing
from benchmarks.measuring import machine
from benchmarks.scene import open_scene, place
from consentry.network.run import Network


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--chain", default="anvil", choices=("anvil", "ganache"))
    parser.add_argument("--store", default="embedded", choices=("embedded", "kubo"))
    chosen = parser.parse_args()
    print(f"{machine()}\nchain {chosen.chain}, store {chosen.store}")
    for size in reading.GOALS:
        with Network(place(f"bench-{size}"), chosen.chain, chosen.store) as network:
            scene = open_scene(network)
            reading.run(scene, size)
            if size == max(reading.GOALS):
                sealing.run(scene)


if __name__ == "__main__":
    main()
