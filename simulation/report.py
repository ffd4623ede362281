"""The tables of docs/scale.md, from what was simulated (specification H-64, H-67)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from simulation import prices
from simulation.network import MINUTE, Minute, Outcome, Rules
from simulation.sizes import DOCUMENT_BYTES, entry_bytes
from simulation.workload import DAY_SECONDS, HOUR_SECONDS, Load

DAYS_A_YEAR = 365
Table = tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]
"""Title, head, rows."""


@dataclass(frozen=True)
class Result:
    """A day of this load under these rules."""

    load: Load
    rules: Rules
    outcome: Outcome

    @property
    def largest(self) -> float:
        """The share of all work that the largest member does."""
        return self.load.habits.weights(self.load.members)[0]

    # --- chain ---

    @property
    def gas_a_second(self) -> float:
        return self.outcome.gas / DAY_SECONDS

    def busiest(self, of: Callable[[Minute], int]) -> float:
        """A second, in the busiest minute."""
        return max(of(one) for one in self.outcome.minutes) / MINUTE

    @property
    def chain_share(self) -> float:
        """Of what a chain was seen to take, in the busiest minute, with Kaia's gas."""
        gas = self.busiest(lambda one: one.gas) * prices.KAIA_GAS.value / 100
        return gas / prices.chain_gas_a_second()

    # --- index and traffic, at each gateway ---

    @property
    def index_bytes(self) -> int:
        return self.outcome.anchors * prices.ANCHOR_ROW.value + self.outcome.rows * prices.ENTRY_ROW.value

    @property
    def entry_bytes(self) -> int:
        return self.outcome.rows * entry_bytes(self.rules.keepers)

    @property
    def document_bytes(self) -> int:
        sent = self.outcome.transactions
        return (sent.get("directory", 0) + sent.get("renewal", 0)) * DOCUMENT_BYTES

    @property
    def fetched_busiest(self) -> float:
        """Bytes a second of entries in the busiest hour."""
        hours = (sum(one.rows for one in hour) for hour in self.outcome.hours())
        return max(hours) * entry_bytes(self.rules.keepers) / HOUR_SECONDS

    # --- processors, in cores ---

    def keeper_cores(self, minutes: Iterable[Minute]) -> float:
        """Of one keeper."""
        return self._of_requests(minutes, prices.KEEPERS) / self.rules.keepers

    def gateway_cores(self, minutes: Sequence[Minute]) -> float:
        """Of the largest member's gateway; each publication as dear as a whole visit."""
        seconds, own = len(minutes) * MINUTE, self.largest
        rows = sum(one.rows for one in minutes)
        published = self.outcome.anchors / max(self.outcome.rows, 1) * rows * own
        ms = published * prices.PUBLISHING_MS.value + rows * prices.INDEXING_US.value / 1000
        return self._of_requests(minutes, prices.GATEWAY) * own + ms / 1000 / seconds

    def _of_requests(self, minutes: Iterable[Minute], line: prices.Line) -> float:
        these = tuple(minutes)
        asked = self.rules.asked
        ms = line.ms(sum(one.requests for one in these) / asked, sum(one.items for one in these) / asked)
        return ms / 1000 / (len(these) * MINUTE)

    def busiest_cores(self, of: Callable[[Sequence[Minute]], float]) -> float:
        return max(of((one,)) for one in self.outcome.minutes)


def tables(results: Sequence[Result]) -> tuple[Table, ...]:
    """One column for each."""
    return tuple(
        (title, ("a day", *(f"{one.load.interactions:,}" for one in results)), _rows(lines, results))
        for title, lines in (
            ("Chain", _CHAIN),
            ("Each gateway: index, and what it fetches", _GATEWAYS),
            ("Each keeper", _KEEPERS),
            ("The largest member", _LARGEST),
        )
    )


Cell = Callable[[Result], str]


def _rows(lines: Sequence[tuple[str, Cell]], results: Sequence[Result]) -> tuple[tuple[str, ...], ...]:
    return tuple((name, *(cell(one) for one in results)) for name, cell in lines)


def _sent(*kinds: str) -> Cell:
    return lambda one: f"{sum(one.outcome.transactions.get(kind, 0) for kind in kinds):,}"


