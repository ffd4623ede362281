"""Purposes of use as FHIR codings (HL7 v3 ActReason, value set PurposeOfUse). The closed list is
`domain/purposes.py`."""

from __future__ import annotations

from consentry.domain.purposes import WORDS, Purpose
from consentry.fhir.jsontext import Json

ACT_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
_SYSTEMS = (ACT_REASON, "http://hl7.org/fhir/v3/ActReason", "urn:oid:2.16.840.1.113883.5.8")


def purpose_of(coding: dict[str, Json]) -> Purpose | None:
    """The purpose that a Coding names; None if it isn't one that Consentry enforces."""
    code = coding.get("code")
    if coding.get("system") not in _SYSTEMS or code not in Purpose.__members__:
        return None
    return Purpose(str(code))


def coding_of(purpose: Purpose) -> dict[str, Json]:
    """A Coding with the words that the patient read."""
    return {"system": ACT_REASON, "code": str(purpose), "display": WORDS[purpose]}
