"""A keeper is shown a signed revocation: it denies on sight, says so under its name, and sees that the chain hears of it
(design §4 Revoke; specification K-17, K-18).

    shown ── granted on chain? the patient's side's? ──> kept ── final on chain, or its window over ──> forgotten
                                                          └── after some seconds: brought to the chain, again if need be
"""

from __future__ import annotations

import logging

from consentry.crypto.signatures import recover
from consentry.domain import fields, revocation
from consentry.domain.addresses import ZERO, Address
from consentry.domain.ledger import ConsentStatus
from consentry.domain.revocation import Acknowledgement, SignedRevocation
from consentry.errors import ConsentNotGranted, ConsentryError, SignatureInvalid, TransactionReverted
from consentry.ports import Sender
from consentry.ports.keeper_values import SignedAcknowledgement
from consentry.ports.revocations import SeenRevocation
from consentry.services.keeper_desk import Desk
from consentry.services.release_intake import body_object
from consentry.services.release_questions import Answers, Questions

TOGETHER = 64
"""How many are brought to the chain in one go."""

AGAIN_SECONDS = 15
LONGEST_PAUSE_SECONDS = 3_600
SEAT_SECONDS = 3
"""Keepers of one committee go one after the other, so that one transaction is enough."""

_LOG = logging.getLogger(__name__)


def parse_revocation(body: bytes) -> SignedRevocation:
    """`{"consentId", "patient", "signature"}`. Raises LayoutInvalid."""
    return SignedRevocation.from_json(body_object(body))


def see(asked: SignedRevocation, desk: Desk) -> SignedAcknowledgement:
    """Deny from now on, durably. Works whatever a keeper's standing, and however old its chain's head: it only denies.

    Raises ConsentNotGranted, SignatureInvalid, RateLimited, ChainUnreachable, ChainWrong, StoreUnreachable.
    """
    now = desk.clock.now()
    before = desk.revocations.seen_at(asked.patient, asked.consent_id)
    if before is not None:
        return _acknowledge(asked, before, desk)
    questions = Questions()
    state = questions.add(desk.ledger.consent_call(asked.patient, asked.consent_id))
    controller = questions.add(desk.ledger.controller_call(asked.patient))
    answers = questions.put(desk.ledger)
    latest, final = answers.of(state)
    if not latest.valid_until:
        raise ConsentNotGranted()
    signer = _signer(asked, answers.of(controller)[0], desk)
    desk.pace.take(signer)
    if final.status is ConsentStatus.Revoked:
        return _acknowledge(asked, now, desk)
    seat = desk.newest_seat()
    wait = desk.limits.relay_after_seconds + (SEAT_SECONDS * seat[1] if seat else 0)
    seen_at = desk.revocations.see(SeenRevocation(asked, now, latest.valid_until), bring_at=now + wait)
    return _acknowledge(asked, seen_at, desk)


def acknowledged_answer(said: SignedAcknowledgement) -> dict[str, str]:
    """What the keeper answers: the acknowledgement and its signature, in base64."""
    return {"acknowledgement": fields.to_base64(said.body), "signature": fields.to_base64(said.signature)}


def bring_due(desk: Desk, sender: Sender) -> int:
    """Bring to the chain what nobody else did; gives how many were looked at. Raises nothing: what fails is tried again."""
    due = desk.revocations.due(desk.clock.now(), TOGETHER)
    for one in due:
        try:
            _bring(one, desk, sender)
        except ConsentryError as problem:
            _LOG.warning("a revocation waits for the next attempt: %s", problem.code)
            _put_off(one, desk)
    return len(due)


def _bring(one: SeenRevocation, desk: Desk, sender: Sender) -> None:
    asked = one.revocation
    questions = Questions()
    state = questions.add(desk.ledger.consent_call(asked.patient, asked.consent_id))
    answers = questions.put(desk.ledger)
    latest, final = answers.of(state)
    if final.status is ConsentStatus.Revoked or _is_over(one, answers, desk):
        desk.revocations.forget(asked)
        return
    if latest.status is ConsentStatus.Granted:
        arguments = (asked.patient, asked.consent_id, asked.signature)
        try:
            sender.transact("ConsentRegistry", "revokeBySignature", *arguments)
        except TransactionReverted as reverted:
            _LOG.warning("the chain does not take a revocation: %s", reverted.name)
    _put_off(one, desk)


def _is_over(one: SeenRevocation, answers: Answers, desk: Desk) -> bool:
    """By the earlier of both clocks: as long as one of them might permit, the revocation is kept."""
    return min(desk.clock.now(), answers.head.timestamp) >= one.until


def _put_off(one: SeenRevocation, desk: Desk) -> None:
    pause = min(AGAIN_SECONDS * 2 ** min(one.tries, 16), LONGEST_PAUSE_SECONDS)
    desk.revocations.put_off(one.revocation, until=desk.clock.now() + pause)


def _signer(asked: SignedRevocation, controller: Address, desk: Desk) -> Address:
    """Whose word it is, in the contract's order (C-3): controller's key, live representative's, the controller's wallet."""
    contract = Address(desk.ledger.address_of("ConsentRegistry"))
    digest = revocation.digest(asked.patient, asked.consent_id, desk.ledger.chain_id, contract)
    signer = _recovered(digest, asked.signature)
    if signer is not None and desk.ledger.acts_for(asked.patient, signer):
        return signer
    if controller != ZERO and desk.ledger.wallet_accepts(controller, digest, asked.signature):
        return controller
    raise SignatureInvalid("the signature is not the patient's side's over this revocation")


def _recovered(digest: bytes, signature: bytes) -> Address | None:
    try:
        return recover(digest, signature)
    except SignatureInvalid:
        return None


def _acknowledge(asked: SignedRevocation, seen_at: int, desk: Desk) -> SignedAcknowledgement:
    said = Acknowledgement(
        chain_id=desk.ledger.chain_id,
        consent_id=asked.consent_id,
        keeper=desk.account,
        patient=asked.patient,
        seen_at=seen_at,
    )
    return SignedAcknowledgement(said.to_bytes(), desk.sign(said.signing_digest()))
