"""Counters in the Prometheus text format. No label says who, whom or what for."""

from __future__ import annotations

from collections import Counter
from threading import Lock

_PREFIX = "consentry_keeper_"


class Metrics:
    """What happened since the process started. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._released = 0
        self._refused = 0
        self._seconds = 0.0
        self._outcomes: Counter[str] = Counter()

    def answered(self, *, released: int, refused: int, seconds: float) -> None:
        """A request was judged: how many items each way, and how long it took."""
        with self._lock:
            self._released += released
            self._refused += refused
            self._seconds += seconds
            self._outcomes["answered"] += 1

    def problem(self, code: str) -> None:
        """A request ended in a problem with this code of docs/errors.md."""
        with self._lock:
            self._outcomes[code] += 1

    def text(self, *, receipts: int, committed: int, revocations: int, refused: int) -> str:
        with self._lock:
            lines = [
                *_metric("items_released_total", "counter", "Shares released", self._released),
                *_metric(
                    "items_refused_total", "counter", "Items refused to identified actors", self._refused
                ),
                *_metric(
                    "release_seconds_total", "counter", "Time spent on releases", f"{self._seconds:.6f}"
                ),
                f"# HELP {_PREFIX}requests_total Requests by outcome",
                f"# TYPE {_PREFIX}requests_total counter",
                *(
                    f'{_PREFIX}requests_total{{outcome="{outcome}"}} {count}'
                    for outcome, count in sorted(self._outcomes.items())
                ),
                *_metric("receipts", "gauge", "Receipts in the book", receipts),
                *_metric("receipts_uncommitted", "gauge", "Receipts not on chain yet", receipts - committed),
                *_metric("revocations_waiting", "gauge", "Revocations not final on chain yet", revocations),
                *_metric("revocations_refused", "gauge", "Of these, those that the chain refuses", refused),
            ]
        return "\n".join(lines) + "\n"


def _metric(name: str, kind: str, what: str, value: int | str) -> tuple[str, str, str]:
    full = _PREFIX + name
    return f"# HELP {full} {what}", f"# TYPE {full} {kind}", f"{full} {value}"
