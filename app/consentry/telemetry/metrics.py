"""Metrics of one process in the Prometheus text format, in a registry of its own (specification H-48, H-49).

Labels are route templates, methods, outcomes and parts, all from lists in the code: no label says who, whom or what for. What the
state of something is, is asked when somebody reads; a part that does not answer is named, and the others are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from consentry.errors import ConsentryError

CONTENT_TYPE: Final = "text/plain; version=1.0.0; charset=utf-8"
OK: Final = "ok"
NO_ROUTE: Final = "(no route)"
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_SILENT: Final = "part_silent"
_SILENT_SAYS: Final = "1 where this part did not answer when it was asked for its values"
_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
Values = Mapping[str, float]
P = TypeVar("P")
P_contra = TypeVar("P_contra", contravariant=True)

# when a series began is a series more for each; who wants it has `process_start_time_seconds`
disable_created_metrics()


@dataclass(frozen=True)
class Named:
    """A metric as docs/metrics.md lists it."""

    name: str
    kind: str
    labels: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class Source(Generic[P_contra]):
    """Gauges that are asked of one `part` of a process together: names with what they say, and how to ask, which gives a value
    for each name or leaves it out. Whatever ConsentryError `ask` raises says that the part does not answer."""

    part: str
    gauges: Mapping[str, str]
    ask: Callable[[P_contra], Values]


class Metrics:
    """Of one process, all under `consentry_<program>_`. Thread-safe. `names`: what there is, in order."""

    def __init__(self, program: str) -> None:
        self.prefix = f"consentry_{program}_"
        self.registry = CollectorRegistry()
        self.names: list[Named] = []
        labels = ("route", "method")
        says = "Requests, by route, method and how they ended: `ok` or an error code"
        self._requests = self.counter("requests", says, *labels, "outcome")
        says = "Time from a request's arrival to its answer's beginning"
        self._seconds = self.histogram("request_seconds", says, *labels)
        ProcessCollector(registry=self.registry)

    def counter(self, name: str, says: str, *labels: str) -> Counter:
        self.names.append(Named(f"{self.prefix}{name}_total", "counter", labels, says))
        return Counter(self.prefix + name, says, labels, registry=self.registry)

    def histogram(self, name: str, says: str, *labels: str) -> Histogram:
        self.names.append(Named(self.prefix + name, "histogram", labels, says))
        return Histogram(self.prefix + name, says, labels, registry=self.registry, buckets=SECONDS)

    def watch(self, sources: Sequence[Source[P]], parts: P) -> None:
        """Ask these of the process's parts whenever somebody reads."""
        self.names += gauges(self.prefix, sources)
        self.registry.register(_State(self.prefix, sources, parts))

    def answered(self, route: str, method: str, outcome: str, seconds: float) -> None:
        """`route`: the template, never the path. A method that nobody has heard of is `other`: callers make them up."""
        known = method if method in _METHODS else "other"
        self._requests.labels(route, known, outcome).inc()
        self._seconds.labels(route, known).observe(seconds)

    def text(self) -> bytes:
        return generate_latest(self.registry)


def gauges(prefix: str, sources: Sequence[Source[P]]) -> list[Named]:
    found = [Named(prefix + name, "gauge", (), says) for one in sources for name, says in one.gauges.items()]
    return [*found, Named(prefix + _SILENT, "gauge", ("part",), _SILENT_SAYS)]


class _State(Collector, Generic[P]):
    def __init__(self, prefix: str, sources: Sequence[Source[P]], parts: P) -> None:
        self._prefix = prefix
        self._sources = tuple(sources)
        self._parts = parts

    def describe(self) -> Iterator[Metric]:
        """Without asking anybody."""
        for one in gauges(self._prefix, self._sources):
            yield GaugeMetricFamily(one.name, one.says, labels=one.labels)

    def collect(self) -> Iterator[Metric]:
        silent = GaugeMetricFamily(self._prefix + _SILENT, _SILENT_SAYS, labels=("part",))
        for source in self._sources:
            values, missing = self._asked(source)
            silent.add_metric((source.part,), missing)
            for name, says in source.gauges.items():
                if name in values:
                    yield GaugeMetricFamily(self._prefix + name, says, value=values[name])
        yield silent

    def _asked(self, source: Source[P]) -> tuple[Values, int]:
        try:
            return source.ask(self._parts), 0
        except ConsentryError:
            return {}, 1
