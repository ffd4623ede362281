"""Requests: what a reader signs and every keeper judges (specification K-1, L-19)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from consentry.domain import canonical, fields, times
from consentry.domain.addresses import Address
from consentry.domain.directory import ENTRY_KEY_BYTES
from consentry.domain.episodes import Episode, EpisodeAssertion
from consentry.domain.purposes import Purpose
from consentry.domain.request_items import ConsentGround as ConsentGround
from consentry.domain.request_items import EmergencyGround as EmergencyGround
from consentry.domain.request_items import Ground as Ground
from consentry.domain.request_items import Item as Item
from consentry.domain.request_items import RecordItem as RecordItem
from consentry.domain.request_items import SeedItem as SeedItem
from consentry.domain.request_items import SelfGround as SelfGround
from consentry.domain.request_items import known_ground, parse_item
from consentry.domain.sessions import ANY_PURPOSE, PatientSession, SessionCertificate, SessionKind

FRESH_SECONDS = 60
MAX_ITEMS = 100
BEHALF = frozenset((Purpose.PATRQT, Purpose.FAMRQT))
"""Why somebody reads on a patient's behalf: a patient's own request, a family's."""
MAX_REQUEST_BYTES = 2**20
_PREFIX = b"consentry/v1/request"
_KEYS = (
    "actor",
    "chainId",
    "consentRegistry",
    "episode",
    "ground",
    "issuedAt",
    "items",
    "nonce",
    "practitioner",
    "purpose",
    "sealTo",
    "session",
)


