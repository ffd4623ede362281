"""Consents that a mandate's representative grants and revokes for somebody. What a mandate says stands in bodies."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response

from consentry.domain.addresses import did
from consentry.domain.mandates import Mandate
from consentry.domain.terms import Consent
from consentry.errors import ConsentUnknown
from consentry.gateway import auth, body, shapes
from consentry.gateway.auditing import about_patient
from consentry.gateway.consents import id_of, pace
from consentry.gateway.parts import gateway
from consentry.services import behalf as service
from consentry.services import handing
from consentry.services.behalf import GrantUnder, RevokeUnder
from consentry.services.consent import Shown
from consentry.services.granted_under import Under, agreed

routes = Blueprint("behalf", __name__)


@routes.get("/api/behalf/consents")
def get_consents() -> dict[str, Any]:
    """What the signed-in account granted for others under mandates, through this gateway, the newest first."""
    who = auth.patient_side()
    return {"consents": [_shown(*one) for one in service.granted_by(who.address, gateway().consents)]}


@routes.post("/api/behalf/consents")
def post_consent() -> dict[str, Any]:
    who = auth.patient_side()
    asked = body.json_object("consent", "mandate", "signature")
    pace(who)
    consent, mandate = Consent.from_json(asked["consent"]), Mandate.from_json(asked["mandate"])
    command = GrantUnder(consent, mandate, asked["signature"], who.address)
    given = service.grant_under(command, gateway().consents)
    about_patient(
        mandate.patient
    )  # now that it is known to be: else anybody would write into anybody's trail
    return shapes.given(given)


@routes.post("/api/behalf/consents/<consent_id>/revocation")
def post_revocation(consent_id: str) -> dict[str, Any]:
    who = auth.patient_side()
    asked = body.json_object("mandate", "signature")
    pace(who)
    mandate = Mandate.from_json(asked["mandate"])
    command = RevokeUnder(id_of(consent_id), mandate, asked["signature"], who.address)
    relayed = service.revoke_under(command, gateway().consents)
    about_patient(mandate.patient)  # as above
    return shapes.relayed(relayed)


@routes.post("/api/behalf/consents/<consent_id>/handing")
def post_handing(consent_id: str) -> Response:
    who, parts = auth.patient_side(), gateway()
    pace(who)
    known = id_of(consent_id)
    under = agreed([known], parts.ledger, parts.consents.under).get(known)
    if under is None or under.mandate.representative != who.address:
        raise ConsentUnknown()
    about_patient(under.mandate.patient)
    handing.hand_on(known, parts.handing)
    return make_response("", 204)


def _shown(one: Shown, under: Under) -> dict[str, Any]:
    parts, patient = gateway(), about_patient(under.mandate.patient)
    named = {"patient": did(patient, parts.site.chain_id)}
    return shapes.consent(one, parts) | shapes.under(under) | named
