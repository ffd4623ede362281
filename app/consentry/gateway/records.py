"""Taking back what this hospital published, and who did."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from consentry.domain import fields, times
from consentry.domain.retraction import CHOSEN, Why
from consentry.errors import LayoutInvalid
from consentry.gateway import auth, body
from consentry.gateway.auditing import about_records
from consentry.gateway.parts import gateway
from consentry.ports.versions import Retraction
from consentry.services.retraction import Extent, RetractRecord, retract

routes = Blueprint("records", __name__)
AT_ONCE = 200


@routes.post("/api/records/retractions")
def post_retraction() -> dict[str, Any]:
    by, parts = auth.author(), gateway()
    asked = body.json_object("record", "reason", optional=("only",))
    if not isinstance(asked["only"], bool | None):
        raise LayoutInvalid("only: must be true or false", expression=("only",))
    extent = Extent.VERSION if asked["only"] else Extent.DOCUMENT
    why = Why(fields.member_of(asked["reason"], CHOSEN, "reason"))
    command = RetractRecord(fields.hex_bytes(asked["record"], "record"), by, why, extent)
    about_records([command.record_id])
    done = retract(command, parts.author, parts.publishing)
    about_records(done.record_ids)
    return {"records": [fields.to_hex(one) for one in done.record_ids], "gasUsed": done.gas_used}


@routes.get("/api/records/retractions")
def get_retractions() -> dict[str, Any]:
    """For the member's own people alone: which of its records were taken back, by whom, when and why."""
    auth.desk()
    book, record = gateway().publishing.publications.versions, request.args.get("record")
    if record is not None:
        one = book.retraction_of(fields.hex_bytes(record, "record"))
        return {"retractions": [] if one is None else [_shown(one)], "next": None}
    found = book.retractions(_before(request.args.get("before")), AT_ONCE)
    rest = found[-1].number if len(found) == AT_ONCE else None
    return {"retractions": [_shown(one) for one in found], "next": rest}


def _before(value: str | None) -> int | None:
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise LayoutInvalid("before: must be the number that `next` told", expression=("before",))
    return int(value)


def _shown(one: Retraction) -> dict[str, Any]:
    return {
        "record": fields.to_hex(one.record_id),
        "by": one.noted.by,
        "at": times.iso(one.noted.at),
        "reason": str(one.noted.why),
    }
