"""Mandates that patients give, and those that somebody acts by. What they say stands in bodies, never in addresses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from consentry.domain import fields, times
from consentry.domain.ledger import ConsentStatus
from consentry.domain.mandates import Mandate
from consentry.errors import TermsInvalid
from consentry.gateway import auth, body, shapes
from consentry.gateway.auditing import about_patient
from consentry.gateway.identity import signature
from consentry.gateway.parts import gateway
from consentry.services import mandates as service
from consentry.services.mandates import MOST_NAME, GiveMandate, Shown

routes = Blueprint("mandates", __name__)


@routes.get("/api/mandates")
def get_mandates() -> dict[str, Any]:
    """What the patient gave through this gateway, and what the signed-in account holds of others."""
    who, parts = auth.patient_side(), gateway()
    assert who.patient is not None
    given = service.given_by(about_patient(who.patient), parts.mandates)
    held = service.held_by(who.address, parts.mandates)
    for patient in dict.fromkeys(one.mandate.patient for one in held):
        about_patient(patient)
    return {"given": [_shown(one) for one in given], "held": [_shown(one) for one in held]}


@routes.post("/api/mandates")
def post_mandate() -> dict[str, Any]:
    who, parts = auth.patient_side(), gateway()
    asked = body.json_object("mandate", "name", "signature")
    parts.consents.relays.take(who.address)
    mandate = Mandate.from_json(asked["mandate"])
    if mandate.patient != who.patient:
        raise TermsInvalid("mandate.patient: must be whom you are signed in for", expression=("mandate",))
    about_patient(mandate.patient)
    name = body.text(asked, "name", MOST_NAME) if asked["name"] != "" else ""
    command = GiveMandate(mandate, name, signature(asked), who.address)
    return shapes.done(service.give(command, parts.mandates))


def _shown(one: Shown) -> dict[str, Any]:
    state, transaction = one.state, one.transaction
    if state.status is ConsentStatus.Revoked:
        status = "revoked"
    else:
        status = "active" if gateway().clock.now() < one.mandate.valid_until else "expired"
    return {
        "id": fields.to_hex(one.mandate_id),
        "status": status,
        "mandate": one.mandate.to_json(),
        "name": one.name,
        "transaction": None if transaction is None else fields.to_hex(transaction),
        "changedAt": times.iso(state.changed_at) if state.changed_at else None,
    }
