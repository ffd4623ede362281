"""Two contents as different as records can be, and of the same number: what is stigmatised, and what is ordinary.

Drawn from a seed, so that both runs of a comparison publish the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from tests.journeys.bundles import bundle, laboratory, patient

SEED = 20261122
ICD = "http://hl7.org/fhir/sid/icd-10"
DAYS = ("2025-02-03", "2025-04-17", "2025-06-30", "2025-09-09")


@dataclass(frozen=True)
class Content:
    """What one person has published and shares: a bundle, terms to read under, terms that name somebody else."""

    bundle: bytes
    categories: tuple[str, ...]
    purpose: str
    other_recipient: str  # a member's slug
    other_terms: dict[str, Any]

    @property
    def terms(self) -> dict[str, Any]:
        return _terms(self.categories, self.purpose, uses=0)


def stigmatised(number: str) -> Content:
    """HIV and depression on four days, long notes in two scripts; also given to the regulator, once."""
    random = Random(SEED)
    rows = [
        _condition(
            code, day, random.choice(("抑郁", "Asked nobody to be told. ")) * random.randrange(200, 300)
        )
        for day in DAYS
        for code in ("B20", "F32.1")
    ]
    other = _terms(("any",), "PUBHLTH", uses=1)
    return Content(bundle(patient(number), *rows), ("hiv", "psychiatry"), "TREAT", "regulator", other)


def ordinary(number: str) -> Content:
    """HbA1c and a cough that is over on four days, without a word; also given to Mercy, for insurance.

    What is over is in no emergency summary: one more record would show in the number that an anchor has.
    """
    random = Random(SEED + 1)
    rows = [
        one
        for day in DAYS
        for one in (
            laboratory(round(random.uniform(4, 7), 1), day),
            _condition("R05", day, "", status="resolved"),
        )
    ]
    other = _terms(("laboratory", "medication", "vitals"), "COVAUTH", uses=0)
    return Content(bundle(patient(number), *rows), ("laboratory", "problem"), "CAREMGT", "mercy", other)


def _terms(categories: tuple[str, ...], purpose: str, *, uses: int) -> dict[str, Any]:
    provision = {
        "purposes": [purpose],
        "categories": list(categories),
        "confidentiality": "any",
        "dataFrom": "any",
        "dataUntil": "any",
        "authors": ["any"],
        "records": ["any"],
    }
    return {"roles": ["attending"], "provisions": [provision], "maxUses": uses}


def _condition(code: str, day: str, note: str, *, status: str = "active") -> dict[str, Any]:
    made = {
        "resourceType": "Condition",
        "clinicalStatus": {
            "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": status}]
        },
        "code": {"coding": [{"system": ICD, "code": code}]},
        "subject": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"},
        "recordedDate": f"{day}T08:00:00Z",
    }
    return made | ({"note": [{"text": note}]} if note else {})
