"""Reading sessions: one wallet signature, then the gateway's P-256 key signs requests (design §4 Sessions).

The key lives in this process's memory and nowhere else. People sign for themselves; the gateway's system account signs for
the hospital's own systems, which name a practitioner with each request.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from consentry.crypto.signatures import SessionKey, account_of, recover, sign_typed, typed_digest
from consentry.domain import episodes
from consentry.domain.addresses import Address
from consentry.domain.episodes import Episode, EpisodeAssertion
from consentry.domain.purposes import Purpose
from consentry.domain.sessions import (
    ANY_PURPOSE,
    MAX_SESSION_SECONDS,
    PatientSession,
    Session,
    SessionCertificate,
    SessionKind,
    typed_data,
)
from consentry.errors import (
    ActorUnknown,
    ChallengeUnknown,
    LayoutInvalid,
    ReadingSessionMissing,
    SignatureInvalid,
)
from consentry.ports import Clock
from consentry.services.pending import Pending
from consentry.services.personal_message import signature_bytes
from consentry.services.sign_in import Person, Role, Site
from consentry.services.witness import Witness

MARGIN_SECONDS = 120
"""A keeper's clock may be behind ours: a session that ends in exactly eight hours would be too long for it."""

RENEW_SECONDS = 3600
MAX_OPEN = 10_000
OWN_PURPOSES = (Purpose.PATRQT, Purpose.FAMRQT)
NOT_STAFF = "this account is not enrolled as staff"
_Key = tuple[Address, Address | None, bytes]


@dataclass(frozen=True)
class Reader:
    """Who may ask keepers: a certified session key. `practitioner` is named exactly by the system account.

    `holder` is the digest of the token whose sign-in opened the session, or of the access token that a system asks with; empty
    for one with a client key. `witness` takes note of what keepers were asked and gave for one answer.
    """

    actor: Address
    certificate: SessionCertificate
    key: SessionKey = field(repr=False)
    practitioner: Address | None
    purpose: str
    holder: bytes = field(default=b"", repr=False)
    witness: Witness | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Unsigned:
    person: Person
    session: Session | PatientSession
    key: SessionKey = field(repr=False)
    purpose: str


class OpenReaders:
    """The readers whose sessions are open, by sign-in and purpose: reading for one purpose does not end another, and one
    sign-in neither uses nor ends what another of the same account opened. The newest session of a purpose counts. In
    memory only, of at most `most` sign-ins of each role."""

    def __init__(self, clock: Clock, most: int = MAX_OPEN) -> None:
        self._clock = clock
        self._most = most
        self._open: dict[Role, OrderedDict[_Key, dict[str, Reader]]] = {role: OrderedDict() for role in Role}
        self._lock = Lock()

    def keep(self, person: Person, reader: Reader) -> None:
        with self._lock:
            held = self._open[person.role]
            own = held.pop(_key(person), {})
            own.pop(reader.purpose, None)
            if len(held) >= self._most:
                held.popitem(last=False)
            held[_key(person)] = own | {reader.purpose: reader}

    def of(self, person: Person, purpose: str | None = None) -> Reader:
        """The session for this purpose; without one, the session opened last. Raises ReadingSessionMissing."""
        with self._lock:
            own = self._open[person.role].get(_key(person), {})
            reader = next(reversed(own.values()), None) if purpose is None else own.get(purpose)
        if reader is None or not reader.certificate.is_live(self._clock.now()):
            raise ReadingSessionMissing()
        return reader

    def forget(self, person: Person) -> tuple[Reader, ...]:
        """Gives what was open under this sign-in, and is not any more."""
        with self._lock:
            return tuple(self._open[person.role].pop(_key(person), {}).values())


def _key(person: Person) -> _Key:
    return person.address, person.patient, person.token_digest


@dataclass(frozen=True)
class SessionPorts:
    site: Site
    clock: Clock
    waiting: Pending[Unsigned]
    readers: OpenReaders


