"""A keeper hears that a session has ended before its time, and answers it no more (specification K-26).

The session's own key says so when somebody signs out; the account that opened the session says so with its wallet when it has
lost sight of who holds the key. Nothing is asked of the chain about what is known already.
"""

from __future__ import annotations

from typing import Any

from consentry.crypto.signatures import recover, typed_digest, verify_session
from consentry.domain import fields, times
from consentry.domain.requests import FRESH_SECONDS, signed_bytes
from consentry.domain.session_ends import SessionEnd, typed_data
from consentry.errors import ChainWrong, RequestStale, SignatureInvalid
from consentry.services.keeper_desk import Desk
from consentry.services.release_actor import require_account
from consentry.services.release_intake import Signed, body_object, signer_of

MAX_END_BYTES = 8_192
KEY_SIGNATURE_BYTES, WALLET_SIGNATURE_BYTES = 64, 65


def parse_session_end(body: bytes) -> Signed:
    """`{"request", "signature"}`: 64 bytes by the session's key, 65 by the account's wallet. Raises LayoutInvalid."""
    got = fields.exact(body_object(body), ("request", "signature"), "body")
    return Signed(
        request=fields.base64_bytes(got["request"], "request", 1, MAX_END_BYTES),
        signature=fields.base64_bytes(
            got["signature"], "signature", KEY_SIGNATURE_BYTES, WALLET_SIGNATURE_BYTES
        ),
    )


def end_session(signed: Signed, desk: Desk) -> SessionEnd:
    """Keep durably that the session has ended; saying so again changes nothing.

    Raises LayoutInvalid, ChainWrong, RequestStale, SignatureInvalid, RateLimited before any chain work; ActorUnknown,
    KeeperWithoutStanding, ChainStale, ClockOff, ChainUnreachable; StoreUnreachable.
    """
    end = SessionEnd.parse(signed.request)
    if end.chain_id != desk.ledger.chain_id:
        raise ChainWrong("the session is of another chain")
    now = desk.clock.now()
    if abs(now - end.ended_at) > FRESH_SECONDS:
        raise RequestStale()
    if not end.session.is_live(now):
        raise SignatureInvalid("the session has ended by itself, or would last longer than eight hours")
    if not _says_so(end, signed):
        raise SignatureInvalid("neither the session's key nor the account that opened it says so")
    if signer_of(end.session, end.chain_id, desk) != end.actor:
        raise SignatureInvalid("the session was signed by another account than the actor")
    if not desk.sessions.ended(end.actor, end.key):
        desk.pace.take(end.actor)
        require_account(end.session, end.actor, desk)
        desk.sessions.end(end.actor, end.key, until=end.until, now=now)
    return end


def ended_answer(end: SessionEnd, desk: Desk) -> dict[str, Any]:
    """What the keeper answers: which session it answers no more, and until when it keeps that in mind."""
    return {"keeper": desk.account, "key": end.key, "until": times.iso(end.until)}


def _says_so(end: SessionEnd, signed: Signed) -> bool:
    if len(signed.signature) == KEY_SIGNATURE_BYTES:
        return verify_session(end.key, signed_bytes(signed.request), signed.signature)
    return recover(typed_digest(typed_data(end)), signed.signature) == end.actor
