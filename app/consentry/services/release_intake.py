"""What is checked before any work and any receipt: layout, session, signature, freshness (K-2)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from consentry.crypto import hpke
from consentry.crypto.signatures import recover, session_signer, typed_digest, verify_session
from consentry.domain import canonical, episodes, fields
from consentry.domain.addresses import Address
from consentry.domain.entries import SEALED_SHARE_BYTES
from consentry.domain.openings import opening_id
from consentry.domain.requests import (
    FRESH_SECONDS,
    MAX_ITEMS,
    MAX_REQUEST_BYTES,
    ConsentGround,
    EmergencyGround,
    ReleaseRequest,
    signed_bytes,
)
from consentry.domain.sessions import SessionCertificate
from consentry.domain.terms import Consent, consent_id
from consentry.errors import (
    ChainWrong,
    LayoutInvalid,
    RequestStale,
    SessionRevoked,
    SignatureInvalid,
    TermsInvalid,
)
from consentry.services.keeper_desk import Desk

MAX_BODY_BYTES = 2**20


@dataclass(frozen=True)
class Signed:
    """A request's canonical bytes and the session key's signature over them (64 bytes)."""

    request: bytes
    signature: bytes


@dataclass(frozen=True)
class ReleaseCommand:
    """What a reader posts: one sealed share (or None) for each item of the request."""

    signed: Signed
    shares: tuple[bytes | None, ...]


def parse_signed(body: bytes) -> Signed:
    """`{"request", "signature"}`. Raises LayoutInvalid."""
    got = fields.exact(body_object(body), ("request", "signature"), "body")
    return _signed(got)


def parse_release(body: bytes) -> ReleaseCommand:
    """`{"request", "signature", "shares"}`. Raises LayoutInvalid."""
    got = fields.exact(body_object(body), ("request", "signature", "shares"), "body")
    shares = tuple(
        None if one is None else fields.base64_bytes(one, f"shares[{place}]", SEALED_SHARE_BYTES)
        for place, one in enumerate(fields.array(got["shares"], "shares", 1, MAX_ITEMS))
    )
    return ReleaseCommand(_signed(got), shares)


def admit(command: ReleaseCommand, desk: Desk) -> ReleaseRequest:
    """The request, once it is well-formed, meant for this chain, fresh, and signed by its session.

    Raises LayoutInvalid, ChainWrong, RequestStale, SignatureInvalid, SessionRevoked. Asks nothing of the chain.
    """
    request = ReleaseRequest.parse(command.signed.request)
    if len(request.items) != len(command.shares):
        raise LayoutInvalid("shares: must be one for each item")
    hpke.check_public_key(request.seal_to)
    if request.consent_registry != desk.ledger.address_of("ConsentRegistry"):
        raise ChainWrong("the request is for another consent registry")
    signer = authenticate(command.signed, request.session, request.chain_id, request.issued_at, desk)
    if signer != request.actor:
        raise SignatureInvalid("the session was signed by another account than the actor")
    _check_episode(request, desk)
    return request


def _check_episode(request: ReleaseRequest, desk: Desk) -> None:
    """An episode counts only as it was signed: about this patient, this reader, and now. Standing is the contract's to judge."""
    episode, asserted = request.asserted_episode, request.episode
    if episode is None or asserted is None:
        return
    if not asserted.is_current(desk.clock.now()):
        raise RequestStale("the episode's assertion has ended, or would last longer than a day")
    if (
        recover(typed_digest(episodes.typed_data(episode, request.chain_id)), asserted.signature)
        != asserted.by
    ):
        raise SignatureInvalid("the episode is not asserted by the account that it names")


def authenticate(
    signed: Signed, session: SessionCertificate, chain_id: int, issued_at: int, desk: Desk
) -> Address:
    """The account that signed the session whose key signed these bytes, and has not ended it (K-26).

    Raises ChainWrong, RequestStale, SignatureInvalid, SessionRevoked, StoreUnreachable. Asks nothing of the chain.
    """
    if chain_id != desk.ledger.chain_id:
        raise ChainWrong("the request is for another chain")
    now = desk.clock.now()
    if abs(now - issued_at) > FRESH_SECONDS:
        raise RequestStale()
    if not session.is_live(now):
        raise SignatureInvalid("the session has ended, or would last longer than eight hours")
    if not verify_session(session.fields.key, signed_bytes(signed.request), signed.signature):
        raise SignatureInvalid("the session's key did not sign this request")
    signer = signer_of(session, chain_id, desk)
    require_not_ended(signer, session, desk)
    return signer


def require_not_ended(account: Address, session: SessionCertificate, desk: Desk) -> None:
    """Raises SessionRevoked, StoreUnreachable."""
    if desk.sessions.ended(account, session.fields.key):
        raise SessionRevoked()


def signer_of(session: SessionCertificate, chain_id: int, desk: Desk) -> Address:
    """The account that signed the session, recovered once for each certificate; every byte of it counts, the signature's too."""
    key = sha256(canonical.dumps(session.to_json())).digest()
    known = desk.memory.signers.get(key)
    return known or desk.memory.signers.keep(key, session_signer(session, chain_id))


def consent_id_of(request: ReleaseRequest, desk: Desk) -> bytes | None:
    """The id of the consent that the request names, 32 bytes; kept, since the grant fixes it."""
    ground = request.ground
    if not isinstance(ground, ConsentGround):
        return None
    known = desk.memory.consents.get(ground.grant)
    if known is not None:
        return known
    grant = ground.grant
    try:
        consent = Consent(
            ground.patient, ground.terms, grant.valid_from, grant.valid_until, grant.relay_before
        )
    except TermsInvalid as problem:
        raise LayoutInvalid(f"request.ground.grant.{problem.diagnostics}") from None
    return desk.memory.consents.keep(grant, consent_id(consent, request.chain_id, request.consent_registry))


def opening_id_of(request: ReleaseRequest, desk: Desk) -> bytes | None:
    """The id of the opening that the request shows, 32 bytes, recomputed from subject, people and times (K-15)."""
    ground = request.ground
    if not isinstance(ground, EmergencyGround):
        return None
    contract = Address(desk.ledger.address_of("EmergencyAccess"))
    return opening_id(ground.opening, request.chain_id, contract)


def body_object(body: bytes) -> dict[str, Any]:
    if len(body) > MAX_BODY_BYTES:
        raise LayoutInvalid("body: must be at most 1 MiB")
    try:
        got = json.loads(body)
    except (ValueError, RecursionError):
        raise LayoutInvalid("body: must be JSON") from None
    if not isinstance(got, dict):
        raise LayoutInvalid("body: must be an object")
    return got


def _signed(got: dict[str, Any]) -> Signed:
    return Signed(
        request=fields.base64_bytes(got["request"], "request", 1, MAX_REQUEST_BYTES),
        signature=fields.base64_bytes(got["signature"], "signature", 64),
    )
