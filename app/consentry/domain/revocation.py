"""A signed revocation, `Revocation(address patient,string statement,bytes32 consentId)`, and a keeper's word that it has seen
one (specification C-6, K-17, L-23)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from consentry.domain import canonical, eip712, fields, times
from consentry.domain.addresses import Address
from consentry.domain.canonical import keccak

STATEMENT = "I revoke this consent. Nothing more may be released under it."
WALLET_SIGNATURE_BYTES = 4_096
"""A key signs in 65 bytes; a wallet contract judges bytes of its own kind (C-4), of which nobody carries more."""

TYPES = {"Revocation": eip712.struct(patient="address", statement="string", consentId="bytes32")}
_KEYS = ("consentId", "patient", "signature")
_SEEN_KEYS = ("chainId", "consentId", "keeper", "patient", "seenAt", "type")


def typed_data(patient: Address, consent_id: bytes, chain_id: int, contract: Address) -> dict[str, Any]:
    """What the wallet shows and signs; `consent_id` is 32 bytes."""
    domain = {"name": "Consentry", "version": "1", "chainId": chain_id, "verifyingContract": contract}
    message = {
        "patient": patient,
        "statement": STATEMENT,
        "consentId": fields.to_hex(fields.raw_bytes(consent_id, "consentId")),
    }
    return eip712.typed_data(domain, "Revocation", TYPES, message)


def digest(patient: Address, consent_id: bytes, chain_id: int, contract: Address) -> bytes:
    """The 32 bytes that are signed."""
    return eip712.digest(typed_data(patient, consent_id, chain_id, contract))


@dataclass(frozen=True)
class SignedRevocation:
    """`consent_id` (32 bytes) is a consent's or a mandate's; whose signature it is, only the chain can say."""

    patient: Address
    consent_id: bytes
    signature: bytes

    def __post_init__(self) -> None:
        fields.address(self.patient, "revocation.patient")
        fields.raw_bytes(self.consent_id, "revocation.consentId")
        fields.raw_bytes(self.signature, "revocation.signature", 1, WALLET_SIGNATURE_BYTES)

    @classmethod
    def from_json(cls, obj: Any) -> SignedRevocation:
        """Raises LayoutInvalid naming the field."""
        got = fields.exact(obj, _KEYS, "revocation")
        return cls(
            patient=fields.address(got["patient"], "revocation.patient"),
            consent_id=fields.hex_bytes(got["consentId"], "revocation.consentId"),
            signature=fields.hex_bytes(got["signature"], "revocation.signature", 1, WALLET_SIGNATURE_BYTES),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "consentId": fields.to_hex(self.consent_id),
            "patient": self.patient,
            "signature": fields.to_hex(self.signature),
        }


@dataclass(frozen=True)
class Acknowledgement:
    """A keeper's word: it releases nothing more under this id, from `seen_at` (seconds) on."""

    chain_id: int
    consent_id: bytes
    keeper: Address
    patient: Address
    seen_at: int

    def __post_init__(self) -> None:
        fields.integer(self.chain_id, "acknowledgement.chainId", 1)
        fields.raw_bytes(self.consent_id, "acknowledgement.consentId")
        fields.address(self.keeper, "acknowledgement.keeper")
        fields.address(self.patient, "acknowledgement.patient")
        times.iso(self.seen_at)

    @classmethod
    def parse(cls, raw: bytes) -> Acknowledgement:
        """Read the canonical bytes. Raises LayoutInvalid naming the field."""
        got = fields.exact(raw, _SEEN_KEYS, "acknowledgement")
        fields.member_of(got["type"], ("revocation-seen",), "acknowledgement.type")
        return cls(
            chain_id=got["chainId"],
            consent_id=fields.hex_bytes(got["consentId"], "acknowledgement.consentId"),
            keeper=got["keeper"],
            patient=got["patient"],
            seen_at=times.seconds(got["seenAt"], "acknowledgement.seenAt"),
        )

    def to_bytes(self) -> bytes:
        return self._bytes

    def signing_digest(self) -> bytes:
        """What the keeper's account signs (L-23), 32 bytes."""
        return keccak(b"consentry/v1/revocation-seen", self.chain_id.to_bytes(32, "big"), self._bytes)

    def to_json(self) -> dict[str, Any]:
        return {
            "chainId": self.chain_id,
            "consentId": fields.to_hex(self.consent_id),
            "keeper": self.keeper,
            "patient": self.patient,
            "seenAt": times.iso(self.seen_at),
            "type": "revocation-seen",
        }

    @cached_property
    def _bytes(self) -> bytes:
        return canonical.dumps(self.to_json())
