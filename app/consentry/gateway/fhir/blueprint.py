"""The blueprint that every FHIR route is added to. Whoever adds a module names it in the package's `__init__`.

Addresses take a closed list of types (`<fhir_type:kind>`: those of the table; `<fhir_written:kind>`: those that are created by
themselves) and ids as R4 forms them (`<fhir_id:name>`): everything else is an address that there is not.
"""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter

from consentry.fhir import interactions, tables

routes = Blueprint("fhir", __name__)
_BESIDE = ("AuditEvent", "Organization", "Practitioner", "Provenance")
"""Types that are read although no record need hold them."""


class FhirType(BaseConverter):
    regex = "|".join(sorted({*tables.resource_types(), *_BESIDE}))


class FhirWritten(BaseConverter):
    regex = "|".join(interactions.written_types())


class FhirId(BaseConverter):
    """R4 datatypes.html#id."""

    regex = r"[A-Za-z0-9\-.]{1,64}"


@routes.record
def _converters(state: BlueprintSetupState) -> None:
    known = {"fhir_type": FhirType, "fhir_written": FhirWritten, "fhir_id": FhirId}
    state.app.url_map.converters.update(known)
