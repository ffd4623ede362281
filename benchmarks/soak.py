"""Hospitals, patients and keepers at work for a long time: `make soak N=100000`.

Four validators, five keepers, three gateways as processes of one machine. N interactions in the shares of a working network, in
an order that the seed decides, by several at once; afterwards every patient's record is read once more and compared with what was
acknowledged. Errors are counted by their code, none is repeated. Ended before its time (Ctrl-C, SIGTERM), it tells what it saw.
"""

from __future__ import annotations

import argparse
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import soak_page
from benchmarks.load import cpu_seconds, processes
from benchmarks.measuring import machine, markdown, milliseconds, percentile
from benchmarks.scene import place
from benchmarks.soak_load import SHARES, Soak, prepare
from benchmarks.soaking import SoakNetwork, memory, sizes

MOST_PATIENTS, INTERACTIONS_EACH = 1_000, 50
PROGRESS_SECONDS = 15.0


@dataclass
class Spent:
    """What one run took: seconds by the clock, of processors by kind of process; MB of each before and after."""

    seconds: float
    processor: dict[str, float]
    before: dict[str, float]
    after: dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=2_000, help="interactions (default: 2000)")
    parser.add_argument("--chain", default="kaia", help="kaia, clique, anvil or ganache (default: kaia)")
    parser.add_argument("--seed", type=int, default=1, help="decides who does what when (default: 1)")
    parser.add_argument("--page", type=Path, help="a page of measurements to write the tables into")
    chosen = parser.parse_args()
    for end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(end, signal.default_int_handler)
    patients = max(2, min(MOST_PATIENTS, chosen.count // INTERACTIONS_EACH))
    what = f"{chosen.count:,} interactions of {patients:,} patients, chain {chosen.chain}, seed {chosen.seed}"
    where = machine()
    print(f"{where}\n{what}")
    with SoakNetwork(place("soak"), chosen.chain, commit_every_seconds=30.0) as network:
        network.start(print)
        began = time.monotonic()
        soak = Soak(network, prepare(network, patients), chosen.seed)
        preparing = f"Patients prepared in {time.monotonic() - began:.0f} s"
        print(preparing)
        with measured(network) as spent, told(soak, chosen.count):
            stopped = run(soak, chosen.count)
        wrong = soak.lost_or_doubled()
        soak.close()
        tables = [*report(soak, spent), _disk(network)]
    ending = f"records lost or doubled: {wrong}; errors: {dict(soak.errors) or 'none'}"
    for one in tables:
        print("\n" + one)
    print("\n" + ending)
    if chosen.page:
        soak_page.write(chosen.page, soak.done, [f"{what}. {where}. {preparing}.", *tables, ending + "."])
    if stopped is not None:
        raise stopped
    if wrong or soak.errors:
        raise SystemExit(1)


def run(soak: Soak, count: int) -> BaseException | None:
    """What ended it before its time, for which the tables must still be written: Ctrl-C, or what nobody expected."""
    try:
        soak.run(count)
    except (Exception, KeyboardInterrupt) as problem:
        return problem
    return None


@contextmanager
def measured(network: SoakNetwork) -> Iterator[Spent]:
    kinds = processes(network)
    began, own = time.monotonic(), time.process_time()
    before = {kind: cpu_seconds(pids) for kind, pids in kinds.items()}
    spent = Spent(0.0, {}, memory(network), {})
    yield spent
    spent.seconds = time.monotonic() - began
    spent.processor = {kind: cpu_seconds(pids) - before[kind] for kind, pids in kinds.items()}
    spent.processor["load"] = time.process_time() - own
    spent.after = memory(network)


@contextmanager
def told(soak: Soak, count: int) -> Iterator[None]:
    """A line now and then, for people who wait."""
    began, ended = time.monotonic(), threading.Event()

    def tell() -> None:
        while not ended.wait(PROGRESS_SECONDS):
            rate = soak.done / (time.monotonic() - began)
            left = (count - soak.done) / rate / 60 if rate else 0
            wrong = f", errors: {dict(soak.errors)}" if soak.errors else ""
            print(
                f"  {soak.done:,} of {count:,}, {rate:.0f} a second, about {left:.0f} min left{wrong}",
                flush=True,
            )

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join()


def report(soak: Soak, spent: Spent) -> list[str]:
    """Tables of what was done, what it took of memory and of processors."""
    shares = ", ".join(f"{kind} {share} %" for kind, share in SHARES.items())
    done = soak.samples.seconds
    return [
        markdown(
            f"{soak.done:,} interactions in {spent.seconds:,.0f} s, {soak.done / spent.seconds:.1f} a second ({shares})",
            ["interaction", "done", "p50 ms", "p95 ms", "p99 ms"],
            [
                [
                    kind,
                    f"{len(done[kind]):,}",
                    *(milliseconds(percentile(done[kind], at)) for at in (0.5, 0.95, 0.99)),
                ]
                for kind in SHARES
                if kind in done
            ],
        ),
        markdown(
            "Memory of each process",
            ["process", "MB at the start", "MB at the end", "times"],
            [
                [name, f"{before:.0f}", f"{spent.after[name]:.0f}", f"{spent.after[name] / before:.2f}"]
                for name, before in spent.before.items()
                if name in spent.after
            ],
        ),
        markdown(
            "Processor time",
            ["processes", "seconds", "ms an interaction"],
            [
                [kind, f"{one:,.0f}", milliseconds(one / max(soak.done, 1), 2)]
                for kind, one in spent.processor.items()
            ],
        ),
    ]


def _disk(network: SoakNetwork) -> str:
    return markdown(
        "On disk", ["what", "MB"], [[name, f"{size:.1f}"] for name, size in sizes(network).items()]
    )


if __name__ == "__main__":
    main()
