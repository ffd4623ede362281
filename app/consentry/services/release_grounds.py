"""Whether the ground of a request holds: what is asked about it, and what the answers mean (K-3, K-15, K-16)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consentry.domain.addresses import ZERO
from consentry.domain.grounds import AnyReason, KeeperReason, Reason
from consentry.domain.ledger import Asker, ContractCall, RecordFacts
from consentry.domain.requests import ConsentGround, EmergencyGround, RecordItem, ReleaseRequest
from consentry.services.keeper_desk import Desk
from consentry.services.release_mandates import MandateCheck, ask_mandate
from consentry.services.release_questions import Answers, Question, Questions

RECORDS_TOGETHER = 16
"""About how many records the contract is asked at once. Under the longest terms one costs up to some 400,000 gas, and
nodes cut a call off at a limit of their own (50 million in geth, as little as a block's elsewhere)."""

ContractGround = ConsentGround | EmergencyGround
"""What a contract judges."""


@dataclass(frozen=True)
class ContractCheck:
    """The contract's reason, under CONSENT and EMERGENCY."""

    question: Question[Reason]

    def refusal(self, answers: Answers) -> AnyReason | None:
        """The first reason against it, on the latest block or on the final one; None if it holds on both."""
        return next((one for one in answers.of(self.question) if one is not Reason.Permitted), None)


@dataclass(frozen=True)
class SideCheck:
    """Under SELF: whether the actor is the patient's controller or live representative."""

    question: Question[bool]

    def refusal(self, answers: Answers) -> AnyReason | None:
        return None if answers.hold(self.question) else KeeperReason.NotPatientSide


GroundCheck = ContractCheck | SideCheck | MandateCheck


def ask_grounds(request: ReleaseRequest, questions: Questions, desk: Desk) -> list[GroundCheck]:
    """A check for each item, in order; the contract is asked about many records together."""
    ground = request.ground
    if isinstance(ground, ConsentGround | EmergencyGround):
        return _ask_contract(request, ground, questions, desk)
    if ground.mandate is not None:
        return list(ask_mandate(request, ground.mandate, questions, desk))
    side = SideCheck(questions.add(desk.ledger.acts_for_call(ground.patient, request.actor)))
    return [side] * len(request.items)


def _ask_contract(
    request: ReleaseRequest, ground: ContractGround, questions: Questions, desk: Desk
) -> list[GroundCheck]:
    asker = _asker(request, desk)
    facts = [item.header.facts() for item in request.items if isinstance(item, RecordItem)]
    records: Iterator[Question[Reason]] = (
        question
        for at in range(0, len(facts), RECORDS_TOGETHER)
        for question in _ask_records(ground, asker, facts[at : at + RECORDS_TOGETHER], questions, desk)
    )
    return [
        ContractCheck(
            next(records)
            if isinstance(item, RecordItem)
            else questions.add(_directory_call(ground, asker, item.category, desk))
        )
        for item in request.items
    ]


def _asker(request: ReleaseRequest, desk: Desk) -> Asker:
    return Asker(
        actor=request.reader,
        signer=request.actor,
        purpose=request.purpose,
        at=desk.clock.now(),
        episode_by=ZERO if request.episode is None else request.episode.by,
        episode_department="" if request.episode is None else request.episode.department,
    )


def _ask_records(
    ground: ContractGround, asker: Asker, facts: Sequence[RecordFacts], questions: Questions, desk: Desk
) -> tuple[Question[Reason], ...]:
    if isinstance(ground, EmergencyGround):
        call = desk.ledger.permit_opening_many_call(ground.opening, asker, facts)
    else:
        call = desk.ledger.permit_many_call(ground.grant, ground.terms, asker, facts, ground.mandate)
    return questions.add_each(call, len(facts))


def _directory_call(ground: ContractGround, asker: Asker, category: str, desk: Desk) -> ContractCall[Reason]:
    if isinstance(ground, EmergencyGround):
        return desk.ledger.permit_opening_directory_call(ground.opening, asker, category)
    return desk.ledger.permit_directory_call(ground.grant, ground.terms, asker, category, ground.mandate)
