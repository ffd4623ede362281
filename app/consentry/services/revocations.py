"""A keeper is shown a signed revocation: it denies on sight, says so under its name, and sees that the chain hears of it
(design §4 Revoke; specification K-17, K-18, K-37, K-38; ADR 0018).

    shown ── granted on chain? the patient's side's? ──> kept ── final on chain, or its window over ──> forgotten
                                                          ├── after some seconds: brought to the chain, again if need be
                                                          └── refused there for a week: makes room, if room is needed
"""

from __future__ import annotations

import logging

from consentry.crypto.signatures import recover
from consentry.domain import fields, revocation
from consentry.domain.addresses import ZERO, Address
from consentry.domain.ledger import ChainHead, ConsentStatus
from consentry.domain.revocation import Acknowledgement, SignedRevocation
from consentry.errors import (
    ChainStale,
    ClockOff,
    ConsentNotGranted,
    ConsentryError,
    RateLimited,
    SignatureInvalid,
    TransactionReverted,
)
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
    before = desk.revocations.find(asked.patient, asked.consent_id)
    if before is not None and before.revocation == asked:
        return _acknowledge(asked, before.seen_at, desk)
    if not desk.examining.acquire(blocking=False):
        raise RateLimited("as many revocations are being looked at as may be at once")
    try:
        return _acknowledge(asked, _seen_at(asked, before, desk), desk)
    finally:
        desk.examining.release()


def _seen_at(asked: SignedRevocation, before: SeenRevocation | None, desk: Desk) -> int:
    """Examine what is not known in these words, and keep it if it counts; gives since when it is denied."""
    now = desk.clock.now()
    questions = Questions()
    state = questions.add(desk.ledger.consent_call(asked.patient, asked.consent_id))
    controller = questions.add(desk.ledger.controller_call(asked.patient))
    answers = questions.put(desk.ledger)
    latest, final = answers.of(state)
    if not latest.valid_until:
        raise ConsentNotGranted()
    owner = answers.of(controller)[0]
    signer = _signer(asked, owner, desk)
    if signer is None:
        raise SignatureInvalid("the signature is not the patient's side's over this revocation")
    if final.status is ConsentStatus.Revoked:
        return now
    # A signature that the chain would take is as good as another, and nobody swaps it for one that may soon be worth less.
    if before is not None and not before.refusals and _signer(before.revocation, owner, desk) is not None:
        return before.seen_at
    desk.pace.take(signer)
    seat = desk.newest_seat()
    wait = desk.limits.relay_after_seconds + (SEAT_SECONDS * seat[1] if seat else 0)
    return desk.revocations.see(SeenRevocation(asked, now, latest.valid_until), bring_at=now + wait)


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
            _LOG.warning("a revocation waits for the next attempt: %(code)s", {"code": problem.code})
            _put_off(one, desk)
    return len(due)


def _bring(one: SeenRevocation, desk: Desk, sender: Sender) -> None:
    asked, refused_at = one.revocation, None
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
            _LOG.warning("the chain does not take a revocation: %(error)s", {"error": reverted.name})
            refused_at = desk.clock.now() if _is_refused(asked, answers.head, desk) else None
    _put_off(one, desk, refused_at)


def _is_refused(asked: SignedRevocation, head: ChainHead, desk: Desk) -> bool:
    """Whether a chain that moves on says that no key of the patient's side stands behind this signature. What a wallet contract
    says when it is asked is not believed here: it may answer the keeper one thing and the transaction another."""
    try:
        desk.require_fresh(head)
    except (ChainStale, ClockOff):
        return False
    key = _key_of(asked, desk)
    return key is None or not desk.ledger.acts_for(asked.patient, key)


def _is_over(one: SeenRevocation, answers: Answers, desk: Desk) -> bool:
    """By the earlier of both clocks: as long as one of them might permit, the revocation is kept."""
    return min(desk.clock.now(), answers.head.timestamp) >= one.until


def _put_off(one: SeenRevocation, desk: Desk, refused_at: int | None = None) -> None:
    pause = min(AGAIN_SECONDS * 2 ** min(one.tries, 16), LONGEST_PAUSE_SECONDS)
    desk.revocations.put_off(one.revocation, until=desk.clock.now() + pause, refused_at=refused_at)


def _signer(asked: SignedRevocation, controller: Address, desk: Desk) -> Address | None:
    """Whose word it is, in the contract's order (C-3): controller's key, live representative's, the controller's wallet; None
    if nobody's."""
    key = _key_of(asked, desk)
    if key is not None and desk.ledger.acts_for(asked.patient, key):
        return key
    if controller != ZERO and desk.ledger.wallet_accepts(controller, _digest(asked, desk), asked.signature):
        return controller
    return None


def _key_of(asked: SignedRevocation, desk: Desk) -> Address | None:
    """The account whose key made the signature, if a key did."""
    try:
        return recover(_digest(asked, desk), asked.signature)
    except SignatureInvalid:
        return None


def _digest(asked: SignedRevocation, desk: Desk) -> bytes:
    contract = Address(desk.ledger.address_of("ConsentRegistry"))
    return revocation.digest(asked.patient, asked.consent_id, desk.ledger.chain_id, contract)


def _acknowledge(asked: SignedRevocation, seen_at: int, desk: Desk) -> SignedAcknowledgement:
    said = Acknowledgement(
        chain_id=desk.ledger.chain_id,
        consent_id=asked.consent_id,
        keeper=desk.account,
        patient=asked.patient,
        seen_at=seen_at,
    )
    return SignedAcknowledgement(said.to_bytes(), desk.sign(said.signing_digest()))
