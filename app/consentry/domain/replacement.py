"""What a patient signs to put one consent in the place of another (specification C-15, IConsentRegistry)."""

from __future__ import annotations

from typing import Any, Final

from consentry.domain import eip712, fields, terms
from consentry.domain.addresses import Address
from consentry.domain.terms import Consent

STATEMENT: Final = "I revoke the consent that this one replaces, and grant this one."
TYPE: Final = eip712.struct(statement="string", replaces="bytes32", consent="Consent")


def typed_data(replaced: bytes, consent: Consent, chain_id: int, contract: Address) -> dict[str, Any]:
    """What the wallet shows and signs; `replaced` is the id of the consent that ends. `contract` is the ConsentRegistry."""
    granted = terms.typed_data(consent, chain_id, contract)
    message = {"statement": STATEMENT, "replaces": fields.to_hex(replaced), "consent": granted["message"]}
    own = {name: kind for name, kind in granted["types"].items() if name != "EIP712Domain"}
    return eip712.typed_data(granted["domain"], "Replacement", {"Replacement": TYPE, **own}, message)
