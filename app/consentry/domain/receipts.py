"""Receipts: what a keeper writes down before it lets a share go (specification K-6, L-18)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from consentry.domain import canonical, fields, times
from consentry.domain.addresses import Address
from consentry.domain.canonical import keccak
from consentry.domain.categories import Category
from consentry.domain.grounds import PERMITTED, REFUSALS, GroundType
from consentry.domain.headers import category
from consentry.domain.purposes import Purpose
from consentry.domain.receipt_items import ReceiptItem

MAX_RECEIPT_BYTES = 4096
SALT_BYTES = 16
RELEASED, REFUSED = "released", "refused"

_KEYS = (
    "actor",
    "chainId",
    "category",
    "committeeVersion",
    "consentId",
    "decision",
    "episode",
    "ground",
    "item",
    "keeper",
    "member",
    "patient",
    "practitioner",
    "purpose",
    "reason",
    "requestDigest",
    "salt",
    "seq",
    "time",
    "version",
)
_NAMED = ("openingId", "mandateId")
"""Each stands only where there is one."""


@dataclass(frozen=True)
class Receipt:
    """One decision of one keeper about one item.

    `time` in seconds; `salt` 16 random bytes; `version` of the layout.

    `consent_id` (32 bytes) only under CONSENT, `opening_id` (32 bytes) only under EMERGENCY,
    `mandate_id` (32 bytes) only under SELF by a mandate's representative; `episode` is who asserted a
    current episode, if anybody did; `member` is None on the patient's side; `reason` is a name of
    grounds.Reason or grounds.KeeperReason, `Permitted` exactly when the share was released.
    """

    actor: Address
    chain_id: int
    category: Category
    committee_version: int
    consent_id: bytes | None
    decision: str
    ground: GroundType
    item: ReceiptItem
    keeper: Address
    member: Address | None
    patient: Address
    practitioner: Address | None
    purpose: str
    reason: str
    request_digest: bytes
    salt: bytes
    seq: int
    time: int
    episode: Address | None = None
    opening_id: bytes | None = None
    mandate_id: bytes | None = None
    version: int = 1

    def __post_init__(self) -> None:
        where = "receipt."
        for name in ("actor", "keeper", "patient"):
            fields.address(getattr(self, name), where + name)
        for name in ("episode", "member", "practitioner"):
            fields.optional_address(getattr(self, name), where + name)
        fields.integer(self.chain_id, where + "chainId", 1)
        fields.integer(self.committee_version, where + "committeeVersion", 1)
        fields.integer(self.seq, where + "seq")
        fields.integer(self.version, where + "version", 1, 1)
        times.iso(self.time)
        object.__setattr__(self, "category", category(self.category, where + "category"))
        ground = GroundType(fields.member_of(self.ground, GroundType, where + "ground"))
        object.__setattr__(self, "ground", ground)
        fields.member_of(self.purpose, Purpose, where + "purpose")
        fields.raw_bytes(self.request_digest, where + "requestDigest")
        fields.raw_bytes(self.salt, where + "salt", SALT_BYTES)
        if self.consent_id is not None:
            fields.raw_bytes(self.consent_id, where + "consentId")
        if (self.consent_id is not None) != (ground is GroundType.CONSENT):
            fields.refuse(where + "consentId", "be there exactly under CONSENT")
        if self.opening_id is not None:
            fields.raw_bytes(self.opening_id, where + "openingId")
        if (self.opening_id is not None) != (ground is GroundType.EMERGENCY):
            fields.refuse(where + "openingId", "be there exactly under EMERGENCY")
        if self.mandate_id is not None:
            fields.raw_bytes(self.mandate_id, where + "mandateId")
            if ground is not GroundType.SELF:
                fields.refuse(where + "mandateId", "be there only under SELF")
        if self.episode is not None and ground is not GroundType.CONSENT:
            fields.refuse(where + "episode", "be there only under CONSENT")
        fields.member_of(self.decision, (RELEASED, REFUSED), where + "decision")
        fields.member_of(
            self.reason, (PERMITTED,) if self.decision == RELEASED else REFUSALS, where + "reason"
        )

    def to_json(self) -> dict[str, Any]:
        """The keys `openingId` and `mandateId` stand only where there is one: other receipts are as they always were."""
        named = {"openingId": self.opening_id, "mandateId": self.mandate_id}
        return {key: fields.to_hex(value) for key, value in named.items() if value is not None} | {
            "actor": self.actor,
            "category": str(self.category),
            "chainId": self.chain_id,
            "committeeVersion": self.committee_version,
            "consentId": None if self.consent_id is None else fields.to_hex(self.consent_id),
            "decision": self.decision,
            "episode": self.episode,
            "ground": str(self.ground),
            "item": self.item.to_json(),
            "keeper": self.keeper,
            "member": self.member,
            "patient": self.patient,
            "practitioner": self.practitioner,
            "purpose": str(self.purpose),
            "reason": str(self.reason),
            "requestDigest": fields.to_hex(self.request_digest),
            "salt": fields.to_hex(self.salt),
            "seq": self.seq,
            "time": times.iso(self.time),
            "version": self.version,
        }

    def to_bytes(self) -> bytes:
        return self._bytes

    @classmethod
    def parse(cls, raw: bytes) -> Receipt:
        """Read a receipt's bytes. Raises LayoutInvalid naming the field."""
        if not isinstance(raw, bytes) or len(raw) > MAX_RECEIPT_BYTES:
            fields.refuse("receipt", f"be at most {MAX_RECEIPT_BYTES} bytes")
        obj = canonical.loads(raw, "receipt")
        named = [key for key in _NAMED if isinstance(obj, dict) and key in obj]
        got = fields.exact(obj, (*_KEYS, *named), "receipt")
        opening_id, mandate_id = (
            fields.hex_bytes(got[key], f"receipt.{key}") if key in named else None for key in _NAMED
        )
        consent_id = got["consentId"]
        return cls(
            actor=got["actor"],
            chain_id=got["chainId"],
            category=got["category"],
            committee_version=got["committeeVersion"],
            consent_id=None if consent_id is None else fields.hex_bytes(consent_id, "receipt.consentId"),
            decision=got["decision"],
            episode=got["episode"],
            opening_id=opening_id,
            mandate_id=mandate_id,
            ground=got["ground"],
            item=ReceiptItem.parse(got["item"]),
            keeper=got["keeper"],
            member=got["member"],
            patient=got["patient"],
            practitioner=got["practitioner"],
            purpose=got["purpose"],
            reason=got["reason"],
            request_digest=fields.hex_bytes(got["requestDigest"], "receipt.requestDigest"),
            salt=fields.hex_bytes(got["salt"], "receipt.salt", SALT_BYTES),
            seq=got["seq"],
            time=times.seconds(got["time"], "receipt.time"),
            version=got["version"],
        )

    @cached_property
    def _bytes(self) -> bytes:
        """The canonical form of `to_json`, put together: a keeper makes one for every item, and no value here has a character
        that JSON would write in another way."""
        return (
            f'{{"actor":"{self.actor}","category":"{self.category}","chainId":{self.chain_id}'
            f',"committeeVersion":{self.committee_version},"consentId":{_hex(self.consent_id)}'
            f',"decision":"{self.decision}","episode":{_text(self.episode)},"ground":"{self.ground}"'
            f',"item":{self.item.canonical},"keeper":"{self.keeper}"{_named("mandateId", self.mandate_id)}'
            f',"member":{_text(self.member)}{_named("openingId", self.opening_id)},"patient":"{self.patient}"'
            f',"practitioner":{_text(self.practitioner)},"purpose":"{self.purpose}","reason":"{self.reason}"'
            f',"requestDigest":{_hex(self.request_digest)},"salt":{_hex(self.salt)},"seq":{self.seq}'
            f',"time":"{times.iso(self.time)}","version":{self.version}}}'
        ).encode("ascii")


def _text(value: str | None) -> str:
    return "null" if value is None else f'"{value}"'


def _hex(value: bytes | None) -> str:
    return "null" if value is None else f'"0x{value.hex()}"'


def _named(key: str, value: bytes | None) -> str:
    return "" if value is None else f',"{key}":{_hex(value)}'


def receipt_value(raw: bytes) -> bytes:
    """The receipt's Merkle value (L-18), 32 bytes."""
    return keccak(b"consentry/v1/receipt", raw)


def signing_digest(chain_id: int, raw: bytes) -> bytes:
    """What the keeper's account signs (L-18), 32 bytes."""
    chain = fields.integer(chain_id, "chainId", 1).to_bytes(32, "big")
    return keccak(b"consentry/v1/receipt-signature", chain, raw)
