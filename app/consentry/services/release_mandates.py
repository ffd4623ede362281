"""SELF by a mandate: its representative reads what the scope covers, and nothing else (specification K-16, ADR 0013).

The chain knows the mandate by its id, its window and whether it was revoked. What its scope covers no contract answers for
itself: that is judged here by the rule that the contract applies to consents granted under it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from consentry.domain.addresses import ZERO, Address
from consentry.domain.grounds import AnyReason, KeeperReason, Reason
from consentry.domain.ledger import ConsentState, ConsentStatus
from consentry.domain.mandates import Mandate, mandate_id
from consentry.domain.requests import EmergencyGround, RecordItem, ReleaseRequest, SeedItem
from consentry.services.keeper_desk import Desk
from consentry.services.release_questions import Answers, Question, Questions


@dataclass(frozen=True)
class MandateCheck:
    """One item under a mandate, and what the chain is asked about it. `at`: the keeper's clock (seconds); `author` is the
    registered name of a record's author, None for a category's seed."""

    mandate: Mandate
    item: RecordItem | SeedItem
    purpose: str
    at: int
    state: Question[ConsentState]
    trusted: Question[bool]
    controller: Question[Address]
    author: Question[str | None] | None

    def refusal(self, answers: Answers) -> AnyReason | None:
        """The first reason against it, on the latest block or on the final one; None if it holds on both."""
        return self._standing(answers) or self._scope(answers)

    def _standing(self, answers: Answers) -> AnyReason | None:
        states = answers.of(self.state)
        if any(one.status is ConsentStatus.Unknown or not one.valid_until for one in states):
            return Reason.MandateUnknown
        if any(one.status is ConsentStatus.Revoked for one in states):
            return Reason.MandateRevoked
        now = max(self.at, answers.head.timestamp)
        if not self.mandate.valid_from <= now < self.mandate.valid_until:
            return KeeperReason.MandateNotInForce
        if not answers.hold(self.trusted):
            return Reason.RegistryDistrusted
        if ZERO in answers.of(self.controller):
            return Reason.PatientDeactivated
        return None

    def _scope(self, answers: Answers) -> AnyReason | None:
        scope, item = self.mandate.scope, self.item
        if isinstance(item, SeedItem):
            return None if scope.covers_category(self.purpose, item.category) else Reason.ScopeExceeded
        for name in answers.of(self.author) if self.author else (None,):
            if name is None:
                return Reason.AuthorUnknown
            if not scope.covers_record(self.purpose, item.header, name):
                return Reason.ScopeExceeded
        return None


def ask_mandate(
    request: ReleaseRequest, mandate: Mandate, questions: Questions, desk: Desk
) -> Iterator[MandateCheck]:
    """A check for each item, in order. That the actor is the representative, the request's layout says."""
    ledger = desk.ledger
    for item in request.items:
        author = None
        if isinstance(item, RecordItem):
            author = questions.add(ledger.member_name_call(item.header.author))
        yield MandateCheck(
            mandate=mandate,
            item=item,
            purpose=request.purpose,
            at=desk.clock.now(),
            state=ask_state(mandate, questions, desk),
            trusted=questions.add(ledger.trusted_call("ConsentRegistry")),
            controller=questions.add(ledger.controller_call(mandate.patient)),
            author=author,
        )


def ask_state(mandate: Mandate, questions: Questions, desk: Desk) -> Question[ConsentState]:
    """What the chain knows of the mandate by the id recomputed from what is shown."""
    known = mandate_id(mandate, desk.ledger.chain_id, Address(desk.ledger.address_of("ConsentRegistry")))
    return questions.add(desk.ledger.consent_call(mandate.patient, known))


def was_granted(question: Question[ConsentState], answers: Answers) -> bool:
    """Whether the patient ever granted it, revoked since or not; a tombstone has no window."""
    return all(one.valid_until > 0 for one in answers.of(question))


def mandate_id_of(request: ReleaseRequest) -> bytes | None:
    """The id of the mandate that the ground shows, 32 bytes."""
    ground = request.ground
    if isinstance(ground, EmergencyGround) or ground.mandate is None:
        return None
    return mandate_id(ground.mandate, request.chain_id, request.consent_registry)
