"""Since when records are on chain: the block time of their anchors, which never changes once it is final."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from consentry.ports import Ledger
from consentry.services.opening import OpenedRecord
from consentry.services.recent import Recent

MOST_ROOTS = 20_000
AnchorTimes = Recent[tuple[int, str, bytes], int]


def anchor_times() -> AnchorTimes:
    """What is remembered of them, at most 20,000 roots: by chain, author and root."""
    return Recent(MOST_ROOTS)


def dated(records: Iterable[OpenedRecord], ledger: Ledger, known: AnchorTimes) -> tuple[OpenedRecord, ...]:
    """The records with the times of their anchors, asked in one batch. Raises ChainUnreachable, ChainWrong."""
    given = tuple(records)
    places = {(ledger.chain_id, one.header.author, one.root) for one in given if one.root}
    found = {place: known.get(place) for place in places}
    unknown = sorted(place for place, when in found.items() if when is None)
    answers = ledger.evaluate([ledger.anchor_call(author, root) for _, author, root in unknown])
    for place, answer in zip(unknown, answers, strict=True):
        anchor = answer.get()
        if anchor is not None:
            found[place] = known.keep(place, anchor.anchored_at)
    return tuple(
        replace(one, anchored_at=found.get((ledger.chain_id, one.header.author, one.root))) for one in given
    )
