"""Asking gateways as fast as they answer, or at a rate; and what that costs each kind of process."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from benchmarks.measuring import percentile
from consentry.network.run import Network
from consentry.remote.exchange import Exchange

TICKS = os.sysconf("SC_CLK_TCK")
ANSWER_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Read:
    """One `Patient/$everything` at one gateway, and how many resources it must bring."""

    url: str
    headers: Mapping[str, str]
    resources: int


@dataclass
class Outcome:
    """Seconds from when a read was due to its answer, by the clock of all of them: `seconds`."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def p(self, share: float) -> float:
        return percentile(self.latencies, share)


class Load:
    """Reads in turn, over kept connections. A read that fails ends the measurement."""

    def __init__(self, network: Network, reads: Sequence[Read], workers: int) -> None:
        self._network = network
        self._reads = cycle(reads)
        self._workers = workers
        self._exchange = Exchange(kept=workers)
        self._lock = threading.Lock()

    def once(self) -> None:
        with self._lock:
            read = next(self._reads)
        reply = self._exchange.ask("GET", read.url, None, read.headers, seconds=60, most=ANSWER_BYTES)
        if reply.status != 200 or reply.body.count(b'"Observation"') != read.resources:
            raise RuntimeError(f"HTTP {reply.status}: {reply.body[:300]!r}")

    def closed(self, count: int) -> Outcome:
        """So many reads, each worker's next one as soon as its last one is answered."""

        def timed(_: int) -> float:
            began = time.perf_counter()
            self.once()
            return time.perf_counter() - began

        with ThreadPoolExecutor(self._workers) as threads, self._measured() as outcome:
            outcome.latencies += threads.map(timed, range(count))
        return outcome

    def open(self, rate: float, count: int) -> Outcome:
        """So many reads, due at this rate whether earlier ones were answered or not: a late start counts as waiting."""
        began = time.perf_counter()

        def due(number: int) -> float:
            at = began + number / rate
            time.sleep(max(at - time.perf_counter(), 0))
            self.once()
            return time.perf_counter() - at

        with ThreadPoolExecutor(4 * self._workers) as threads, self._measured() as outcome:
            outcome.latencies += threads.map(due, range(count))
        return outcome

    def close(self) -> None:
        self._exchange.close()

    @contextmanager
    def _measured(self) -> Iterator[Outcome]:
        kinds, outcome = processes(self._network), Outcome()
        before = {kind: cpu_seconds(pids) for kind, pids in kinds.items()}
        own, began = time.process_time(), time.perf_counter()
        yield outcome
        outcome.seconds = time.perf_counter() - began
        outcome.cpu = {kind: cpu_seconds(pids) - before[kind] for kind, pids in kinds.items()}
        outcome.cpu["load"] = time.process_time() - own


def processes(network: Network) -> dict[str, list[int]]:
    """Process ids by kind: gateways, keepers, chain."""
    ports = [url.rstrip("/").rsplit(":", 1)[1] for url in network.rpc_url.split(",")]
    here: list[tuple[str, Callable[[str], bool]]] = [
        ("gateways", lambda command: "consentry.gateway" in command and str(network.place.root) in command),
        ("keepers", lambda command: "consentry.keeper" in command and str(network.place.root) in command),
        ("chain", lambda command: "port" in command and any(f"\0{one}\0" in command for one in ports)),
    ]
    found: dict[str, list[int]] = {kind: [] for kind, _ in here}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            command = _command(folder)
            for kind, is_it in here:
                if is_it(command):
                    found[kind].append(int(folder.name))
    return found


def cpu_seconds(pids: Sequence[int]) -> float:
    """User and system time so far of those of these processes that run (proc(5), stat)."""
    return sum(_ticks(Path("/proc") / str(pid)) for pid in pids) / TICKS


def _ticks(folder: Path) -> int:
    try:
        fields = (folder / "stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:  # it has ended meanwhile
        return 0
    return int(fields[11]) + int(fields[12])


def _command(folder: Path) -> str:
    try:
        return (folder / "cmdline").read_text("utf-8", "replace")
    except OSError:  # it has ended meanwhile
        return ""
