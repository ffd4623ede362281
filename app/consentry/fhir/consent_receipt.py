"""A receipt of a consent for the patient, shaped after ISO/IEC TS 27560:2023 (N-7).

Sections and fields follow that document's own names as the W3C's Data Privacy Vocabulary community group lists them (guide
"Consent Records and Receipts as per ISO/IEC TS 27560:2023 using DPV"): header, processing, parties, events. Shaped after, not
conformant: no validator ran, and what a gateway cannot know (postal addresses, jurisdiction) says so. The person is named by a
digest: the pseudonym itself stays out of a receipt, though whoever has the chain finds it by the record id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from consentry.domain import fields, times
from consentry.domain.canonical import keccak
from consentry.domain.categories import SENSITIVE, Category
from consentry.domain.purposes import WORDS, Purpose
from consentry.domain.terms import ANY, Consent, in_words
from consentry.domain.wording import CATEGORY_WORDS
from consentry.fhir.consent_showing import State

SCHEMA: Final = "urn:consentry:consent-receipt:1"
SHAPED_AFTER: Final = "ISO/IEC TS 27560:2023"
UNKNOWN: Final = "not known to this gateway; ask the recipient"
_STATES = {State.PROPOSED: "requested", State.ACTIVE: "given", State.INACTIVE: "terminated"}
_SENSITIVE = frozenset(SENSITIVE)


@dataclass(frozen=True)
class Issued:
    """By whom and when a receipt is issued, and where its consent stands. Times in seconds; `changed_at`: when the chain last
    said something of it, 0 for never. `consent_id` and `transaction` are 32 bytes."""

    consent_id: bytes
    state: State
    proposed_at: int
    changed_at: int
    transaction: bytes | None
    issuer: str
    issued_at: int


def receipt(consent: Consent, issued: Issued) -> dict[str, Any]:
    """The receipt as JSON."""
    digest = keccak(b"consentry/v1/receipt-principal" + issued.consent_id + consent.patient.encode("ascii"))
    return {
        "schema_version": SCHEMA,
        "shaped_after": SHAPED_AFTER,
        "receipt_id": fields.to_hex(keccak(issued.consent_id + str(issued.issued_at).encode("ascii"))),
        "receipt_timestamp": times.iso(issued.issued_at),
        "receipt_issuer": issued.issuer,
        "consent_record": {
            "record_id": fields.to_hex(issued.consent_id),
            "pii_principal_id": fields.to_hex(digest),
            "pii_processing": _processing(consent),
            "party": [_party(consent)],
            "event": _events(consent, issued),
        },
    }


def _processing(consent: Consent) -> dict[str, Any]:
    terms = consent.terms
    return {
        "privacy_notice": {language: in_words(consent, language) for language in ("en", "zh")},
        "language": ["en", "zh"],
        "purposes": [_purposes(one.purposes) for one in terms.provisions],
        "lawful_basis": "consent",
        "pii_information": [_information(one.to_json()) for one in terms.provisions],
        "pii_controllers": [terms.recipient],
        "collection_method": "records that the institutions named in pii_information wrote and sealed",
        "processing_method": "reading, by the roles named in recipient_third_parties",
        "storage_locations": UNKNOWN,
        "retention_period": "until it is withdrawn or ends; what was read before stays read",
        "jurisdiction": UNKNOWN,
        "recipient_third_parties": [{"party_id": terms.recipient, "roles": list(terms.roles)}],
        "withdrawal_method": (
            "sign the revocation with the wallet, at any member's gateway: on the patient page, by `consentry consent "
            "revoke`, or by an update of the FHIR Consent to inactive"
        ),
    }


def _purposes(codes: tuple[str, ...]) -> list[dict[str, str]]:
    if codes == (ANY,):
        return [{"purpose": "any purpose", "purpose_type": ANY}]
    return [{"purpose": WORDS[Purpose(code)], "purpose_type": code} for code in codes]


def _information(provision: dict[str, Any]) -> dict[str, Any]:
    """One permission: what data, how confidential, of when, by whom."""
    named = [ANY] if provision["categories"] == [ANY] else provision["categories"]
    return {
        "pii_type": [
            "every kind of record" if one == ANY else CATEGORY_WORDS[Category(one)][0] for one in named
        ],
        "pii_attribute_id": named,
        "sensitive_pii_category": [
            one for one in Category if one in _SENSITIVE and (named == [ANY] or one in named)
        ],
        "special_pii_category": "health",
        **{key: provision[key] for key in ("confidentiality", "dataFrom", "dataUntil", "authors", "records")},
    }


def _party(consent: Consent) -> dict[str, Any]:
    return {
        "party_id": consent.terms.recipient,
        "party_name": consent.terms.recipient_name,
        "party_role": "PII controller, recipient",
        "party_address": UNKNOWN,
    }


def _events(consent: Consent, issued: Issued) -> list[dict[str, Any]]:
    """What is known: the proposal, and what the chain says now."""
    validity = {"from": times.iso(consent.valid_from), "until": times.iso(consent.valid_until)}
    found = [
        _event(State.PROPOSED, issued.proposed_at, consent.terms.recipient) | {"validity_duration": validity}
    ]
    if issued.state is not State.PROPOSED:
        found.append(_event(issued.state, issued.changed_at or consent.valid_until, "PII principal"))
    if issued.transaction is not None:
        found[-1]["transaction"] = fields.to_hex(issued.transaction)
    return found


def _event(state: State, at: int, entity: str) -> dict[str, Any]:
    return {
        "event_type": "explicit consent",
        "event_state": _STATES[state],
        "event_time": times.iso(at),
        "entity_id": entity,
    }
