"""Proposing, showing, granting and revoking consents."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response

from consentry.domain import fields, times
from consentry.domain.addresses import Address, address_of_did, did
from consentry.domain.terms import Consent
from consentry.errors import ConsentUnknown, LayoutInvalid, TermsInvalid
from consentry.gateway import auth, body, callers, shapes
from consentry.gateway.auditing import about_patient
from consentry.gateway.auth import Client
from consentry.gateway.parts import gateway
from consentry.ports.desk_values import KeptConsent
from consentry.services import consent as service
from consentry.services import desk_proposals, giving, handing
from consentry.services.consent import Replace
from consentry.services.giving import Give
from consentry.services.granted_under import agreed
from consentry.services.link import patient_of_ref
from consentry.services.proposing import Propose, propose
from consentry.services.recipients import offered_to, require_grantable
from consentry.services.sign_in import Person, Role

routes = Blueprint("consents", __name__)


@routes.get("/api/consents")
def get_consents() -> dict[str, Any]:
    parts = gateway()
    shown = offered_to(about_patient(_patient(auth.patient_side())), parts.consents)
    under = agreed([one.kept.consent_id for one in shown], parts.ledger, parts.consents.under)
    told = (shapes.under(under.get(one.kept.consent_id)) for one in shown)
    return {"consents": [shapes.consent(one, parts) | by for one, by in zip(shown, told, strict=True)]}


@routes.get("/api/consents/proposals")
def get_proposals() -> dict[str, Any]:
    """What the member of staff who is signed in proposed here, the newest first."""
    who, parts = auth.staff(), gateway()
    shown = desk_proposals.proposed_by(who.address, parts.consents)
    return {"consents": [_at_desk(one) for one in shown]}


@routes.get("/api/consents/proposals/waiting")
def get_waiting_proposals() -> dict[str, Any]:
    """By id alone, for a page that looks every few seconds whether a patient has answered."""
    found = desk_proposals.waiting_of(auth.staff().address, gateway().consents)
    return {"ids": [fields.to_hex(one) for one in found]}


@routes.get("/api/patients/links/<ref>/consents")
def get_consents_of(ref: str) -> dict[str, Any]:
    """What the desk asked of a linked patient, and what that patient gave this member."""
    auth.desk()
    parts = gateway()
    patient = about_patient(patient_of_ref(ref, parts.links), ref)
    return {"consents": [_at_desk(one) for one in desk_proposals.at_desk(patient, parts.consents)]}


@routes.post("/api/consents/proposals")
def post_proposal() -> tuple[dict[str, Any], int]:
    by = auth.desk()
    asked = body.json_object("patient", "terms", "validFrom", "validUntil")
    patient = _named(body.text(asked, "patient"))
    command = Propose(patient, asked["terms"], asked["validFrom"], asked["validUntil"], by)
    parts = gateway()
    return shapes.consent(propose(command, parts.consents), parts), 201


@routes.post("/api/consents/own/granted")
def post_own_granted() -> dict[str, Any]:
    """What the patient's page made and had signed; kept from now on, and relayed."""
    who = auth.patient_side()
    asked = body.json_object("consent", "signature", "replaces")
    pace(who)
    consent = Consent.from_json(asked["consent"])
    if consent.patient != about_patient(_patient(who)):
        raise TermsInvalid("patient: must be whom you are signed in for", expression=("patient",))
    replaces = None if asked["replaces"] is None else id_of(body.text(asked, "replaces"))
    given = giving.give(Give(consent, asked["signature"], replaces, who.address), gateway().consents)
    return shapes.given(given)


@routes.post("/api/consents/brought")
def post_brought() -> tuple[dict[str, Any], int]:
    """Terms that were signed at another member's page; the chain says that they were, and under which mandate, if any."""
    asked = body.json_object("consent", optional=("mandate",))
    brought = handing.bring(asked["consent"], asked["mandate"], callers.network(), gateway().handing)
    about_patient(brought.kept.consent.patient)
    return {"id": fields.to_hex(brought.kept.consent_id)}, 201


@routes.post("/api/consents/<consent_id>/handing")
def post_handing(consent_id: str) -> Response:
    who = auth.patient_side()
    pace(who)
    kept = _own_kept(consent_id)
    about_patient(kept.consent.patient)
    handing.hand_on(kept.consent_id, gateway().handing)
    return make_response("", 204)


