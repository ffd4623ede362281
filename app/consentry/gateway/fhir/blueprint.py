"""The blueprint that every FHIR route is added to. Whoever adds a module names it in the package's `__init__`."""

from __future__ import annotations

from flask import Blueprint

routes = Blueprint("fhir", __name__)
