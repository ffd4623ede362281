"""The fields of the EIP-712 structs in order, written down once more from the specification."""

from __future__ import annotations

from typing import Any

PROVISION_FIELDS = [
    ("purposes", "string[]"),
    ("categories", "string[]"),
    ("confidentiality", "string"),
    ("dataFrom", "string"),
    ("dataUntil", "string"),
    ("authors", "string[]"),
    ("records", "string[]"),
]
TERMS_FIELDS = [
    ("recipientName", "string"),
    ("recipient", "address"),
    ("roles", "string[]"),
    ("provisions", "Provision[]"),
    ("maxUses", "uint32"),
    ("salt", "bytes32"),
]
CONSENT_FIELDS = [
    ("patient", "address"),
    ("terms", "Terms"),
    ("validFrom", "string"),
    ("validUntil", "string"),
    ("relayBefore", "string"),
]
SCOPE_FIELDS = [("provisions", "Provision[]"), ("salt", "bytes32")]
MANDATE_FIELDS = [
    ("patient", "address"),
    ("representative", "address"),
    ("statement", "string"),
    ("scope", "Scope"),
    ("validFrom", "string"),
    ("validUntil", "string"),
    ("relayBefore", "string"),
]
REPLACEMENT_FIELDS = [("statement", "string"), ("replaces", "bytes32"), ("consent", "Consent")]
REVOCATION_FIELDS = [("patient", "address"), ("statement", "string"), ("consentId", "bytes32")]
DOMAIN_FIELDS = [
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
]
CONSENT_TYPES = {"Consent": CONSENT_FIELDS, "Provision": PROVISION_FIELDS, "Terms": TERMS_FIELDS}
MANDATE_TYPES = {"Mandate": MANDATE_FIELDS, "Provision": PROVISION_FIELDS, "Scope": SCOPE_FIELDS}


def typed_in(
    domain: dict[str, Any], primary: str, types: dict[str, list], message: dict[str, Any]
) -> dict[str, Any]:
    """Typed data as wallets take it."""
    described = {
        struct: [{"name": field, "type": kind} for field, kind in fields]
        for struct, fields in {"EIP712Domain": DOMAIN_FIELDS, **types}.items()
    }
    return {"types": described, "primaryType": primary, "domain": domain, "message": message}
