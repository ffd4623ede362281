"""Figures that were measured, each with where (specification H-68). Gas is read from what `make gas` writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Figure:
    """`value` in `unit`; `source`: who measured it, so that it can be measured again."""

    value: int
    unit: str
    source: str


@dataclass(frozen=True)
class Line:
    """Processor milliseconds of a request: so many for itself and so many for each item, by two measured points."""

    request_ms: float
    item_ms: float
    source: str

    def ms(self, requests: float, items: float) -> float:
        return requests * self.request_ms + items * self.item_ms


def _priced(name: str) -> Figure:
    gas = json.loads((ROOT / "docs" / "gas.json").read_text("utf-8"))["gas"]
    return Figure(gas[name], "gas", f"docs/gas.md, “{name}”")


def _line(one_ms: float, hundred_ms: float, source: str) -> Line:
    """Through a request of one item and one of a hundred, which takes `hundred_ms` for each of them."""
    item = (100 * hundred_ms - one_ms) / 99
    return Line(one_ms - item, item, source)


GAS: Final = {
    "anchor": _priced("anchor 100 records"),
    "grant": _priced("grant by the controller's signature"),
    "revocation": _priced("revoke by signature"),
    "directory": _priced("first setAttributeBySignature"),
    "renewal": _priced("setAttributeBySignature"),
    "first commit": _priced("first commit of receipts"),
    "commit": _priced("later commit of receipts"),
}
"""By kind of transaction."""

_TWO_GATEWAYS = "docs/performance.md, “Two gateways, five keepers, chain as processes”, as fast as it goes and 100 at once"
KEEPERS: Final = _line(11.22, 1.17, _TWO_GATEWAYS)
"""All keepers that are asked together."""
GATEWAY: Final = _line(13.18, 0.88, _TWO_GATEWAYS)

PUBLISHING_MS: Final = Figure(
    74, "processor ms a Bundle", "docs/performance.md, “100 Bundles”: 13.4 × 5.5 ms"
)
INDEXING_US: Final = Figure(
    860,
    "processor µs a record at each gateway",
    "docs/performance.md, “100 Bundles”: 1.0 × 5.5 ms, 6.4 records",
)

ANCHOR_ROW: Final = Figure(
    390, "bytes", "a SQLite index of 5,000 anchors, with its own indexes; tests/app/scale/test_scale_sizes.py"
)
ENTRY_ROW: Final = Figure(
    545,
    "bytes",
    "a SQLite index of 50,000 entries, with its own indexes; tests/app/scale/test_scale_sizes.py",
)
RECEIPT_ROW: Final = Figure(
    1_160, "bytes", "keepers' SQLite files after `make bench`, 5,200 receipts, bodies of 800 bytes"
)
AUDIT_EVENT: Final = Figure(
    2_500, "bytes", "docs/known-limits.md: 2 to 3 KB an event, two events a reading (J-4)"
)

TRANSFER_GAS: Final = 21_000
TRANSFERS: Final = Figure(
    430,
    "plain transfers a second",
    "four Kaia validators on two shared cores, 1 block a second, November 2026: 430 to 530",
)
OF_TRANSFERS: Final = Figure(
    55, "% of the gas of plain transfers", "docs/performance.md, “Sending transactions”, the worse run"
)
KAIA_GAS: Final = Figure(130, "% of Ethereum's gas", "tried with Kaia v1.0.3, November 2026: about 30 % more")


def chain_gas_a_second() -> float:
    """What a chain of four validators was seen to take of transactions like ours."""
    return TRANSFERS.value * TRANSFER_GAS * OF_TRANSFERS.value / 100


def figures() -> tuple[tuple[str, str, str], ...]:
    """Every figure that was measured: what, how much, where."""
    priced = [(f"gas: {kind}", f"{one.value:,}", one.source) for kind, one in GAS.items()]
    lines = [
        (what, f"{one.request_ms:.2f} ms a request + {one.item_ms:.2f} ms an item", one.source)
        for what, one in (("keepers that are asked, together", KEEPERS), ("the reader's gateway", GATEWAY))
    ]
    others = [
        (what, f"{one.value:,} {one.unit}", one.source)
        for what, one in (
            ("publishing", PUBLISHING_MS),
            ("indexing", INDEXING_US),
            ("a row of anchors", ANCHOR_ROW),
            ("a row of entries", ENTRY_ROW),
            ("a receipt in a keeper's book", RECEIPT_ROW),
            ("an event in the audit trail", AUDIT_EVENT),
            ("what four validators took", TRANSFERS),
            ("our transactions beside them", OF_TRANSFERS),
            ("Kaia", KAIA_GAS),
        )
    ]
    return (*priced, *lines, *others)
