"""What this endpoint can do: the first thing that a FHIR client asks."""

from __future__ import annotations

from flask import Response

from consentry.gateway.capability import capability_statement
from consentry.gateway.fhir.answers import fhir_response
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.parts import gateway


@routes.get("/fhir/metadata")
def get_metadata() -> Response:
    return fhir_response(capability_statement(gateway().site))
