"""Taking back what this hospital published."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from consentry.domain import fields
from consentry.errors import LayoutInvalid
from consentry.gateway import auth, body
from consentry.gateway.parts import gateway
from consentry.services.retraction import Extent, RetractRecord, retract

routes = Blueprint("records", __name__)


@routes.post("/api/records/retractions")
def post_retraction() -> dict[str, Any]:
    auth.desk()
    parts = gateway()
    asked = body.json_object("record", optional=("only",))
    if not isinstance(asked["only"], bool | None):
        raise LayoutInvalid("only: must be true or false", expression=("only",))
    extent = Extent.VERSION if asked["only"] else Extent.DOCUMENT
    command = RetractRecord(fields.hex_bytes(asked["record"], "record"), extent)
    done = retract(command, parts.author, parts.publishing)
    return {"records": [fields.to_hex(one) for one in done.record_ids], "gasUsed": done.gas_used}
