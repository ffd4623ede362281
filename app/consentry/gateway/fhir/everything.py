"""Everything of a patient that the caller may read (specification F-1, G-3)."""

from __future__ import annotations

from flask import Response

from consentry.gateway.fhir.answers import fhir_response
from consentry.gateway.fhir.asking import reader_patient_opening, which
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.history import history
from consentry.gateway.parts import gateway
from consentry.gateway.searchset import searchset
from consentry.services.everything import read_everything
from consentry.services.reading import Which


@routes.get("/fhir/Patient/<ref>/$everything")
def get_everything(ref: str) -> Response:
    parts = gateway()
    wanted = which()
    reader, patient, opening = reader_patient_opening(ref)
    reading = read_everything(reader, patient, parts.everything, wanted, opening)
    shown = searchset if wanted is Which.NEWEST else history
    return fhir_response(shown(reading, f"Patient/{ref}", f"{parts.site.origin}/fhir"))
