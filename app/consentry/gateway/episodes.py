"""Who is in which department's care: told by the hospital's system, in bodies, never in addresses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response

from consentry.domain import times
from consentry.gateway import auth, body
from consentry.gateway.auditing import about_patient
from consentry.gateway.parts import gateway
from consentry.services import episodes
from consentry.services.link import patient_of_ref

routes = Blueprint("episodes", __name__)


@routes.put("/api/patients/links/<ref>/episodes")
def put_episode(ref: str) -> dict[str, Any]:
    by = auth.client()
    asked = body.json_object("department", "until")
    about_patient(patient_of_ref(ref, gateway().links), ref)
    until = times.seconds(body.text(asked, "until", 32), "until")
    noted = episodes.note(ref, asked["department"], until, f"client:{by.name}", gateway().episodes)
    return {"ref": noted.ref, "department": noted.department, "until": times.iso(noted.until)}


@routes.delete("/api/patients/links/<ref>/episodes")
def delete_episode(ref: str) -> Response:
    auth.client()
    about_patient(patient_of_ref(ref, gateway().links), ref)
    episodes.end(ref, body.json_object("department")["department"], gateway().episodes)
    return make_response("", 204)