@dataclass(frozen=True)
class ReleaseRequest:
    """What is asked (K-1): all items of one patient.

    `issued_at` in seconds, `nonce` 16 to 32 bytes, `seal_to` X-Wing.
    """

    actor: Address
    chain_id: int
    consent_registry: Address
    ground: Ground
    issued_at: int
    items: tuple[Item, ...]
    nonce: bytes
    practitioner: Address | None
    purpose: str
    seal_to: bytes
    session: SessionCertificate
    episode: EpisodeAssertion | None = None

    def __post_init__(self) -> None:
        fields.address(self.actor, "request.actor")
        fields.integer(self.chain_id, "request.chainId", 1)
        fields.address(self.consent_registry, "request.consentRegistry")
        fields.address(self.ground.patient, "request.ground.patient")
        times.iso(self.issued_at)
        fields.raw_bytes(self.nonce, "request.nonce", 16, 32)
        fields.optional_address(self.practitioner, "request.practitioner")
        fields.member_of(self.purpose, Purpose, "request.purpose")
        fields.raw_bytes(self.seal_to, "request.sealTo", ENTRY_KEY_BYTES)
        if not 1 <= len(self.items) <= MAX_ITEMS:
            fields.refuse("request.items", f"be 1 to {MAX_ITEMS}")
        if any(item.patient != self.ground.patient for item in self.items):
            fields.refuse("request.items", "be about the patient of the ground")
        if len(set(self.items)) != len(self.items):
            fields.refuse("request.items", "each ask for something else")
        self._check_session()

    def _check_session(self) -> None:
        session = self.session.fields
        if isinstance(session, PatientSession):
            if not isinstance(self.ground, SelfGround) or session.patient != self.ground.patient:
                fields.refuse("request.ground", "be SELF of the patient who opened the session")
            self._check_mandate(self.ground)
        else:
            if session.actor != self.actor:
                fields.refuse("request.actor", "be the session's")
            if session.purpose not in (self.purpose, ANY_PURPOSE):
                fields.refuse("request.purpose", "be the session's")
            if isinstance(self.ground, SelfGround):
                fields.refuse("request.ground", "be CONSENT or EMERGENCY in a session of staff")
        if isinstance(self.ground, EmergencyGround) and self.session.kind is not SessionKind.STAFF:
            fields.refuse("request.ground", "be EMERGENCY in a person's own session only")
        if (self.session.kind is SessionKind.SYSTEM) != (self.practitioner is not None):
            fields.refuse("request.practitioner", "be named exactly when a system account asks")
        if self.practitioner == self.actor:
            fields.refuse("request.practitioner", "be somebody else than the system account")
        if self.episode is not None and not isinstance(self.ground, ConsentGround):
            fields.refuse("request.episode", "be asserted under CONSENT only")
        if self.episode is not None and self.episode.by == self.reader:
            fields.refuse("request.episode.by", "be somebody else than who reads")

    def _check_mandate(self, ground: SelfGround) -> None:
        """A mandate speaks of this representative, and of asking for the patient: its scope is no licence to treat."""
        if ground.mandate is None:
            return
        if ground.mandate.representative != self.actor:
            fields.refuse("request.ground.mandate.representative", "be the actor")
        if self.purpose not in BEHALF:
            fields.refuse("request.purpose", "be PATRQT or FAMRQT under a mandate")

    @property
    def reader(self) -> Address:
        """Who reads: the practitioner whom a system account names, else the account itself."""
        return self.practitioner or self.actor

    @property
    def asserted_episode(self) -> Episode | None:
        """What the request's assertion must have been signed about."""
        return None if self.episode is None else self.episode.about(self.ground.patient, self.reader)

    def to_bytes(self) -> bytes:
        return self._bytes

    def digest(self) -> bytes:
        """The request digest (L-19), 32 bytes."""
        return self._digest

    @classmethod
    def parse(cls, raw: bytes) -> ReleaseRequest:
        """Read a request's bytes. Raises LayoutInvalid naming the field."""
        if not isinstance(raw, bytes) or len(raw) > MAX_REQUEST_BYTES:
            fields.refuse("request", "be at most 1 MiB")
        got = fields.exact(raw, _KEYS, "request")
        items = fields.array(got["items"], "request.items", 1, MAX_ITEMS)
        made = cls(
            actor=got["actor"],
            chain_id=got["chainId"],
            consent_registry=got["consentRegistry"],
            ground=known_ground(got["ground"]),
            issued_at=times.seconds(got["issuedAt"], "request.issuedAt"),
            items=tuple(parse_item(one, f"request.items[{i}]") for i, one in enumerate(items)),
            nonce=fields.hex_bytes(got["nonce"], "request.nonce", 16, 32),
            practitioner=got["practitioner"],
            purpose=got["purpose"],
            seal_to=fields.base64_bytes(got["sealTo"], "request.sealTo", ENTRY_KEY_BYTES),
            session=SessionCertificate.from_json(got["session"]),
            episode=None if got["episode"] is None else EpisodeAssertion.from_json(got["episode"]),
        )
        made.__dict__["_bytes"] = raw  # canonical, or it would not have been read
        return made

    def to_json(self) -> dict[str, Any]:
        return {
            "actor": self.actor,
            "chainId": self.chain_id,
            "consentRegistry": self.consent_registry,
            "episode": None if self.episode is None else self.episode.to_json(),
            "ground": self.ground.to_json(),
            "issuedAt": times.iso(self.issued_at),
            "items": [item.to_json() for item in self.items],
            "nonce": fields.to_hex(self.nonce),
            "practitioner": self.practitioner,
            "purpose": str(self.purpose),
            "sealTo": fields.to_base64(self.seal_to),
            "session": self.session.to_json(),
        }

    @cached_property
    def _bytes(self) -> bytes:
        return canonical.dumps(self.to_json())

    @cached_property
    def _digest(self) -> bytes:
        return request_digest(self._bytes)


def signed_bytes(raw: bytes) -> bytes:
    """What the session key signs: the prefix and the request's bytes."""
    return _PREFIX + raw


def request_digest(raw: bytes) -> bytes:
    """SHA-256 of what the session key signs, 32 bytes."""
    return sha256(signed_bytes(raw)).digest()
