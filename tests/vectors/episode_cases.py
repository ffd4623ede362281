"""Vectors of asserted episodes (specification L-22)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from consentry.domain import eip712, episodes, fields
from tests.vectors import samples
from tests.vectors.samples import CHAIN_ID

HEX = fields.to_hex


def episode_assertions() -> dict[str, Any]:
    asserted = samples.episode()
    data = episodes.typed_data(asserted.about(samples.ALICE, samples.DR_BOSE), CHAIN_ID)
    return {
        "about": "L-22. `assertion` as in a request; `digest` is what its `by` signed about this patient and practitioner.",
        "chainId": CHAIN_ID,
        "valid": [
            {
                "assertion": asserted.to_json(),
                "patient": samples.ALICE,
                "practitioner": samples.DR_BOSE,
                "typedData": data,
                "digest": HEX(eip712.digest(data)),
            }
        ],
        "refused": [
            {"why": why, "assertion": one.to_json(), "patient": patient, "practitioner": practitioner}
            for why, one, patient, practitioner in (
                ("of another patient", asserted, samples.CITY, samples.DR_BOSE),
                ("for another practitioner", asserted, samples.ALICE, samples.KEEPER),
                (
                    "in another department",
                    replace(asserted, department="psychiatry"),
                    samples.ALICE,
                    samples.DR_BOSE,
                ),
                (
                    "until another time",
                    replace(asserted, valid_until=asserted.valid_until + 1),
                    samples.ALICE,
                    samples.DR_BOSE,
                ),
                ("by another account", replace(asserted, by=samples.MERCY), samples.ALICE, samples.DR_BOSE),
            )
        ],
    }
