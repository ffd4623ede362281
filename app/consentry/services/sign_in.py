"""Signing people in by their wallet (EIP-4361, specification G-5), and the tokens that follow.

A challenge costs the gateway no memory: its nonce carries a MAC over what the gateway said, so that whoever asks for a
million of them pushes nobody out. What was used is remembered until it would have ended anyway.
"""

from __future__ import annotations

import hmac
import re
import secrets
import warnings
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from threading import Lock
from urllib.parse import urlsplit

from consentry.crypto.signatures import recover
from consentry.domain import times
from consentry.domain.addresses import Address, address, checksum
from consentry.errors import ChallengeUnknown, LayoutInvalid, NotSignedIn, RoleUnfit, SignatureInvalid
from consentry.ports import Clock, Ledger
from consentry.services.personal_message import personal_digest, signature_bytes

with warnings.catch_warnings():
    # siwe 4.4.0 redefines core rules of abnf 2.7.0 while it is imported
    warnings.simplefilter("ignore")
    from siwe import SiweMessage, VerificationError

CHALLENGE_SECONDS = 300
TOKEN_SECONDS = 8 * 3600
MAX_TOKENS = 10_000
_MAX_TEXT = 2_048
_RANDOM_DIGITS = 16
_MAC_DIGITS = 32
_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
_STATEMENT = "Sign in to Consentry. Signing costs nothing and lets nobody read anything."


class Role(StrEnum):
    PATIENT = "patient"
    STAFF = "staff"


@dataclass(frozen=True)
class Site:
    """Who serves: its public origin (`https://host:port`), its account and registered name, its chain."""

    origin: str
    member: Address
    member_name: str
    chain_id: int

    @property
    def host(self) -> str:
        return urlsplit(self.origin).netloc


@dataclass(frozen=True)
class Person:
    """Who is signed in; `patient` is whom someone on the patient's side acts for, None for staff. Times in seconds.

    `token_digest` tells apart two sign-ins of one account: what belongs to one is not the other's.
    """

    address: Address
    role: Role
    patient: Address | None
    expires_at: int
    token_digest: bytes = field(default=b"", repr=False, compare=False)


@dataclass(frozen=True)
class SignIn:
    """The challenge as it was signed. `patient` asks to act for that patient rather than as staff or for oneself."""

    text: str
    signature: str
    patient: Address | None = None


class Tokens:
    """Who is behind which token: in memory, by the token's digest. Staff and patients never push each other out."""

    def __init__(self, clock: Clock, most: int = MAX_TOKENS) -> None:
        self._clock = clock
        self._most = most
        self._held: dict[Role, OrderedDict[bytes, Person]] = {role: OrderedDict() for role in Role}
        self._lock = Lock()

    def issue(self, person: Person) -> str:
        token = secrets.token_urlsafe(32)
        with self._lock:
            held = self._held[person.role]
            while held and next(iter(held.values())).expires_at <= self._clock.now():
                held.popitem(last=False)
            if len(held) >= self._most:
                held.popitem(last=False)
            held[_digest(token)] = replace(person, token_digest=_digest(token))
        return token

    def who(self, token: str) -> Person:
        """Raises NotSignedIn."""
        with self._lock:
            for held in self._held.values():
                person = held.get(_digest(token))
                if person is not None and self._clock.now() < person.expires_at:
                    return person
        raise NotSignedIn()

    def forget(self, token: str) -> None:
        with self._lock:
            for held in self._held.values():
                held.pop(_digest(token), None)


