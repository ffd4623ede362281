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
        "about": "As requests.json: what readers sign under EMERGENCY.",
        "sessionKey": HEX(filler("session key")),
        "publicKey": samples.session_key().public,
        "valid": [request_case(samples.emergency_request())],
        "refused": refused(samples.emergency_request().to_json(), _WRONG_EMERGENCIES)
        + refused(
            replace(samples.request("system"), items=(samples.seed_item(),)).to_json(),
            [("EMERGENCY of a system", ("ground",), samples.emergency_request().ground.to_json())],
        ),
    }


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
]
