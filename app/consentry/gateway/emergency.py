"""Opening, closing and reviewing emergency summaries. Whom an opening is for stands in bodies, never in addresses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from consentry.domain import fields, times
from consentry.domain.addresses import Address, address, address_of_did, did
from consentry.domain.openings import Finding, Opening
from consentry.errors import LayoutInvalid, OpeningNotHeld
from consentry.gateway import auth, body
from consentry.gateway.auditing import about_opening, about_patient
from consentry.gateway.parts import gateway
from consentry.services import emergency, opening_desk, summaries
from consentry.services.emergency import Prepare, Relayed
from consentry.services.link import patient_of_ref, require_known
from consentry.services.opening_desk import Listed, Repeat

routes = Blueprint("emergency", __name__)
_FINDINGS = {finding.word: finding for finding in Finding}


@routes.post("/api/emergency/openings/proposals")
def post_proposal() -> tuple[dict[str, Any], int]:
    auth.desk()
    asked = body.json_object("patient", "first", "second", "seconds", optional=("again",))
    first, second = (address(body.text(asked, name)) for name in ("first", "second"))
    command = Prepare(named(body.text(asked, "patient")), first, second, asked["seconds"])
    prepared = opening_desk.propose(command, gateway().openings, _repeat(asked["again"]))
    shown = {"id": fields.to_hex(prepared.opening_id), "opening": prepared.opening.to_json()}
    return shown | {"typedData": prepared.typed_data}, 201


@routes.post("/api/emergency/openings")
def post_opening() -> tuple[dict[str, Any], int]:
    auth.desk()
    asked = body.json_object("opening", "firstSignature", "secondSignature")
    opening, ports = Opening.from_json(asked["opening"]), gateway().openings
    about_patient(opening.subject.patient)
    done = opening_desk.open_(opening, asked["firstSignature"], asked["secondSignature"], ports)
    about_opening(done.opening_id)
    return relayed(done), 201


@routes.get("/api/emergency/openings")
def get_openings() -> dict[str, Any]:
    auth.desk()
    return {"openings": [_listed(one) for one in opening_desk.listed(gateway().openings)]}


@routes.get("/api/emergency/openings/<opening_id>/closing")
def get_closing(opening_id: str) -> dict[str, Any]:
    ports = gateway().openings.emergency
    return {"typedData": emergency.closing_data(id_of(opening_id), auth.staff().address, ports)}


@routes.post("/api/emergency/openings/<opening_id>/closing")
def post_closing(opening_id: str) -> dict[str, Any]:
    who, signature = auth.staff(), body.json_object("signature")["signature"]
    gateway().consents.relays.take(who.address)
    ports = gateway().openings.emergency
    return relayed(emergency.close(id_of(opening_id), who.address, signature, ports))


@routes.get("/api/emergency/openings/<opening_id>/review/<finding>")
def get_review(opening_id: str, finding: str) -> dict[str, Any]:
    who, ports = auth.staff(), gateway().openings.emergency
    return {"typedData": emergency.review_data(id_of(opening_id), _finding(finding), who.address, ports)}


@routes.post("/api/emergency/openings/<opening_id>/review/<finding>")
def post_review(opening_id: str, finding: str) -> dict[str, Any]:
    who, signature = auth.staff(), body.json_object("signature")["signature"]
    gateway().consents.relays.take(who.address)
    ports, found = gateway().openings.emergency, _finding(finding)
    return relayed(emergency.review(id_of(opening_id), found, who.address, signature, ports))


@routes.get("/api/emergency/summary")
def get_summary() -> dict[str, Any]:
    patient, parts = auth.patient_side().patient, gateway()
    assert patient is not None
    return {"sensitive": summaries.chosen(patient, parts.author, parts.publishing.summaries)}


@routes.put("/api/emergency/summary")
def put_summary() -> dict[str, Any]:
    who, parts = auth.patient_side(), gateway()
    sensitive = body.json_object("sensitive")["sensitive"]
    assert who.patient is not None
    if not isinstance(sensitive, bool):
        raise LayoutInvalid("sensitive: must be true or false", expression=("sensitive",))
    about_patient(who.patient)
    parts.consents.relays.take(who.address)
    if sensitive:
        require_known(who.patient, parts.links)
    summaries.choose(who.patient, parts.author, parts.publishing, with_sensitive=sensitive)
    return {"sensitive": sensitive}


def id_of(text: str) -> bytes:
    """Raises OpeningNotHeld for what is no id at all."""
    try:
        return fields.hex_bytes(text.lower(), "id")
    except LayoutInvalid:
        raise OpeningNotHeld() from None


def named(name: str) -> Address:
    """A linked person by reference, or anybody by DID: who lies unconscious may never have been here."""
    parts = gateway()
    if name.startswith("did:"):
        return about_patient(address_of_did(name, parts.site.chain_id))
    return about_patient(patient_of_ref(name, parts.links), name)


def _repeat(again: object) -> Repeat:
    if again not in (None, True, False):
        raise LayoutInvalid("again: must be true or false", expression=("again",))
    return Repeat.MEANT if again else Repeat.REFUSED


def _finding(word: str) -> Finding:
    if word not in _FINDINGS:
        raise LayoutInvalid(f"finding: must be one of {', '.join(_FINDINGS)}", expression=("finding",))
    return _FINDINGS[word]


def relayed(one: Relayed) -> dict[str, Any]:
    state = gateway().openings.chain.state_of(one.opening_id)
    return {
        "id": fields.to_hex(one.opening_id),
        "transaction": fields.to_hex(one.transaction),
        "block": one.block,
        "gasUsed": one.gas_used,
        "endsAt": times.iso(state.ends_at),
        "reviewBy": times.iso(state.review_by),
    }


def _listed(listed: Listed) -> dict[str, Any]:
    one, chain_id = listed.one, gateway().site.chain_id
    return {
        "id": fields.to_hex(one.opening_id),
        "stage": str(listed.stage),
        "first": one.first,
        "second": one.second,
        "openedAt": None if listed.opened_at is None else times.iso(listed.opened_at),
        "endsAt": times.iso(one.ends_at),
        "reviewBy": times.iso(one.review_by),
        "patient": None if listed.patient is None else did(listed.patient, chain_id),
    }
