"""The two closed vocabularies that say what kind of record something is (design §3).

A record has exactly one category and one confidentiality. The words below are law: the wallet shows them,
terms name them, a category seed exists for each of them in every patient's directory. Chain side and services
treat them as plain strings (`StrEnum`); how FHIR content is mapped onto them is `fhir/categories.py`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Category(StrEnum):
    """Every category, in the order in which pages list them. A patient's directory always has all of them."""

    VISIT = "visit"
    LABORATORY = "laboratory"
    VITALS = "vitals"
    IMAGING = "imaging"
    MEDICATION = "medication"
    ALLERGY = "allergy"
    PROBLEM = "problem"
    PROCEDURE = "procedure"
    IMMUNIZATION = "immunization"
    DEVICE = "device"
    DOCUMENT = "document"
    CARE_PLAN = "care-plan"
    BILLING = "billing"
    PSYCHIATRY = "psychiatry"
    SUBSTANCE = "substance"
    SEXUAL_HEALTH = "sexual-health"
    HIV = "hiv"
    VIOLENCE = "violence"
    GENETICS = "genetics"
    EMERGENCY = "emergency"
    CONSENT = "consent"


# From lax to strict: what fits two categories goes to the later one. The sensitive ones come last; among them
# the order follows the harm that a disclosure does (violence: the reader may be the perpetrator).
STRICTNESS: Final[tuple[Category, ...]] = (
    Category.VISIT,
    Category.BILLING,
    Category.VITALS,
    Category.IMMUNIZATION,
    Category.EMERGENCY,
    Category.ALLERGY,
    Category.DEVICE,
    Category.LABORATORY,
    Category.IMAGING,
    Category.PROCEDURE,
    Category.MEDICATION,
    Category.PROBLEM,
    Category.CARE_PLAN,
    Category.DOCUMENT,
    Category.CONSENT,
    Category.GENETICS,
    Category.SEXUAL_HEALTH,
    Category.SUBSTANCE,
    Category.PSYCHIATRY,
    Category.HIV,
    Category.VIOLENCE,
)

SENSITIVE: Final[frozenset[Category]] = frozenset(
    (
        Category.GENETICS,
        Category.SEXUAL_HEALTH,
        Category.SUBSTANCE,
        Category.PSYCHIATRY,
        Category.HIV,
        Category.VIOLENCE,
    )
)

_RANK: Final[dict[Category, int]] = {category: rank for rank, category in enumerate(STRICTNESS)}


class Confidentiality(StrEnum):
    """HL7 v3 Confidentiality, the three grades that Consentry tells apart. N < R < V."""

    NORMAL = "N"
    RESTRICTED = "R"
    VERY_RESTRICTED = "V"


_GRADE: Final[dict[Confidentiality, int]] = {grade: rank for rank, grade in enumerate(Confidentiality)}


def stricter(first: Category, second: Category) -> Category:
    """Of two categories the one that protects more. Commutative, associative, idempotent."""
    return max(first, second, key=_RANK.__getitem__)


def stricter_confidentiality(first: Confidentiality, second: Confidentiality) -> Confidentiality:
    """Of two grades the higher one. Commutative, associative, idempotent."""
    return max(first, second, key=_GRADE.__getitem__)
