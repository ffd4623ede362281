"""Proposing, showing, granting and revoking consents."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from consentry.domain import fields
from consentry.domain.addresses import Address, address_of_did
from consentry.errors import ConsentUnknown, LayoutInvalid
from consentry.gateway import auth, body, shapes
from consentry.gateway.auditing import about_patient
from consentry.gateway.auth import Client
from consentry.gateway.parts import gateway
from consentry.services import consent as service
from consentry.services.consent import Propose
from consentry.services.link import patient_of_ref
from consentry.services.sign_in import Person, Role

routes = Blueprint("consents", __name__)


@routes.get("/api/consents")
def get_consents() -> dict[str, Any]:
    parts = gateway()
    shown = service.consents_of(about_patient(_patient(auth.patient_side())), parts.consents)
    return {"consents": [shapes.consent(one, parts) for one in shown]}


@routes.post("/api/consents/proposals")
def post_proposal() -> tuple[dict[str, Any], int]:
    by = auth.desk()
    asked = body.json_object("patient", "terms", "validFrom", "validUntil")
    patient = _named(body.text(asked, "patient"))
    command = Propose(patient, asked["terms"], asked["validFrom"], asked["validUntil"], by)
    parts = gateway()
    return shapes.consent(service.propose(command, parts.consents), parts), 201


@routes.post("/api/consents/<consent_id>/grant")
def post_grant(consent_id: str) -> dict[str, Any]:
    who = auth.caller()
    asked = body.json_object("signature")
    parts = gateway()
    kept = service.kept_consent(_id(consent_id), parts.consents)
    about_patient(kept.consent.patient)
    require_own(who, kept.consent.patient)
    pace(who)
    return shapes.relayed(service.grant(kept.consent_id, asked["signature"], parts.consents))


@routes.get("/api/consents/<consent_id>/revocation")
def get_revocation(consent_id: str) -> dict[str, Any]:
    patient = _patient_of(consent_id)
    return {"typedData": service.revocation_data(patient, _id(consent_id), gateway().consents)}


@routes.post("/api/consents/<consent_id>/revocation")
def post_revocation(consent_id: str) -> dict[str, Any]:
    patient = _patient_of(consent_id)
    asked = body.json_object("signature")
    pace(auth.caller())
    return shapes.relayed(service.revoke(patient, _id(consent_id), asked["signature"], gateway().consents))


def _patient_of(consent_id: str) -> Address:
    """Whose consent may be revoked: a patient's own, wherever it was granted (C-6); at the desk one kept here."""
    who = auth.caller()
    if isinstance(who, Person) and who.patient is not None:
        return about_patient(who.patient)
    auth.desk()
    return about_patient(service.kept_consent(_id(consent_id), gateway().consents).consent.patient)


def pace(who: Person | Client) -> None:
    """People only: a system is the member's own. Raises RateLimited."""
    if isinstance(who, Person):
        gateway().consents.relays.take(who.address)


def require_own(who: Person | Client, patient: Address) -> None:
    """Somebody else's consent is as unknown as one that never was."""
    if isinstance(who, Person) and who.role is Role.PATIENT and who.patient != patient:
        raise ConsentUnknown()


def _patient(who: Person) -> Address:
    assert who.patient is not None
    return who.patient


def _named(name: str) -> Address:
    parts = gateway()
    if name.startswith("did:"):
        return about_patient(address_of_did(name, parts.site.chain_id))
    return about_patient(patient_of_ref(name, parts.links), name)


def _id(text: str) -> bytes:
    try:
        return fields.hex_bytes(text.lower(), "id")
    except LayoutInvalid:
        raise ConsentUnknown() from None
