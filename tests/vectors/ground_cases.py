"""Vectors of requests under grounds other than a consent of one's own (specification K-15)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from consentry.domain import fields
from tests.vectors import samples
from tests.vectors.mutations import GONE, Change, refused
from tests.vectors.request_cases import request_case
from tests.vectors.samples import filler

HEX = fields.to_hex


def grounds() -> dict[str, Any]:
    return {
        "about": "As requests.json: what readers sign under EMERGENCY, and with a mandate.",
        "sessionKey": HEX(filler("session key")),
        "publicKey": samples.session_key().public,
        "valid": [
            request_case(samples.emergency_request()),
            request_case(samples.mandate_request()),
            request_case(samples.mandate_request("CONSENT")),
        ],
        "refused": refused(samples.emergency_request().to_json(), _WRONG_EMERGENCIES)
        + refused(samples.mandate_request().to_json(), _WRONG_MANDATES)
        + refused(
            samples.mandate_request("CONSENT").to_json(),
            [("consent under another patient's mandate", ("ground", "mandate", "patient"), samples.CITY)],
        )
        + refused(
            replace(samples.request("system"), items=(samples.seed_item(),)).to_json(),
            [("EMERGENCY of a system", ("ground",), samples.emergency_request().ground.to_json())],
        ),
    }


_SHOWN = ("ground", "mandate")
_WRONG_MANDATES: list[Change] = [
    ("mandate of another patient", (*_SHOWN, "patient"), samples.CITY),
    ("mandate of another representative", (*_SHOWN, "representative"), samples.CITY),
    ("mandate of nobody", (*_SHOWN, "representative"), "0x" + "00" * 20),
    ("mandate under the zero salt", (*_SHOWN, "scope", "salt"), HEX(bytes(32))),
    ("mandate without provisions", (*_SHOWN, "scope", "provisions"), []),
    ("mandate with an unknown purpose", (*_SHOWN, "scope", "provisions", 0, "purposes"), ["PLEASURE"]),
    ("mandate with an empty window", (*_SHOWN, "validUntil"), "2026-02-01T00:00:00Z"),
    ("mandate from before 1970", (*_SHOWN, "validFrom"), "1969-12-31T23:59:59Z"),
    ("mandate with its statement", (*_SHOWN, "statement"), "This person may do anything."),
    ("mandate that is null", _SHOWN, None),
    ("treating somebody under a mandate", ("purpose",), "TREAT"),
]

_WRONG_EMERGENCIES: list[Change] = [
    ("opening of another patient", ("ground", "opening", "subject", "patient"), samples.CITY),
    ("opening without a salt", ("ground", "opening", "subject", "salt"), GONE),
    ("opening under the zero salt", ("ground", "opening", "subject", "salt"), HEX(bytes(32))),
    ("opening by one person twice", ("ground", "opening", "second"), samples.DR_BOSE),
    ("opening by nobody", ("ground", "opening", "first"), "0x" + "00" * 20),
    ("opening of a member without a name", ("ground", "opening", "member"), ""),
    ("opening until before 1970", ("ground", "opening", "openUntil"), "1969-12-31T23:59:59Z"),
    ("opening with its statement", ("ground", "opening", "statement"), "This is an emergency."),
    ("opening left out", ("ground", "opening"), GONE),
    ("patient beside the opening", ("ground", "patient"), samples.ALICE),
    ("episode under EMERGENCY", ("episode",), samples.episode().to_json()),
    ("mandate under EMERGENCY", _SHOWN, samples.mandate().to_json()),
]
