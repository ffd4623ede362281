"""Linking patient numbers to DIDs, at the desk. Numbers and DIDs stand in bodies, never in addresses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response

from consentry.domain.addresses import address_of_did, did
from consentry.gateway import auth, body
from consentry.gateway.auditing import about_patient
from consentry.gateway.parts import gateway
from consentry.services import link
from consentry.services.link import Complete

routes = Blueprint("links", __name__)


@routes.post("/api/patients/links")
def post_link() -> tuple[dict[str, Any], int]:
    auth.desk()
    begun = link.begin(body.json_object("mrn")["mrn"], gateway().links)
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
    """By number, which stands in no address."""
    auth.desk()
    parts = gateway()
    found = link.link_of_mrn(body.json_object("mrn")["mrn"], parts.links)
    about_patient(found.patient, found.ref)
    return {"ref": found.ref, "did": did(found.patient, parts.site.chain_id)}


@routes.delete("/api/patients/links/<ref>")
def delete_link(ref: str) -> Response:
    auth.client()
    about_patient(link.patient_of_ref(ref, gateway().links), ref)
    link.unlink(ref, gateway().links)
    return make_response("", 204)
