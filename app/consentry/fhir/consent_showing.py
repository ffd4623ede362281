"""A Consent as clients see it: what was agreed, where it stands on chain, and what a wallet signs next (N-5)."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from consentry.domain import fields, times
from consentry.errors import ConsentNotExpressible, ConsentSignatureMissing, LayoutInvalid
from consentry.fhir import jsontext
from consentry.fhir.consent_codes import OURS
from consentry.fhir.jsontext import Json

TO_GRANT = f"{OURS}consent:to-grant"
TO_REVOKE = f"{OURS}consent:to-revoke"
SIGNATURE = f"{OURS}consent:signature"
TRANSACTION = f"{OURS}consent:transaction"
MOST_SIGNED = 4_096
_SIGNED_AT = "Consent.extension"


class State(StrEnum):
    """R4 value set consent-state-codes, as far as consents here get. Each is a version of the resource, in this order."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    INACTIVE = "inactive"

    @property
    def version(self) -> str:
        return str(list(State).index(self) + 1)


@dataclass(frozen=True)
class Facts:
    """Where a consent stands. `changed_at` in seconds; `to_grant` and `to_revoke` are EIP-712 typed data, None where signing
    them would change nothing; `transaction` is the last one that this gateway relayed."""

    consent_id: bytes
    state: State
    changed_at: int
    to_grant: dict[str, Any] | None
    to_revoke: dict[str, Any] | None
    transaction: bytes | None


def logical_id(consent_id: bytes) -> str:
    """Its 32 bytes in hex, which are just as long as FHIR lets an id be."""
    return consent_id.hex()


def shown(agreed: dict[str, Json], facts: Facts) -> dict[str, Json]:
    """The whole resource. `agreed` has neither id, status nor extensions of ours."""
    meta = {
        **agreed.get("meta", {}),
        "versionId": facts.state.version,
        "lastUpdated": times.iso(facts.changed_at),
    }
    ours: list[Json] = [
        {"url": url, "valueAttachment": _attached(data, title)}
        for url, data, title in (
            (TO_GRANT, facts.to_grant, "What the patient's wallet signs to grant"),
            (TO_REVOKE, facts.to_revoke, "What the patient's wallet signs to revoke"),
        )
        if data is not None
    ]
    if facts.transaction is not None:
        ours.append({"url": TRANSACTION, "valueString": fields.to_hex(facts.transaction)})
    extensions = [*agreed.get("extension", ()), *ours]
    resource = {**agreed, "id": logical_id(facts.consent_id), "meta": meta, "status": str(facts.state)}
    return {**resource, "extension": extensions} if extensions else resource


def signature(resource: dict[str, Json]) -> str:
    """The wallet's signature over the typed data, `0x` and hex, from the extension that carries it as a FHIR Signature.

    Raises ConsentSignatureMissing, ConsentNotExpressible for one that cannot be read.
    """
    found = [one for one in resource.get("extension", ()) if one.get("url") == SIGNATURE]
    if not found:
        raise ConsentSignatureMissing(expression=(_SIGNED_AT,))
    value = found[0].get("valueSignature", {})
    try:
        raw = fields.base64_bytes(value.get("data"), "data", 1, MOST_SIGNED)
    except LayoutInvalid:
        raw = b""
    if len(found) > 1 or not raw:
        raise ConsentNotExpressible(
            f"{_SIGNED_AT}: must be one Signature with the wallet's bytes in base64", expression=(_SIGNED_AT,)
        )
    return fields.to_hex(raw)


def _attached(data: dict[str, Any], title: str) -> dict[str, Json]:
    encoded = b64encode(jsontext.write(data)).decode("ascii")
    return {"contentType": "application/json", "title": title, "data": encoded}
