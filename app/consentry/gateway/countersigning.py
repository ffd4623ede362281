"""Openings that one of the two has signed, on the way to the other's device. Whom they are for stands in bodies only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response

from consentry.domain import fields
from consentry.domain.addresses import did
from consentry.domain.openings import Opening
from consentry.gateway import auth, body
from consentry.gateway.auditing import about_opening, about_patient
from consentry.gateway.emergency import id_of, relayed
from consentry.gateway.parts import gateway
from consentry.services import countersigning, emergency
from consentry.services.countersigning import HalfSigned

routes = Blueprint("countersigning", __name__)


@routes.post("/api/emergency/openings/waiting")
def post_waiting() -> tuple[dict[str, Any], int]:
    who, parts = auth.staff(), gateway()
    asked = body.json_object("opening", "signature")
    opening, signature = Opening.from_json(asked["opening"]), body.text(asked, "signature")
    about_patient(opening.subject.patient)
    parts.consents.relays.take(who.address)  # also what is refused: each takes a signature to check
    half = countersigning.wait(
        opening, signature, who.address, parts.countersigning, parts.ringing, parts.openings
    )
    return _shown(half), 201


@routes.get("/api/emergency/openings/waiting")
def get_waiting() -> dict[str, Any]:
    found = countersigning.waiting_for(auth.staff().address, gateway().countersigning)
    return {"openings": [_shown(one) for one in found]}


@routes.get("/api/emergency/openings/waiting/ids")
def get_waiting_ids() -> dict[str, Any]:
    """By id alone, for a page that looks every few seconds: whom they are for it asks once, and that leaves an event."""
    who = auth.staff().address
    found = countersigning.waiting_for(who, gateway().countersigning)
    ids = [(one.opening.first == who, fields.to_hex(one.opening_id)) for one in found]
    return {"first": [one for first, one in ids if first], "second": [one for first, one in ids if not first]}


@routes.get("/api/emergency/openings/waiting/<opening_id>")
def get_one_waiting(opening_id: str) -> dict[str, Any]:
    """For either of the two, so that the first sees whether the second has answered."""
    who = auth.staff()
    return _shown(countersigning.one_waiting(id_of(opening_id), who.address, gateway().countersigning))


@routes.post("/api/emergency/openings/waiting/<opening_id>")
def post_countersignature(opening_id: str) -> tuple[dict[str, Any], int]:
    who, parts = auth.staff(), gateway()
    signature = body.text(body.json_object("signature"), "signature")
    parts.consents.relays.take(who.address)
    done = countersigning.countersign(
        id_of(opening_id), signature, who.address, parts.countersigning, parts.openings
    )
    about_opening(done.opening_id)
    return relayed(done), 201


@routes.delete("/api/emergency/openings/waiting/<opening_id>")
def delete_waiting(opening_id: str) -> Response:
    countersigning.decline(id_of(opening_id), auth.staff().address, gateway().countersigning)
    return make_response("", 204)


def _shown(half: HalfSigned) -> dict[str, Any]:
    parts = gateway()
    patient = about_patient(half.opening.subject.patient)
    return {
        "id": fields.to_hex(half.opening_id),
        "patient": did(patient, parts.site.chain_id),
        "opening": half.opening.to_json(),
        "typedData": emergency.worded(half.opening, parts.openings.emergency).typed_data,
    }
