"""Linking patient numbers to DIDs, at the desk. Numbers and DIDs stand in bodies, never in addresses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response

from consentry.domain import times
from consentry.domain.addresses import address_of_did, did
from consentry.errors import LayoutInvalid
from consentry.gateway import auth, body
from consentry.gateway.auditing import about_patient
from consentry.gateway.parts import gateway
from consentry.services import link, own_link
from consentry.services.link import Complete

routes = Blueprint("links", __name__)


@routes.post("/api/patients/links")
def post_link() -> tuple[dict[str, Any], int]:
    by, parts = auth.desk(), gateway()
    asked = body.json_object("mrn", optional=("did",))
    patient = None if asked["did"] is None else address_of_did(asked["did"], parts.site.chain_id)
    begun = link.begin(asked["mrn"], by, parts.links, patient)
    return {"challenge": begun.text, "ref": begun.ref}, 201


@routes.post("/api/patients/links/<ref>")
def post_link_signature(ref: str) -> dict[str, Any]:
    by, parts = auth.desk(), gateway()
    asked = body.json_object("did", "signature")
    patient = address_of_did(asked["did"], parts.site.chain_id)
    made = link.complete(Complete(ref, patient, body.text(asked, "signature"), by), parts.links)
    about_patient(made.patient, made.ref)
    return {"ref": made.ref, "did": did(made.patient, parts.site.chain_id)}


@routes.post("/api/patients/find")
def post_find() -> dict[str, Any]:
    """By number or DID, which stand in no address."""
    auth.desk()
    parts = gateway()
    asked = body.json_object(optional=("mrn", "did"))
    if (asked["mrn"] is None) == (asked["did"] is None):
        raise LayoutInvalid("body: must name either mrn or did", expression=("mrn", "did"))
    if asked["did"] is None:
        found = link.link_of_mrn(asked["mrn"], parts.links)
    else:
        found = own_link.link_of_patient(address_of_did(asked["did"], parts.site.chain_id), parts.links)
    about_patient(found.patient, found.ref)
    return {"ref": found.ref, "did": did(found.patient, parts.site.chain_id)}


@routes.get("/api/links/waiting")
def get_waiting() -> dict[str, Any]:
    """What a desk here asks the patient who is signed in to sign."""
    patient, parts = auth.patient_side().patient, gateway()
    assert patient is not None
    waiting = own_link.waiting_for(patient, parts.links)
    return {"links": [{"ref": one.ref, "challenge": one.text} for one in waiting]}


@routes.get("/api/links/own")
def get_own() -> dict[str, Any]:
    """Whether this member knows the patient who is signed in as one of its own, and since when."""
    patient, parts = auth.patient_side().patient, gateway()
    assert patient is not None
    since = own_link.linked_since(patient, parts.links)
    return {"since": None if since is None else times.iso(since)}


@routes.post("/api/links/waiting/<ref>")
def post_waiting(ref: str) -> dict[str, Any]:
    patient, parts = auth.patient_side().patient, gateway()
    assert patient is not None
    signature = body.text(body.json_object("signature"), "signature")
    made = own_link.accept(ref, signature, patient, parts.links)
    about_patient(made.patient, made.ref)
    return {"ref": made.ref, "did": did(made.patient, parts.site.chain_id)}


@routes.delete("/api/patients/links/<ref>")
def delete_link(ref: str) -> Response:
    auth.client()
    about_patient(link.patient_of_ref(ref, gateway().links), ref)
    link.unlink(ref, gateway().links)
    return make_response("", 204)
