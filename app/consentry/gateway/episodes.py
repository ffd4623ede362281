"""Who is in which department's care: told by the hospital's system, in bodies, never in addresses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response

from consentry.domain import times
from consentry.gateway import auth, body
from consentry.gateway.parts import gateway
from consentry.services import episodes

routes = Blueprint("episodes", __name__)


@routes.put("/api/patients/links/<ref>/episodes")
def put_episode(ref: str) -> dict[str, Any]:
    by = auth.client()
    asked = body.json_object("department", "until")
    until = times.seconds(body.text(asked, "until", 32), "until")
    noted = episodes.note(ref, asked["department"], until, f"client:{by.name}", gateway().episodes)
    return {"ref": noted.ref, "department": noted.department, "until": times.iso(noted.until)}


@routes.delete("/api/patients/links/<ref>/episodes")
def delete_episode(ref: str) -> Response:
    auth.client()
    episodes.end(ref, body.json_object("department")["department"], gateway().episodes)
    return make_response("", 204)