def challenge(person: Person, purpose: str, ports: SessionPorts) -> tuple[dict[str, object], str]:
    """Typed data for the person's wallet and the reference under which its signature is awaited.

    Raises LayoutInvalid, ActorUnknown when somebody who is no staff here asks for a purpose of staff.
    """
    key = SessionKey.generate()
    expires = min(ports.clock.now() + MAX_SESSION_SECONDS - MARGIN_SECONDS, person.expires_at)
    session: Session | PatientSession
    if person.patient is None:
        if purpose not in frozenset(Purpose):
            raise LayoutInvalid("purpose: must be a known code", expression=("purpose",))
        session = Session(person.address, ports.site.member_name, purpose, key.public, expires)
    else:
        if purpose in frozenset(Purpose) - frozenset(OWN_PURPOSES):
            raise ActorUnknown(f"{NOT_STAFF} at {ports.site.member_name}")
        if purpose not in frozenset(OWN_PURPOSES):
            raise LayoutInvalid("purpose: must be PATRQT, or FAMRQT for a family", expression=("purpose",))
        session = PatientSession(person.patient, ports.site.member_name, key.public, expires)
    ref = ports.waiting.put(Unsigned(person, session, key, purpose), pool=person.role, owner=person.address)
    return typed_data(session, ports.site.chain_id), ref


def open_session(person: Person, ref: str, signature: str, ports: SessionPorts) -> Reader:
    """Open the session that this person's wallet signed, for the same sign-in. Raises ChallengeUnknown, SignatureInvalid."""
    unsigned = ports.waiting.look(ref)
    if _key(unsigned.person) != _key(person):
        raise ChallengeUnknown()
    raw = signature_bytes(signature)
    if recover(typed_digest(typed_data(unsigned.session, ports.site.chain_id)), raw) != person.address:
        raise SignatureInvalid("the session is not signed by the account that is signed in")
    ports.waiting.take(ref)
    kind = SessionKind.STAFF if person.role is Role.STAFF else SessionKind.PATIENT
    certificate = SessionCertificate(kind, unsigned.session, raw)
    reader = Reader(person.address, certificate, unsigned.key, None, unsigned.purpose, person.token_digest)
    ports.readers.keep(person, reader)
    return reader


class SystemSession:
    """The session of the gateway's own system account: signed by itself, for any purpose, renewed before it ends."""

    def __init__(self, private_key: bytes, site: Site, clock: Clock) -> None:
        self._private_key = private_key
        self._site = site
        self._clock = clock
        self._lock = Lock()
        self._current: tuple[SessionCertificate, SessionKey] | None = None
        self.account = account_of(private_key)

    def reader(self, practitioner: Address, purpose: str, holder: bytes = b"") -> Reader:
        """The system account asking for a practitioner of this member; `holder`: the digest of the access token that the
        request came with, if any. Raises LayoutInvalid."""
        if purpose not in frozenset(Purpose):
            raise LayoutInvalid("purpose: must be a known code", expression=("purpose",))
        with self._lock:
            if self._current is None or self._ends(self._current[0]) - self._clock.now() < RENEW_SECONDS:
                self._current = self._certified()
            certificate, key = self._current
        return Reader(self.account, certificate, key, practitioner, purpose, holder)

    def asserts(self, episode: Episode) -> EpisodeAssertion:
        """The member's word on an episode, signed by its system account."""
        signature = sign_typed(self._private_key, episodes.typed_data(episode, self._site.chain_id))
        return EpisodeAssertion(self.account, episode.department, episode.valid_until, signature)

    def _certified(self) -> tuple[SessionCertificate, SessionKey]:
        key = SessionKey.generate()
        expires = self._clock.now() + MAX_SESSION_SECONDS - MARGIN_SECONDS
        session = Session(self.account, self._site.member_name, ANY_PURPOSE, key.public, expires)
        signature = sign_typed(self._private_key, typed_data(session, self._site.chain_id))
        return SessionCertificate(SessionKind.SYSTEM, session, signature), key

    @staticmethod
    def _ends(certificate: SessionCertificate) -> int:
        return certificate.fields.expires
