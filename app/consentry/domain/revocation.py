"""A signed revocation: `Revocation(address patient,string statement,bytes32 consentId)`."""

from __future__ import annotations

from typing import Any

from consentry.domain import eip712, fields
from consentry.domain.addresses import Address

STATEMENT = "I revoke this consent. Nothing more may be released under it."

TYPES = {"Revocation": eip712.struct(patient="address", statement="string", consentId="bytes32")}


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
