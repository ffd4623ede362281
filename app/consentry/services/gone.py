"""What a history says of versions that were retracted: only to whom the contract would permit the record (G-3, G-12).

Keepers release no retracted record, so that nobody asks them about one: the own node's contract says here what they would have
asked of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consentry.domain.addresses import ZERO
from consentry.domain.grounds import Reason
from consentry.domain.headers import Header
from consentry.domain.ledger import Asker, ContractCall
from consentry.domain.requests import ConsentGround, EmergencyGround
from consentry.ports import Ledger
from consentry.services.asking import Asking

TOGETHER = 16
"""About how many records the contract is asked at once (see `release_grounds`)."""


@dataclass(frozen=True)
class Gone:
    """A version that its author retracted: nobody reads it any more. `document` as `OpenedRecord` has it."""

    header: Header
    author_name: str
    document: bytes


def all_retracted(headers: Sequence[Header], ledger: Ledger) -> bool:
    """Whether each is retracted for good, on the final block: keepers release such a record under no ground at all.

    Raises ChainUnreachable, ChainWrong.
    """
    calls = [ledger.retracted_call(one.author, one.record_id) for one in headers]
    return not calls or all(answer.get() for answer in ledger.evaluate(calls, "final"))


def permitted_to_know(gone: Sequence[Gone], asking: Asking, ledger: Ledger, now: int) -> tuple[Gone, ...]:
    """Without what the reader's role, episode or terms do not cover; the patient's side knows of all.

    Raises ChainUnreachable, ChainWrong.
    """
    ground = asking.ground
    if not isinstance(ground, ConsentGround | EmergencyGround) or not gone:
        return tuple(gone)
    asker = Asker(
        actor=asking.practitioner or asking.actor,
        signer=asking.actor,
        purpose=asking.purpose,
        at=now,
        episode_by=ZERO if asking.episode is None else asking.episode.by,
        episode_department="" if asking.episode is None else asking.episode.department,
    )
    calls = [
        _call(ground, asker, gone[start : start + TOGETHER], ledger)
        for start in range(0, len(gone), TOGETHER)
    ]
    reasons = [reason for answer in ledger.evaluate(calls) for reason in answer.get()]
    return tuple(one for one, reason in zip(gone, reasons, strict=True) if reason is Reason.Permitted)


def _call(
    ground: ConsentGround | EmergencyGround, asker: Asker, gone: Sequence[Gone], ledger: Ledger
) -> ContractCall[tuple[Reason, ...]]:
    facts = [one.header.facts() for one in gone]
    if isinstance(ground, EmergencyGround):
        return ledger.permit_opening_many_call(ground.opening, asker, facts)
    return ledger.permit_many_call(ground.grant, ground.terms, asker, facts, ground.mandate)
