"""Why a record was taken back, and who may take one back: the closed lists (specification D-20)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from consentry.domain.roles import Role


class Why(StrEnum):
    """Codes only: no words about a patient. The last three nobody chooses: they follow from what was done."""

    ENTERED_IN_ERROR = "entered-in-error"
    WRONG_PATIENT = "wrong-patient"
    DUPLICATE = "duplicate"
    PATIENT_REQUEST = "patient-request"
    LEGAL_ORDER = "legal-order"
    UNSTATED = "unstated"
    CORRECTED = "corrected"
    ERASED = "erased"


CHOSEN: Final = (
    Why.ENTERED_IN_ERROR,
    Why.WRONG_PATIENT,
    Why.DUPLICATE,
    Why.PATIENT_REQUEST,
    Why.LEGAL_ORDER,
)
"""What a person may say."""

MAY_RETRACT: Final = frozenset(
    (Role.ATTENDING, Role.RESIDENT, Role.NURSE, Role.PHARMACIST)
    + (Role.LABORATORY, Role.THERAPIST, Role.PSYCHIATRIST, Role.SYSTEM)
)
"""Who writes records and answers for them: neither doctors in their first training, nor who only reads (researchers, insurance
case workers, auditors)."""
