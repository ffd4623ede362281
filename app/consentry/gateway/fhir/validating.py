"""`$validate` (R4 resource-operation-validate.html): checks as publishing does, and keeps nothing."""

from __future__ import annotations

from flask import Response

from consentry.domain import times
from consentry.fhir import checking
from consentry.gateway import auth
from consentry.gateway.fhir.answers import fhir_response
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.fhir.bodies import fhir_body
from consentry.gateway.parts import gateway


@routes.post("/fhir/<fhir_type:kind>/$validate")
@routes.post("/fhir/<fhir_type:kind>/<fhir_id:name>/$validate")
def post_validate(kind: str, name: str = "") -> Response:
    del name  # at an id it checks the same body
    return _checked(kind)


@routes.post("/fhir/Bundle/$validate")
def post_validate_bundle() -> Response:
    return _checked("Bundle")


def _checked(kind: str) -> Response:
    auth.desk()
    auth.permit_checking(kind)
    resource, mode = checking.read_subject(fhir_body(), kind)
    return fhir_response(checking.outcome_of(resource, mode, times.iso(gateway().clock.now())))
