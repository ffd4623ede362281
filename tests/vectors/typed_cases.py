"""Vectors of typed data: consents, revocations, signed identity changes (specification C-1, C-2, C-11, I-3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from consentry.crypto.signatures import sign_digest
from consentry.domain import (
    canonical,
    eip712,
    fields,
    guardians,
    identity_typed,
    mandates,
    openings,
    replacement,
    revocation,
)
from consentry.domain.guardians import GuardianSet
from consentry.domain.terms import (
    MAX_TERMS_BYTES,
    Consent,
    Terms,
    consent_id,
    in_words,
    terms_hash,
    typed_data,
)
from tests.vectors import samples
from tests.vectors.mutations import GONE, Change, changed
from tests.vectors.samples import ALICE, CHAIN_ID, CONSENTS, account, filler

HEX = fields.to_hex
EMERGENCY = account("EmergencyAccess")
# alice signs all of these, whoever would
OPENING = replace(samples.opening(), first=ALICE)
GUARDIANS = GuardianSet.of(2, (samples.MERCY, samples.CITY, samples.DR_BOSE), filler("guardian salt"))


def terms() -> dict[str, Any]:
    one_record = samples.provision(records=(HEX(filler("record")),), data_until="any", confidentiality="V")
    largest = Terms.from_json(_terms_of(MAX_TERMS_BYTES))
    consents = [
        samples.consent(),
        samples.consent(samples.terms(samples.anything(), roles=("any",), max_uses=2**32 - 1)),
        samples.consent(
            samples.terms(samples.provision(), one_record, recipient_name="市立诊所", max_uses=3)
        ),
        samples.consent(largest),
    ]
    return {
        "about": (
            "C-1, C-11. `message` is the JSON form of a consent and its EIP-712 message; `words` is what a patient reads. "
            "`refused` messages name the field that is wrong."
        ),
        "chainId": CHAIN_ID,
        "contract": CONSENTS,
        "privateKey": HEX(filler("account alice")),
        "typedData": typed_data(consents[0], CHAIN_ID, CONSENTS),
        "valid": [_consent_case(consent) for consent in consents],
        "refused": [
            {"why": why, "field": _field(path), "message": changed(consents[0].to_json(), path, value)}
            for why, path, value in _wrong_terms(consents[0])
        ],
    }


def _terms_of(size: int) -> dict[str, Any]:
    """Terms of so many bytes of canonical JSON: as many records as fit, and one author's name that fills the rest."""
    made = samples.terms().to_json()
    one = made["provisions"][0]

    def length(records: int, author: str) -> int:
        ids = [HEX(filler(f"record {n}")) for n in range(records)]
        made["provisions"] = [one | {"records": ids[at : at + 99]} for at in range(0, records, 99)]
        made["provisions"][0]["authors"] = [author]
        return len(canonical.dumps(made))

    records = max(count for count in range(150, 240) if length(count, "n") <= size)
    author = "n" * (1 + size - length(records, "n"))
    assert length(records, author) == size
    return made


def _consent_case(consent: Consent) -> dict[str, Any]:
    digest = consent_id(consent, CHAIN_ID, CONSENTS)
    return {
        "message": consent.to_json(),
        "termsHash": HEX(terms_hash(consent.terms)),
        "consentId": HEX(digest),
        "signature": HEX(sign_digest(filler("account alice"), digest)),
        "words": {language: in_words(consent, language) for language in ("en", "zh")},
    }


def _field(path: tuple[str | int, ...]) -> str:
    written = ""
    for step in path:
        written += f"[{step}]" if isinstance(step, int) else f".{step}"
    return written.removeprefix(".")


