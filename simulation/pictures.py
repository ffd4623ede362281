"""The plots of docs/scale.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from simulation.network import MINUTE, Minute
from simulation.plots import Line, Plot
from simulation.prices import KAIA_GAS, ROOT, chain_gas_a_second
from simulation.report import Result, size
from simulation.sizes import entry_bytes
from simulation.workload import HOUR_SECONDS

PICTURES: Final = ROOT / "docs" / "images"


def pictures(results: Sequence[Result]) -> dict[str, bytes]:
    """By file name."""
    limit = chain_gas_a_second() * 100 / KAIA_GAS.value
    keeper = max(one.rules.receipts_a_commit / max(one.rules.block_seconds, 1) for one in results)
    return {
        "scale-chain.svg": Plot(
            "Gas a second over a day, by interactions a day",
            "gas a second",
            f"The chain's load follows the hours; four validators were seen to take {limit:,.0f} gas a second.",
            _lines(results, lambda hour: sum(one.gas for one in hour) / HOUR_SECONDS),
            (limit, "seen to take"),
            1_000.0,
        ).svg(),
        "scale-receipts.svg": Plot(
            "Receipts a second that a keeper files, by interactions a day",
            "receipts a second",
            f"One keeper commits {keeper:,.0f} receipts a second at most: above that line they pile up.",
            _lines(results, _receipts(results[0].rules.keepers)),
            (keeper, "commits at most"),
        ).svg(),
        "scale-entries.svg": Plot(
            "Bytes of entries a second that each gateway fetches",
            "bytes a second",
            f"Each gateway stores every entry, {size(entry_bytes(results[0].rules.keepers))} a record.",
            _lines(results, _entries(results[0].rules.keepers)),
        ).svg(),
    }


Of = Callable[[Sequence[Minute]], float]


def _lines(results: Sequence[Result], of: Of) -> tuple[Line, ...]:
    return tuple(
        Line(f"{one.load.interactions:,}", tuple(of(hour) for hour in one.outcome.hours())) for one in results
    )


def _receipts(keepers: int) -> Of:
    return lambda hour: sum(one.items for one in hour) / keepers / HOUR_SECONDS


def _entries(keepers: int) -> Of:
    return lambda hour: sum(one.rows for one in hour) * entry_bytes(keepers) / (len(hour) * MINUTE)
