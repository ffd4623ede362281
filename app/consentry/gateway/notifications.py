"""What the patient's side is told of: openings of the own emergency summary, consents that are asked for, suspended members.

A page learns at once that there is something new, from a stream of events; what it is, it asks for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from flask import Blueprint, Response, make_response

from consentry.domain import fields, times
from consentry.gateway import auth, body
from consentry.gateway.auditing import about_patient
from consentry.gateway.emergency import id_of
from consentry.gateway.parts import gateway
from consentry.services import news, notifying, streams
from consentry.services.news import News
from consentry.services.notifying import Notice

routes = Blueprint("notifications", __name__)
RETRY_MILLISECONDS = 5_000


@routes.get("/api/notifications")
def get_notifications() -> dict[str, Any]:
    patient = auth.patient_side().patient
    assert patient is not None
    about_patient(patient)
    parts = gateway()
    return {
        "notifications": [_notice(one) for one in notifying.notices_of(patient, parts.openings)],
        "news": [_news(one) for one in news.news_of(patient, parts.page.streams.news)],
        "links": news.links_waiting(patient, parts.page.streams.news),
    }


@routes.get("/api/notifications/stream")
def get_stream() -> Response:
    """Server-sent events (HTML Standard, 9.2)."""
    who, token, ports = auth.patient_side(), auth.token(), gateway().page.streams
    assert who.patient is not None and token is not None
    place = ports.places.take(who.address)
    told = streams.events(place, token, who.patient, ports)
    response = Response(_as_events(told), content_type="text/event-stream")
    response.call_on_close(lambda: ports.places.leave(place))
    return response


@routes.post("/api/notifications/seen")
def post_news_seen() -> Response:
    patient = auth.patient_side().patient
    assert patient is not None
    asked = body.json_object("type", "id")
    kind, subject = body.text(asked, "type"), body.text(asked, "id")
    news.mark_seen(kind, subject, patient, gateway().page.streams.news)
    return make_response("", 204)


@routes.post("/api/notifications/<opening_id>/seen")
def post_seen(opening_id: str) -> Response:
    patient = auth.patient_side().patient
    assert patient is not None
    notifying.seen(id_of(opening_id), patient, gateway().openings)
    return make_response("", 204)


def _as_events(told: Iterator[int | None | Literal["leave"]]) -> Iterator[str]:
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    for one in told:
        yield _as_event(one)


def _as_event(told: int | None | Literal["leave"]) -> str:
    if told is None:
        return ":\n\n"
    if told == streams.LEAVE:
        later = 1_000 * streams.TRY_AGAIN_SECONDS
        return f"retry: {later}\nevent: leave\ndata: {{}}\n\n"
    return f"event: news\ndata: {json.dumps({'unseen': told})}\n\n"


def _news(one: News) -> dict[str, Any]:
    return {
        "type": str(one.kind),
        "id": one.subject,
        "member": one.member,
        "at": None if one.at is None else times.iso(one.at),
        "seenAt": None if one.seen_at is None else times.iso(one.seen_at),
    }


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