@routes.delete("/api/consents/<consent_id>")
def delete_proposal(consent_id: str) -> Response:
    """Drop a proposal that the patient's side does not want; what was signed is revoked instead."""
    who, parts = auth.patient_side(), gateway()
    kept = service.kept_consent(id_of(consent_id), parts.consents)
    require_own(who, kept)
    about_patient(kept.consent.patient)
    service.drop(kept.consent_id, parts.consents)
    return make_response("", 204)


@routes.post("/api/consents/<consent_id>/grant")
def post_grant(consent_id: str) -> dict[str, Any]:
    who = auth.caller()
    asked = body.json_object("signature")
    parts = gateway()
    kept = service.kept_consent(id_of(consent_id), parts.consents)
    about_patient(kept.consent.patient)
    require_own(who, kept)
    pace(who)
    require_grantable(kept.consent_id, parts.consents)
    return shapes.relayed(service.grant(kept.consent_id, asked["signature"], parts.consents))


@routes.get("/api/consents/<consent_id>/replacement/<replaced>")
def get_replacement(consent_id: str, replaced: str) -> dict[str, Any]:
    """What is signed so that this proposal takes the place of that consent."""
    kept = _own_kept(consent_id)
    return {"typedData": service.replacement_data(id_of(replaced), kept.consent_id, gateway().consents)}


@routes.post("/api/consents/<consent_id>/replacement/<replaced>")
def post_replacement(consent_id: str, replaced: str) -> dict[str, Any]:
    kept, asked = _own_kept(consent_id), body.json_object("signature")
    about_patient(kept.consent.patient)
    pace(auth.caller())
    require_grantable(kept.consent_id, gateway().consents)
    command = Replace(id_of(replaced), kept.consent_id, asked["signature"])
    return shapes.relayed(service.replace(command, gateway().consents))


@routes.get("/api/consents/<consent_id>/revocation")
def get_revocation(consent_id: str) -> dict[str, Any]:
    patient = _patient_of(consent_id)
    return {"typedData": service.revocation_data(patient, id_of(consent_id), gateway().consents)}


@routes.post("/api/consents/<consent_id>/revocation")
def post_revocation(consent_id: str) -> dict[str, Any]:
    patient = _patient_of(consent_id)
    asked = body.json_object("signature")
    pace(auth.caller())
    return shapes.relayed(service.revoke(patient, id_of(consent_id), asked["signature"], gateway().consents))


def _at_desk(shown: service.Shown) -> dict[str, Any]:
    """As its patient sees it, with the reference and the DID of the person."""
    parts, patient = gateway(), about_patient(shown.kept.consent.patient)
    link = parts.links.links.by_patient(patient)
    named = {"ref": None if link is None else link.ref, "did": did(patient, parts.site.chain_id)}
    return shapes.consent(shown, parts) | {"patient": named, "proposedAt": times.iso(shown.kept.proposed_at)}


def _patient_of(consent_id: str) -> Address:
    """Whose consent may be revoked: a patient's own, wherever it was granted (C-6); at the desk one kept here."""
    who = auth.caller()
    if isinstance(who, Person) and who.patient is not None:
        return about_patient(who.patient)
    auth.desk()
    return about_patient(_own_kept(consent_id).consent.patient)


def _own_kept(consent_id: str) -> KeptConsent:
    """A proposal that whoever asks may see. Raises NotSignedIn, ConsentUnknown."""
    who = auth.caller()
    kept = service.kept_consent(id_of(consent_id), gateway().consents)
    require_own(who, kept)
    return kept


def pace(who: Person | Client) -> None:
    """People only: a system is the member's own. Raises RateLimited."""
    if isinstance(who, Person):
        gateway().consents.relays.take(who.address)


def require_own(who: Person | Client, kept: KeptConsent) -> None:
    """Somebody else's consent, or to the desk one that is none of its own (W-46), is as unknown as one that never was."""
    if isinstance(who, Person) and who.role is Role.PATIENT:
        own = who.patient == kept.consent.patient
    else:
        own = desk_proposals.is_at_desk(kept, gateway().consents)
    if not own:
        raise ConsentUnknown()


def _patient(who: Person) -> Address:
    assert who.patient is not None
    return who.patient


def _named(name: str) -> Address:
    parts = gateway()
    if name.startswith("did:"):
        return about_patient(address_of_did(name, parts.site.chain_id))
    return about_patient(patient_of_ref(name, parts.links), name)


def id_of(text: str) -> bytes:
    try:
        return fields.hex_bytes(text.lower(), "id")
    except LayoutInvalid:
        raise ConsentUnknown() from None
