"""Signing people in by their wallet (EIP-4361, specification G-5), and the tokens that follow.

A challenge costs the gateway no memory: its nonce carries a MAC over what the gateway said, so that whoever asks for a
million of them pushes nobody out. What was used is remembered until it would have ended anyway.
"""

from __future__ import annotations

import hmac
import secrets
import warnings
from collections import OrderedDict
from dataclasses import dataclass, field
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
    """Who is signed in; `patient` is whom someone on the patient's side acts for, None for staff. Times in seconds."""

    address: Address
    role: Role
    patient: Address | None
    expires_at: int


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
            held[_digest(token)] = person
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
    return _text(account, ports.clock.now(), secrets.token_hex(8), ports)


def sign_in(command: SignIn, ports: SignInPorts) -> tuple[str, Person]:
    """A token for whoever signed a challenge of ours, once.

    Raises ChallengeUnknown (not ours: another host, chain or text; used; too old), SignatureInvalid, RoleUnfit.
    """
    message = _parsed(command.text, ports)
    account = address(message.address)
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
    person = _person(account, command.patient, ports)
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


def _parsed(text: str, ports: SignInPorts) -> SiweMessage:
    """The message, if its text is exactly what this gateway wrote for this account and moment."""
    try:
        if len(text) > _MAX_TEXT:
            raise ChallengeUnknown()
        message = SiweMessage.from_message(text)
        issued_at = times.seconds(str(message.issued_at))
        own = _text(address(message.address), issued_at, message.nonce[:16], ports)
    except (ValueError, LayoutInvalid):
        raise ChallengeUnknown() from None
    if not hmac.compare_digest(own.encode(), text.encode("utf-8", "surrogatepass")):
        raise ChallengeUnknown()
    return message


def _text(account: Address, issued_at: int, random: str, ports: SignInPorts) -> str:
    mac = hmac.digest(ports.secret, f"{account}|{issued_at}|{random}".encode(), "sha256")
    message = SiweMessage(
        domain=ports.site.host,
        address=checksum(account),
        statement=_STATEMENT,
        uri=ports.site.origin + "/",
        version="1",
        chain_id=ports.site.chain_id,
        nonce=random + mac.hex()[:32],
        issued_at=times.iso(issued_at),
        expiration_time=times.iso(issued_at + CHALLENGE_SECONDS),
    )
    return str(message.prepare_message())


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