_CHAIN: tuple[tuple[str, Cell], ...] = (
    ("anchors", _sent("anchor")),
    ("grants", _sent("grant")),
    ("revocations", _sent("revocation")),
    ("directories named", _sent("directory", "renewal")),
    ("commits of receipts", _sent("first commit", "commit")),
    ("transactions a second", lambda one: f"{sum(one.outcome.transactions.values()) / DAY_SECONDS:.2f}"),
    ("in the busiest minute", lambda one: f"{one.busiest(lambda minute: minute.transactions):.2f}"),
    ("gas a second", lambda one: f"{one.gas_a_second:,.0f}"),
    ("in the busiest minute, gas", lambda one: f"{one.busiest(lambda minute: minute.gas):,.0f}"),
    ("of what four validators were seen to take", lambda one: percent(one.chain_share)),
)
_GATEWAYS: tuple[tuple[str, Cell], ...] = (
    ("records", lambda one: f"{one.outcome.rows:,}"),
    ("index", lambda one: size(one.index_bytes)),
    ("index, after a year", lambda one: size(one.index_bytes * DAYS_A_YEAR)),
    ("manifests", lambda one: size(one.outcome.manifest_bytes)),
    ("sealed entries", lambda one: size(one.entry_bytes)),
    ("entries, after a year", lambda one: size(one.entry_bytes * DAYS_A_YEAR)),
    ("fetched a second, busiest hour", lambda one: size(one.fetched_busiest)),
    (
        "all gateways together, a day",
        lambda one: size((one.entry_bytes + one.outcome.manifest_bytes) * one.load.members),
    ),
    ("directory documents, kept where they are relayed", lambda one: size(one.document_bytes)),
)
_KEEPERS: tuple[tuple[str, Cell], ...] = (
    (
        "requests a second",
        lambda one: f"{sum(one.outcome.requests) / one.rules.keepers / DAY_SECONDS:.2f}",
    ),
    (
        "in the busiest minute",
        lambda one: f"{one.busiest(lambda minute: minute.requests) / one.rules.keepers:.2f}",
    ),
    ("receipts", lambda one: f"{sum(one.outcome.receipts) // one.rules.keepers:,}"),
    ("processor, cores", lambda one: f"{one.keeper_cores(one.outcome.minutes):.3f}"),
    (
        "processor, busiest minute",
        lambda one: f"{one.busiest_cores(one.keeper_cores):.3f}",
    ),
    (
        "book of receipts grows by",
        lambda one: size(sum(one.outcome.receipts) // one.rules.keepers * prices.RECEIPT_ROW.value),
    ),
    ("most receipts waiting for the chain", lambda one: f"{max(m.waiting for m in one.outcome.minutes):,}"),
    ("receipts waiting after the day", lambda one: f"{max(one.outcome.waiting):,}"),
)
_LARGEST: tuple[tuple[str, Cell], ...] = (
    ("its share of all work", lambda one: percent(one.largest)),
    ("longest wait of a publication, s", lambda one: f"{one.outcome.longest_wait}"),
    ("publications refused after 120 s", lambda one: f"{one.outcome.refused:,}"),
    ("its gateway's processor, cores", lambda one: f"{one.gateway_cores(one.outcome.minutes):.3f}"),
    ("processor, busiest minute", lambda one: f"{one.busiest_cores(one.gateway_cores):.3f}"),
    (
        "its audit trail grows by",
        lambda one: size(2 * one.outcome.reads * one.largest * prices.AUDIT_EVENT.value),
    ),
)


def otherwise(results: Sequence[tuple[str, Result]]) -> Table:
    """What other settings would do: one row for each, the busiest keeper and author."""
    head = (
        "rules",
        "a day",
        "commits",
        "receipts waiting after the day",
        "longest wait, s",
        "refused",
        "chain",
    )
    rows = tuple(
        (
            name,
            f"{one.load.interactions:,}",
            f"{sum(one.outcome.commits):,}",
            f"{max(one.outcome.waiting):,}",
            f"{one.outcome.longest_wait}",
            f"{one.outcome.refused:,}",
            percent(one.chain_share),
        )
        for name, one in results
    )
    return "Other rules", head, rows


def sources() -> Table:
    """What was measured, and where."""
    return "Figures, and where they come from", ("what", "how much", "measured"), prices.figures()


def markdown(table: Table) -> str:
    """As a Markdown table; numbers to the right."""
    title, head, rows = table
    columns = range(len(head))
    widths = [max(len(row[column]) for row in (head, *rows)) for column in columns]
    right = [column > 0 and all(row[column][:1].isdigit() for row in rows) for column in columns]

    def line(cells: Sequence[str]) -> str:
        placed = (
            cells[one].rjust(widths[one]) if right[one] else cells[one].ljust(widths[one]) for one in columns
        )
        return f"| {' | '.join(placed)} |"

    ruler = ["-" * (widths[one] - right[one]) + ":" * right[one] for one in columns]
    return "\n".join([f"### {title}", "", line(head), line(ruler), *map(line, rows)])


def size(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5:
            return f"{count:.3g} {unit}"
        count /= 1_000
    return f"{count:.3g} TB"


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"
