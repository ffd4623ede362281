"""What the patient's side is told of: openings of the own emergency summary that were relayed here."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response

from consentry.domain import fields, times
from consentry.gateway import auth
from consentry.gateway.auditing import about_patient
from consentry.gateway.emergency import id_of
from consentry.gateway.parts import gateway
from consentry.services import notifying
from consentry.services.notifying import Notice

routes = Blueprint("notifications", __name__)


@routes.get("/api/notifications")
def get_notifications() -> dict[str, Any]:
    patient = auth.patient_side().patient
    assert patient is not None
    about_patient(patient)
    return {"notifications": [_notice(one) for one in notifying.notices_of(patient, gateway().openings)]}


@routes.post("/api/notifications/<opening_id>/seen")
def post_seen(opening_id: str) -> Response:
    patient = auth.patient_side().patient
    assert patient is not None
    notifying.seen(id_of(opening_id), patient, gateway().openings)
    return make_response("", 204)


def _notice(notice: Notice) -> dict[str, Any]:
    kept, state = notice.kept, notice.state
    return {
        "type": "emergency-opening",
        "id": fields.to_hex(kept.opening_id),
        "status": state.status.name.lower(),
        "finding": None if state.finding is None else state.finding.word,
        "member": kept.opening.member,
        "first": kept.opening.first,
        "second": kept.opening.second,
        "openedAt": times.iso(kept.kept_at),
        "endsAt": times.iso(state.ends_at),
        "reviewBy": times.iso(state.review_by),
        "seenAt": None if kept.seen_at is None else times.iso(kept.seen_at),
        # whole, so that a page finds the id in it and asks the chain itself
        "opening": kept.opening.to_json(),
    }
