"""What a wallet makes sure of before it signs: a gateway may be wrong or dishonest, a signature is for ever."""

from __future__ import annotations

import re
import unicodedata
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
_SIGN_IN_MARK = "wants you to sign in with your Ethereum account"


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


def check_link_text(text: str, member_name: str, ref: str) -> None:
    """Raise SigningRefused for a challenge of another member or link, a sign-in in disguise, or what cannot be read."""
    if not isinstance(text, str) or not 0 < len(text) <= MAX_TEXT or _SIGN_IN_MARK in text:
        _refuse("the challenge is not a text about linking")
    if any(sign != "\n" and unicodedata.category(sign)[0] == "C" for sign in text):
        _refuse("the challenge holds control characters")
    if member_name not in text.partition("\n")[0] or ref not in text:
        _refuse("the challenge does not name this member and this reference")


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
    _same(shown.get("typedData"), own)
    return own


def revocation_typed_data(
    theirs: object, patient: Address, identifier: bytes, chain_id: int, contract: Address
) -> dict[str, Any]:
    """What is signed to revoke, built here. Raises SigningRefused when the gateway's is another."""
    own = revocation.typed_data(patient, identifier, chain_id, contract)
    _same(theirs, own)
    return own


def reading_session(
    theirs: object, who: Address, purpose: str | None, now: int, chain_id: int
) -> dict[str, Any]:
    """The typed data of a reading session, built here from its fields; at most eight hours from `now` (seconds).

    `who`: the staff account and its `purpose`, or with None the patient. Raises SigningRefused.
    """
    try:
        message = theirs["message"] if isinstance(theirs, Mapping) else None
        if purpose is None:
            session: Session | PatientSession = PatientSession.from_json(message)
        else:
            session = Session.from_json(message)
    except (ConsentryError, KeyError):
        raise SigningRefused("the reading session has another form") from None
    named = (session.actor, session.purpose) if isinstance(session, Session) else (session.patient, None)
    if named != (who, purpose):
        _refuse("the reading session is for another account or purpose")
    if not now < session.expires <= now + MAX_SESSION_SECONDS + _CLOCK_SLACK_SECONDS:
        _refuse(f"the reading session would end at {times.iso(session.expires)}")
    own = sessions.typed_data(session, chain_id)
    _same(theirs, own)
    return own


def _same(theirs: object, own: Mapping[str, Any]) -> None:
    try:
        same = isinstance(theirs, Mapping) and typed_digest(theirs) == typed_digest(own)
    except (ConsentryError, KeyError, TypeError, AttributeError, ValueError, RecursionError):
        same = False
    if not same:
        _refuse("the typed data says something else than what was shown")


def _refuse(why: str) -> NoReturn:
    raise SigningRefused(why)