def _wrong_terms(consent: Consent) -> list[Change]:
    t: tuple[str, ...] = ("terms",)
    p: tuple[str | int, ...] = ("terms", "provisions", 0)
    capital = "0x" + consent.terms.recipient[2:].upper()
    return [
        ("no roles", (*t, "roles"), []),
        ("unknown role", (*t, "roles"), ["wizard"]),
        ("any among roles", (*t, "roles"), ["any", "nurse"]),
        ("a role twice", (*t, "roles"), ["nurse", "nurse"]),
        ("roles as text", (*t, "roles"), "any"),
        ("no provisions", (*t, "provisions"), []),
        ("terms of one byte too many", t, _terms_of(MAX_TERMS_BYTES + 1)),
        ("21 provisions", (*t, "provisions"), [samples.provision().to_json()] * 21),
        ("empty name", (*t, "recipientName"), ""),
        ("name with a line end", (*t, "recipientName"), "City\nClinic"),
        ("name that reads backwards", (*t, "recipientName"), "City \u202ecinilC"),
        ("name with a hidden joiner", (*t, "recipientName"), "City\u200dClinic"),
        ("name with two spaces", (*t, "recipientName"), "City  Clinic"),
        ("name not composed", (*t, "recipientName"), "Clinique Sante\u0301"),
        ("name of 101 bytes", (*t, "recipientName"), "n" * 101),
        ("name of 34 characters that are 102 bytes", (*t, "recipientName"), "诊" * 34),
        ("recipient anybody", (*t, "recipientName"), "any"),
        ("recipient in capitals", (*t, "recipient"), capital),
        ("recipient zero", (*t, "recipient"), "0x" + "00" * 20),
        ("uses below zero", (*t, "maxUses"), -1),
        ("uses beyond 32 bits", (*t, "maxUses"), 2**32),
        ("salt of 31 bytes", (*t, "salt"), "0x" + "11" * 31),
        ("salt without 0x", (*t, "salt"), "11" * 32),
        ("salt zero", (*t, "salt"), "0x" + "00" * 32),
        ("salt missing", (*t, "salt"), GONE),
        ("unknown purpose", (*p, "purposes"), ["MARKETING"]),
        ("no purposes", (*p, "purposes"), []),
        ("unknown category", (*p, "categories"), ["laboratory", "astrology"]),
        ("any among categories", (*p, "categories"), ["any", "laboratory"]),
        ("unknown confidentiality", (*p, "confidentiality"), "U"),
        ("empty period", (*p, "dataUntil"), "2025-01-01T00:00:00Z"),
        ("impossible date", (*p, "dataFrom"), "2025-02-30T00:00:00Z"),
        ("date alone", (*p, "dataFrom"), "2025-02-03"),
        ("no authors", (*p, "authors"), []),
        ("author with a control character", (*p, "authors"), ["Mercy\u0000"]),
        ("record id in capitals", (*p, "records"), ["0x" + "AB" * 32]),
        ("record id too short", (*p, "records"), ["0x00"]),
        ("empty window", ("validUntil",), "2026-03-01T09:30:00Z"),
        ("relay after the end", ("relayBefore",), "2026-12-01T00:00:00Z"),
        ("impossible time", ("validFrom",), "2026-03-01T09:60:00Z"),
        ("before 1970", ("validFrom",), "1969-12-31T23:59:59Z"),
        ("patient in capitals", ("patient",), "0x" + consent.patient[2:].upper()),
    ]


def other_typed_data() -> dict[str, Any]:
    registry = account("IdentityRegistry")
    base: dict[str, Any] = {"identity": ALICE, "nonce": 3, "deadline": samples.NOW}
    given = filler("consent id")
    cases = [
        revocation.typed_data(ALICE, given, CHAIN_ID, CONSENTS),
        replacement.typed_data(given, samples.consent(), CHAIN_ID, CONSENTS),
        identity_typed.set_attribute(
            CHAIN_ID,
            registry,
            name="did/svc/ConsentryDirectory",
            value=samples.cid("document 2"),
            validity=2**40,
            **base,
        ),
        identity_typed.revoke_attribute(CHAIN_ID, registry, name="did/svc/X", value="y", **base),
        identity_typed.add_delegate(
            CHAIN_ID,
            registry,
            delegate_type="consent",
            delegate=samples.DR_BOSE,
            validity=86_400,
            **base,
        ),
        identity_typed.revoke_delegate(
            CHAIN_ID, registry, delegate_type="consent", delegate=samples.DR_BOSE, **base
        ),
        identity_typed.change_owner(CHAIN_ID, registry, new_owner=samples.CITY, **base),
        guardians.name_guardians(CHAIN_ID, registry, commitment=GUARDIANS.commitment(ALICE), **base),
        guardians.recovery(
            CHAIN_ID, registry, identity=ALICE, new_owner=samples.CITY, attempt=2, deadline=samples.NOW
        ),
        mandates.typed_data(samples.mandate(), CHAIN_ID, CONSENTS),
        guardians.veto(CHAIN_ID, registry, new_owner=samples.CITY, attempt=2, **base),
        openings.typed_data(OPENING, CHAIN_ID, EMERGENCY),
        openings.closing_data(given, ALICE, CHAIN_ID, EMERGENCY),
        openings.review_data(given, openings.Finding.Justified, ALICE, CHAIN_ID, EMERGENCY),
    ]
    return {
        "about": (
            "Typed data that wallets sign besides consents and sessions, with its EIP-712 digest; and the set of guardians "
            "behind a commitment (I-4)."
        ),
        "privateKey": HEX(filler("account alice")),
        "guardianSet": GUARDIANS.to_json(),
        "cases": [
            {
                "typedData": data,
                "digest": HEX(digest),
                "signature": HEX(sign_digest(filler("account alice"), digest)),
            }
            for data in cases
            for digest in (eip712.digest(data),)
        ],
    }
