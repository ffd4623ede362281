"""Vectors of keepers' acknowledgements of revocations (specification L-23)."""

from __future__ import annotations

from typing import Any

from consentry.crypto.signatures import sign_digest
from consentry.domain import fields
from consentry.domain.revocation import Acknowledgement
from tests.vectors import samples
from tests.vectors.mutations import GONE, Change, refused
from tests.vectors.samples import CHAIN_ID, KEEPER, filler

HEX = fields.to_hex


def acknowledgements() -> dict[str, Any]:
    said = [
        Acknowledgement(CHAIN_ID, filler("consent id"), KEEPER, samples.ALICE, samples.NOW),
        Acknowledgement(2**53 - 1, filler("mandate id"), KEEPER, samples.ALICE, samples.NOW + 1),
    ]
    return {
        "about": "L-23. What a keeper says that was shown a revocation, with its account's signature.",
        "keeper": KEEPER,
        "valid": [_case(one) for one in said],
        "refused": refused(said[0].to_json(), _WRONG),
    }


_WRONG: list[Change] = [
    ("another type", ("type",), "receipt"),
    ("keeper missing", ("keeper",), GONE),
    ("keeper as a name", ("keeper",), "City Clinic"),
    ("consent id too short", ("consentId",), "0x00"),
    ("time in seconds", ("seenAt",), samples.NOW),
    ("chain zero", ("chainId",), 0),
    ("a word too many", ("reason",), "because"),
]


def _case(one: Acknowledgement) -> dict[str, Any]:
    return {
        "text": one.to_bytes().decode(),
        "signingDigest": HEX(one.signing_digest()),
        "signature": HEX(sign_digest(filler("account keeper"), one.signing_digest())),
    }