@dataclass(frozen=True)
class SignInPorts:
    site: Site
    ledger: Ledger
    clock: Clock
    tokens: Tokens
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    used: dict[str, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


def challenge(account: Address, ports: SignInPorts) -> str:
    """The text to sign with `personal_sign` within five minutes."""
    random = secrets.token_hex(_RANDOM_DIGITS // 2)
    return str(_message(account, ports.clock.now(), random, ports).prepare_message())


def sign_in(command: SignIn, ports: SignInPorts) -> tuple[str, Person]:
    """A token for whoever signed a challenge of ours, once.

    Raises ChallengeUnknown (not ours: another host, chain or text; used; too old), SignatureInvalid, RoleUnfit.
    """
    account, message = _parsed(command.text, ports)
    if recover(personal_digest(command.text), signature_bytes(command.signature)) != account:
        raise SignatureInvalid("the challenge is signed by another account than it names")
    try:
        message.verify(
            command.signature,
            domain=ports.site.host,
            nonce=message.nonce,
            timestamp=datetime.fromtimestamp(ports.clock.now(), UTC),
        )
    except VerificationError:
        raise ChallengeUnknown() from None
    _use(message.nonce, ports)
    asked = replace(ports, ledger=ports.ledger.for_strangers())
    person = _person(account, command.patient, asked)
    return ports.tokens.issue(person), person


def require_standing(person: Person, ports: SignInPorts) -> None:
    """That staff still is staff of this member, and someone still acts for the patient, on chain. Raises RoleUnfit."""
    if person.role is Role.STAFF and not _is_staff(person.address, ports):
        raise RoleUnfit("this account is no longer enrolled by this member")
    if person.patient is not None and not ports.ledger.acts_for(person.patient, person.address):
        raise RoleUnfit("this account does not act for the patient")


def _person(account: Address, patient: Address | None, ports: SignInPorts) -> Person:
    ends = ports.clock.now() + TOKEN_SECONDS
    if patient is None and _is_staff(account, ports):
        return Person(account, Role.STAFF, None, ends)
    person = Person(account, Role.PATIENT, patient or account, ends)
    require_standing(person, ports)
    return person


def _is_staff(account: Address, ports: SignInPorts) -> bool:
    staff = ports.ledger.staff(account)
    return (
        staff is not None and staff.member == ports.site.member and staff.licence_end_at > ports.clock.now()
    )


def _parsed(text: str, ports: SignInPorts) -> tuple[Address, SiweMessage]:
    """Account and message, if the text is exactly what this gateway wrote for this account and moment.

    siwe's own parser takes seconds for what a stranger writes: here it only writes the text again.
    """
    found = _template(ports.site).fullmatch(text) if len(text) <= _MAX_TEXT else None
    if found is None:
        raise ChallengeUnknown()
    try:
        account, issued_at = address(found["account"].lower()), times.seconds(found["issued"])
    except LayoutInvalid:
        raise ChallengeUnknown() from None
    random = found["nonce"][:_RANDOM_DIGITS]
    if not hmac.compare_digest(found["nonce"], random + _mac(account, issued_at, random, ports)):
        raise ChallengeUnknown()
    message = _message(account, issued_at, random, ports)
    if text != message.prepare_message():
        raise ChallengeUnknown()
    return account, message


def _template(site: Site) -> re.Pattern[str]:
    """The text that `_message` makes, with its three variable parts; `re` keeps what it compiled."""
    return re.compile(
        rf"{re.escape(site.host)} wants you to sign in with your Ethereum account:\n"
        r"(?P<account>0x[0-9a-fA-F]{40})\n\n"
        rf"{re.escape(_STATEMENT)}\n\n"
        rf"URI: {re.escape(site.origin)}/\n"
        r"Version: 1\n"
        rf"Chain ID: {site.chain_id}\n"
        rf"Nonce: (?P<nonce>[0-9a-f]{{{_RANDOM_DIGITS + _MAC_DIGITS}}})\n"
        rf"Issued At: (?P<issued>{_MOMENT})\n"
        rf"Expiration Time: {_MOMENT}"
    )


def _mac(account: Address, issued_at: int, random: str, ports: SignInPorts) -> str:
    said = f"{account}|{issued_at}|{random}".encode()
    return hmac.digest(ports.secret, said, "sha256").hex()[:_MAC_DIGITS]


def _message(account: Address, issued_at: int, random: str, ports: SignInPorts) -> SiweMessage:
    return SiweMessage(
        domain=ports.site.host,
        address=checksum(account),
        statement=_STATEMENT,
        uri=ports.site.origin + "/",
        version="1",
        chain_id=ports.site.chain_id,
        nonce=random + _mac(account, issued_at, random, ports),
        issued_at=times.iso(issued_at),
        expiration_time=times.iso(issued_at + CHALLENGE_SECONDS),
    )


def _use(nonce: str, ports: SignInPorts) -> None:
    now = ports.clock.now()
    with ports.lock:
        for old in [one for one, ends in ports.used.items() if ends <= now]:
            del ports.used[old]
        if nonce in ports.used:
            raise ChallengeUnknown()
        ports.used[nonce] = now + CHALLENGE_SECONDS + 1


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
