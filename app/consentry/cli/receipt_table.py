"""Receipts as a table, and by which mandates people read, for `consentry receipts` (specification W-117)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from consentry.cli.settings import Settings
from consentry.domain import fields, times
from consentry.domain.receipts import Receipt
from consentry.services import account_words as words
from consentry.services.granted_under import mandates_named

if TYPE_CHECKING:
    from consentry.ports import Ledger

MANDATES_UNASKED = (
    "Whether a consent was granted by somebody with a mandate, the chain alone says: it was not asked. "
    "Give --rpc and --deployment."
)


def mandates_of(receipts: Iterable[Receipt], ledger: Ledger | None) -> Mapping[bytes, bytes] | None:
    """By consent id, under which mandates the consents were granted by which somebody read: the chain alone says that; None
    where it is not asked. Raises ChainUnreachable."""
    return None if ledger is None else mandates_named(_consents(receipts), ledger)


def mandates_json(mandates: Mapping[bytes, bytes] | None) -> dict[str, Any]:
    """Absent where nobody asked: none is something else."""
    if mandates is None:
        return {}
    return {"mandates": {fields.to_hex(one): fields.to_hex(named) for one, named in mandates.items()}}


def note_unasked(receipts: Iterable[Receipt], settings: Settings) -> None:
    """Where the chain is not asked, and there is something to ask it."""
    if _consents(receipts):
        settings.output.note(MANDATES_UNASKED)


def _consents(receipts: Iterable[Receipt]) -> list[bytes]:
    return list(dict.fromkeys(one.consent_id for one in receipts if one.consent_id is not None))


def tell_noted(
    settings: Settings, noted: Iterable[tuple[Receipt, bool]], last: str, mandates: Mapping[bytes, bytes]
) -> None:
    """One line for each thing asked for: keepers that noted the same request and item are counted together. `last`: what the
    keepers are sure of that the last column counts. `mandates`: by consent id."""
    lines: dict[tuple[Any, ...], _Line] = {}
    count = 0
    for receipt, sure in noted:
        key = (receipt.request_digest, receipt.item, receipt.decision)
        line = lines.setdefault(key, _Line(receipt))
        line.keepers, line.sure, count = line.keepers + 1, line.sure + sure, count + 1
    rows = []
    for line in sorted(lines.values(), key=lambda one: one.receipt.time):
        first = line.receipt
        what = f"{first.category} ({'record' if first.item.record_id is not None else 'list'})"
        who = first.practitioner or first.actor
        how = words.how_words(first, mandates)
        rows.append(
            (times.iso(first.time), first.decision, what, first.purpose, who, how, line.keepers, line.sure)
        )
    settings.output.table(("time", "decision", "what", "purpose", "who", "how", "keepers", last), rows)
    settings.output.say(
        f"{count} receipts. One keeper alone shows a possible access; --export FILE keeps the proofs."
    )


@dataclass
class _Line:
    receipt: Receipt
    keepers: int = 0
    sure: int = 0
