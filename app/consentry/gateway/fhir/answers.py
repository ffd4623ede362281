"""What FHIR routes answer with."""

from __future__ import annotations

from flask import Response

from consentry.fhir import jsontext
from consentry.fhir.jsontext import Json
from consentry.gateway.problems import FHIR_JSON


def fhir_response(resource: Json, status: int = 200) -> Response:
    """A resource as FHIR JSON."""
    return Response(jsontext.write(resource), status, content_type=FHIR_JSON)
