"""What a gateway's desk keeps, as values (design §3: link, consent)."""

from __future__ import annotations

from dataclasses import dataclass

from consentry.domain.addresses import Address
from consentry.domain.terms import Consent


@dataclass(frozen=True)
class Link:
    """`ref` is the opaque name that the person has in this gateway's URLs, `number_digest` 32 bytes. Time in seconds.

    `linked_by` names the client or staff account at the desk; `text` and `signature` (0x hex) are what the wallet signed.
    """

    ref: str
    number_digest: bytes
    patient: Address
    linked_at: int
    linked_by: str
    text: str
    signature: str


@dataclass(frozen=True)
class KeptConsent:
    """`consent_id` is 32 bytes; `transaction` the last one (32 bytes) that this gateway relayed for it, if any."""

    consent_id: bytes
    consent: Consent
    proposed_at: int
    proposed_by: str
    transaction: bytes | None = None


@dataclass(frozen=True)
class NotedEpisode:
    """The person with this reference is in a department's care until a time (seconds); `noted_by` names the client."""

    ref: str
    department: str
    until: int
    noted_at: int
    noted_by: str
