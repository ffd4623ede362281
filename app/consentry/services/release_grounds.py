"""Whether the ground of a request holds: what is asked about it, and what the answers mean (specification K-3, K-15)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from consentry.domain.addresses import ZERO
from consentry.domain.grounds import AnyReason, KeeperReason, Reason
from consentry.domain.ledger import Asker, ContractCall, RecordFacts
from consentry.domain.requests import ConsentGround, EmergencyGround, RecordItem, ReleaseRequest, SelfGround
from consentry.services.keeper_desk import Desk
from consentry.services.release_questions import Answers, Question, Questions

GroundQuestion = Question[Reason | bool]
"""Under CONSENT and EMERGENCY the contract's reason; under SELF whether the actor acts for the patient."""

RECORDS_TOGETHER = 16
"""About how many records the contract is asked at once. Under the longest terms one costs up to some 400,000 gas, and
nodes cut a call off at a limit of their own (50 million in geth, as little as a block's elsewhere)."""

ContractGround = ConsentGround | EmergencyGround
"""What a contract judges."""


def ask_grounds(request: ReleaseRequest, questions: Questions, desk: Desk) -> list[GroundQuestion]:
    """A question for each item, in order; the contract is asked about many records together."""
    ground = request.ground
    if isinstance(ground, SelfGround):
        acts_for: GroundQuestion = questions.add(desk.ledger.acts_for_call(ground.patient, request.actor))
        return [acts_for] * len(request.items)
    asker = _asker(request, desk)
    facts = [item.header.facts() for item in request.items if isinstance(item, RecordItem)]
    records: Iterator[GroundQuestion] = (
        question
        for at in range(0, len(facts), RECORDS_TOGETHER)
        for question in _ask_records(ground, asker, facts[at : at + RECORDS_TOGETHER], questions, desk)
    )
    return [
        next(records)
        if isinstance(item, RecordItem)
        else questions.add(_directory_call(ground, asker, item.category, desk))
        for item in request.items
    ]


def ground_refusal(question: GroundQuestion, answers: Answers) -> AnyReason | None:
    """The first reason against it, on the latest block or on the final one; None if it holds on both."""
    for answer in answers.of(question):
        if isinstance(answer, Reason):
            if answer is not Reason.Permitted:
                return answer
        elif answer is not True:
            return KeeperReason.NotPatientSide
    return None


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
) -> tuple[GroundQuestion, ...]:
    call: ContractCall[tuple[Reason | bool, ...]]
    if isinstance(ground, EmergencyGround):
        call = desk.ledger.permit_opening_many_call(ground.opening, asker, facts)
    else:
        call = desk.ledger.permit_many_call(ground.grant, ground.terms, asker, facts)
    return questions.add_each(call, len(facts))


def _directory_call(ground: ContractGround, asker: Asker, category: str, desk: Desk) -> ContractCall[Reason]:
    if isinstance(ground, EmergencyGround):
        return desk.ledger.permit_opening_directory_call(ground.opening, asker, category)
    return desk.ledger.permit_directory_call(ground.grant, ground.terms, asker, category)
