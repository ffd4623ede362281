"""Timing and tables."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass
class Samples:
    """Seconds by part, one list each, in the order in which parts first appeared."""

    seconds: dict[str, list[float]] = field(default_factory=dict)

    @contextmanager
    def time(self, part: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds.setdefault(part, []).append(time.perf_counter() - began)

    def call(self, part: str, function: Callable[[], T]) -> T:
        with self.time(part):
            return function()

    def p50(self, part: str) -> float:
        return statistics.median(self.seconds[part])

    def p95(self, part: str) -> float:
        return percentile(self.seconds[part], 0.95)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[round(share * (len(ordered) - 1))]


def machine() -> str:
    """What was measured on: processor, cores, load, commit."""
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    ).stdout.strip()
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}, commit {commit}"


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a Markdown table."""
    print("\n" + markdown(title, header, rows))


def markdown(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table under its title."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in (header, ["-" * width for width in widths], *rows)
    ]
    return "\n".join((f"### {title}", "", *lines))


def milliseconds(seconds: float, digits: int = 1) -> str:
    return f"{seconds * 1000:.{digits}f}"
