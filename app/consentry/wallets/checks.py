"""What a wallet makes sure of before it signs: a gateway may be wrong or dishonest, a signature is for ever."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from consentry.crypto.signatures import typed_digest
from consentry.domain import fields, revocation, sessions, times
from consentry.domain.addresses import Address
from consentry.domain.sessions import MAX_SESSION_SECONDS, PatientSession, Session
from consentry.domain.terms import Consent, consent_id, typed_data
from consentry.errors import ConsentryError
from consentry.wallets.problems import SigningRefused

MAX_TEXT = 2000
LINK_SECONDS = 600
_CLOCK_SLACK_SECONDS = 300
# EIP-4361 as a gateway writes it: one statement, no resources, nothing after the times.
_SIGN_IN = re.compile(
    r"(?P<domain>[^\s/?#]+) wants you to sign in with your Ethereum account:\n"
    r"(?P<address>0x[0-9a-fA-F]{40})\n\n"
    r"(?:(?P<statement>[^\n]+)\n)?\n"
    r"URI: (?P<uri>[^\s]+)\n"
    r"Version: 1\n"
    r"Chain ID: (?P<chain>[0-9]{1,16})\n"
    r"Nonce: [0-9A-Za-z]{8,96}\n"
    r"Issued At: [0-9TZ:.+-]{20,35}"
    r"(?:\nExpiration Time: [0-9TZ:.+-]{20,35})?"
    r"(?:\nNot Before: [0-9TZ:.+-]{20,35})?"
    r"(?:\nRequest ID: [^\n]*)?"
)
# As services/link writes it, to the letter: what is signed as text could mean anything elsewhere.
_LINK = re.compile(
    r"(?P<member>[^\n]{1,200}) wants to file this wallet with my patient number there\.\n\n"
    r"I sign this at its desk\. It lets nobody read anything, and costs nothing\.\n\n"
    r"Reference: (?P<ref>[0-9a-f]{32})\n"
    r"Chain: (?P<chain>[0-9]{1,16})\n"
    r"Nonce: [0-9a-f]{32}\n"
    r"Valid until: (?P<until>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)"
)


@dataclass(frozen=True)
class Site:
    """Where the wallet's holder believes to be: the gateway's `host[:port]`, its origin, and the chain."""

    authority: str
    origin: str
    chain_id: int


def check_sign_in_text(text: str, account: Address, site: Site) -> None:
    """Raise SigningRefused unless the EIP-4361 text signs in this account, there, and nothing else."""
    found = _SIGN_IN.fullmatch(text) if isinstance(text, str) and len(text) <= MAX_TEXT else None
    if found is None:
        _refuse("the sign-in text has another form than EIP-4361 gives it")
    uri = found["uri"]
    if found["domain"] != site.authority or not (uri == site.origin or uri.startswith(site.origin + "/")):
        _refuse("the sign-in text is for another address than the gateway's")
    if found["address"].lower() != account or int(found["chain"]) != site.chain_id:
        _refuse("the sign-in text is for another account or chain")


@dataclass(frozen=True)
class LinkAsked:
    """The link that a wallet's holder asked for: the member's registered name, the desk's reference, the chain."""

    member_name: str
    ref: str
    chain_id: int


def check_link_text(text: str, asked: LinkAsked, now: int) -> None:
    """Raise SigningRefused unless the text is the desk's challenge for this link, ending soon (`now` in seconds)."""
    found = _LINK.fullmatch(text) if isinstance(text, str) and len(text) <= MAX_TEXT else None
    if found is None:
        _refuse("the challenge has another form than a desk gives it")
    if (found["member"], found["ref"], int(found["chain"])) != (asked.member_name, asked.ref, asked.chain_id):
        _refuse("the challenge does not name this member, this reference and this chain")
    try:
        until = times.seconds(found["until"])
    except ConsentryError:
        _refuse("the challenge does not say until when it holds")
    if not now - _CLOCK_SLACK_SECONDS < until <= now + LINK_SECONDS + _CLOCK_SLACK_SECONDS:
        _refuse(f"the challenge would hold until {times.iso(until)}")


def checked_consent(shown: Mapping[str, Any], patient: Address, chain_id: int, contract: Address) -> Consent:
    """The consent as shown, if it is the patient's own and its id is the digest of exactly what is shown.

    Raises SigningRefused.
    """
    try:
        consent = Consent.from_json(shown.get("consent"))
        own = fields.to_hex(consent_id(consent, chain_id, contract))
    except ConsentryError as problem:
        raise SigningRefused(f"the consent cannot be signed: {problem.diagnostics}") from None
    if consent.patient != patient or own != shown.get("id"):
        _refuse("the consent's id is not the digest of what it says, or it is another patient's")
    return consent


def grant_typed_data(
    shown: Mapping[str, Any], patient: Address, chain_id: int, contract: Address
) -> dict[str, Any]:
    """What is signed to grant, built here from what is shown. Raises SigningRefused."""
    consent = checked_consent(shown, patient, chain_id, contract)
    own = typed_data(consent, chain_id, contract)
    require_same(shown.get("typedData"), own)
    return own


def revocation_typed_data(
    theirs: object, patient: Address, identifier: bytes, chain_id: int, contract: Address
) -> dict[str, Any]:
    """What is signed to revoke, built here. Raises SigningRefused when the gateway's is another."""
    own = revocation.typed_data(patient, identifier, chain_id, contract)
    require_same(theirs, own)
    return own


@dataclass(frozen=True)
class Reading:
    """The session that a wallet's holder asked for: `who` reads, staff for a `purpose`, the patient's side for None, by
    the member of this name, on this chain."""

    who: Address
    purpose: str | None
    member_name: str
    chain_id: int


def reading_session(theirs: object, asked: Reading, now: int) -> dict[str, Any]:
    """The typed data of a reading session, built here from its fields; at most eight hours from `now` (seconds).

    Raises SigningRefused.
    """
    try:
        message = theirs["message"] if isinstance(theirs, Mapping) else None
        if asked.purpose is None:
            session: Session | PatientSession = PatientSession.from_json(message)
        else:
            session = Session.from_json(message)
    except (ConsentryError, KeyError):
        raise SigningRefused("the reading session has another form") from None
    named = (session.actor, session.purpose) if isinstance(session, Session) else (session.patient, None)
    if named != (asked.who, asked.purpose):
        _refuse("the reading session is for another account or purpose")
    if (session.member if isinstance(session, Session) else session.served_by) != asked.member_name:
        _refuse("the reading session is for another member than the one that was signed in to")
    if not now < session.expires <= now + MAX_SESSION_SECONDS + _CLOCK_SLACK_SECONDS:
        _refuse(f"the reading session would end at {times.iso(session.expires)}")
    own = sessions.typed_data(session, asked.chain_id)
    require_same(theirs, own)
    return own


def require_same(theirs: object, own: Mapping[str, Any]) -> None:
    """Raise SigningRefused unless both have the same EIP-712 digest."""
    try:
        same = isinstance(theirs, Mapping) and typed_digest(theirs) == typed_digest(own)
    except (ConsentryError, KeyError, TypeError, AttributeError, ValueError, RecursionError):
        same = False
    if not same:
        _refuse("the typed data says something else than what was shown")


def _refuse(why: str) -> NoReturn:
    raise SigningRefused(why)
