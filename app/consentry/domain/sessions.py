"""Sessions: one wallet signature that lets a P-256 key sign requests for at most eight hours (design §4,
Sessions).

Staff and system accounts sign `Session`; the patient's side signs `PatientSession`, in words of its own and
bound to who serves the page. The account that signed is recovered from the signature
(crypto.signatures.session_signer).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from consentry.domain import eip712, fields, times
from consentry.domain.addresses import Address
from consentry.domain.purposes import Purpose

MAX_SESSION_SECONDS = 8 * 3600
ANY_PURPOSE = "any"
STATEMENT = "I open my health record on this page. Until the time shown, the page may read for me."

TYPES = {
    "Session": eip712.struct(
        actor="address", member="string", purpose="string", key="string", expires="string"
    ),
    "PatientSession": eip712.struct(
        patient="address", servedBy="string", key="string", expires="string", statement="string"
    ),
}


class SessionKind(StrEnum):
    STAFF = "staff"
    SYSTEM = "system"
    PATIENT = "patient"


@dataclass(frozen=True)
class Session:
    """Of a person or system account. `key`: 65-byte uncompressed SEC1 point as 0x hex; `expires` in seconds.

    `purpose` is a code; a system account, which serves many people, may say "any".
    """

    actor: Address
    member: str
    purpose: str
    key: str
    expires: int

    def __post_init__(self) -> None:
        fields.address(self.actor, "session.actor")
        fields.name(self.member, "session.member")
        fields.member_of(self.purpose, (*Purpose, ANY_PURPOSE), "session.purpose")
        _key(self.key)
        times.iso(self.expires)

    def to_json(self) -> dict[str, Any]:
        return {
            "actor": self.actor,
            "member": self.member,
            "purpose": self.purpose,
            "key": self.key,
            "expires": times.iso(self.expires),
        }

    @classmethod
    def from_json(cls, obj: Any) -> Session:
        got = fields.exact(obj, ("actor", "member", "purpose", "key", "expires"), "session")
        expires = times.seconds(got["expires"], "session.expires")
        return cls(got["actor"], got["member"], got["purpose"], got["key"], expires)


@dataclass(frozen=True)
class PatientSession:
    """Of a patient's controller or representative; `served_by` is the name of who serves the page."""

    patient: Address
    served_by: str
    key: str
    expires: int
    statement: str = STATEMENT

    def __post_init__(self) -> None:
        fields.address(self.patient, "session.patient")
        fields.name(self.served_by, "session.servedBy")
        _key(self.key)
        times.iso(self.expires)
        fields.member_of(self.statement, (STATEMENT,), "session.statement")

    def to_json(self) -> dict[str, Any]:
        return {
            "patient": self.patient,
            "servedBy": self.served_by,
            "key": self.key,
            "expires": times.iso(self.expires),
            "statement": self.statement,
        }

    @classmethod
    def from_json(cls, obj: Any) -> PatientSession:
        got = fields.exact(obj, ("patient", "servedBy", "key", "expires", "statement"), "session")
        expires = times.seconds(got["expires"], "session.expires")
        return cls(got["patient"], got["servedBy"], got["key"], expires, got["statement"])


@dataclass(frozen=True)
class SessionCertificate:
    """The signed session: JSON `{fields, kind, signature}`, the signature as 0x hex of 65 bytes."""

    kind: SessionKind
    fields: Session | PatientSession
    signature: bytes

    def __post_init__(self) -> None:
        kind = SessionKind(fields.member_of(self.kind, SessionKind, "session.kind"))
        object.__setattr__(self, "kind", kind)
        if isinstance(self.fields, PatientSession) != (kind is SessionKind.PATIENT):
            fields.refuse("session.kind", "match its fields")
        if (
            isinstance(self.fields, Session)
            and kind is SessionKind.STAFF
            and self.fields.purpose == ANY_PURPOSE
        ):
            fields.refuse("session.purpose", "be one purpose for a person")
        fields.raw_bytes(self.signature, "session.signature", 65)

    def is_live(self, now: int) -> bool:
        """Whether it has not ended and does not last longer than a session may (`now` in seconds)."""
        return now < self.fields.expires <= now + MAX_SESSION_SECONDS

    def to_json(self) -> dict[str, Any]:
        return {
            "fields": self.fields.to_json(),
            "kind": str(self.kind),
            "signature": fields.to_hex(self.signature),
        }

    @classmethod
    def from_json(cls, obj: Any) -> SessionCertificate:
        """Read and check. Raises LayoutInvalid naming the field."""
        got = fields.exact(obj, ("fields", "kind", "signature"), "session")
        kind = SessionKind(fields.member_of(got["kind"], SessionKind, "session.kind"))
        reader = PatientSession if kind is SessionKind.PATIENT else Session
        signature = fields.hex_bytes(got["signature"], "session.signature", 65)
        return cls(kind, reader.from_json(got["fields"]), signature)


def typed_data(session: Session | PatientSession, chain_id: int) -> dict[str, Any]:
    """What the wallet shows and signs."""
    primary = type(session).__name__
    domain = {"name": "Consentry session", "version": "1", "chainId": chain_id}
    return eip712.typed_data(domain, primary, {primary: TYPES[primary]}, session.to_json())


def _key(value: Any) -> None:
    if fields.hex_bytes(value, "session.key", 65)[0] != 4:
        fields.refuse("session.key", "be an uncompressed point")
