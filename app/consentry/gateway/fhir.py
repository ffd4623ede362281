"""The FHIR R4 facade: publish a Bundle, read everything of a patient (specification F-1, G-1, G-3)."""

from __future__ import annotations

from flask import Blueprint, Response, request

from consentry.domain import fields
from consentry.domain.addresses import Address, address
from consentry.domain.openings import Opening
from consentry.domain.purposes import Purpose
from consentry.errors import HeaderInvalid, LayoutInvalid, PatientNotLinked
from consentry.fhir import jsontext
from consentry.fhir.jsontext import Json
from consentry.fhir.validate import ValidBundle, parse_bundle
from consentry.gateway import auth, body
from consentry.gateway.auth import Client
from consentry.gateway.capability import capability_statement
from consentry.gateway.emergency import id_of
from consentry.gateway.history import history
from consentry.gateway.parts import gateway
from consentry.gateway.problems import FHIR_JSON
from consentry.gateway.published import transaction_response
from consentry.gateway.searchset import searchset
from consentry.services import opening_desk
from consentry.services.everything import read_everything
from consentry.services.link import patient_of_identifiers, patient_of_ref, require_same_patient
from consentry.services.publish import PublishBundle, Published, publish
from consentry.services.reading import Which
from consentry.services.reading_session import Reader

routes = Blueprint("fhir", __name__)
SELF = "self"
EMERGENCY = "emergency"
"""In place of the reference of a patient who is known here by an opening alone."""
PATIENT_REF = "X-Consentry-Patient-Ref"
PRACTITIONER = "X-Consentry-Practitioner"
PURPOSE = "X-Consentry-Purpose"
REPLACES = "X-Consentry-Replaces"
HISTORY = "_history"
OPENING = "X-Consentry-Opening"
_TYPES = ("application/fhir+json", "application/json")


@routes.post("/fhir")
def post_bundle() -> Response:
    by = auth.desk()
    parts = gateway()
    request.max_content_length = parts.max_bundle_bytes
    raw = body.raw_body(*_TYPES)
    bundle = parse_bundle(raw, max_bytes=parts.max_bundle_bytes)
    # Ids count within one system; people all enter by the same one.
    system = by if by.startswith("client:") else "staff"
    command = PublishBundle(_published_patient(bundle), bundle, system, _replaced())
    published = publish(command, parts.author, parts.publishing)
    response = _fhir(transaction_response(published))
    response.headers.update(_anchor_headers(published))
    return response


@routes.get("/fhir/Patient/<ref>/$everything")
def get_everything(ref: str) -> Response:
    parts = gateway()
    which = _which()
    reader, patient, opening = _reader_patient_opening(ref)
    reading = read_everything(reader, patient, parts.everything, which, opening)
    shown = searchset if which is Which.NEWEST else history
    return _fhir(shown(reading, f"Patient/{ref}", f"{parts.site.origin}/fhir"))


@routes.get("/fhir/metadata")
def get_metadata() -> Response:
    return _fhir(capability_statement(gateway().site))


def _fhir(resource: Json) -> Response:
    return Response(jsontext.write(resource), content_type=FHIR_JSON)


def _published_patient(bundle: ValidBundle) -> Address:
    """Whom the caller names by reference, or whom the bundle's identifiers are linked to; never two people."""
    parts = gateway()
    ref = request.headers.get(PATIENT_REF)
    named = None if ref is None else patient_of_ref(ref, parts.links)
    identifiers = bundle.patient.identifiers
    if named is None:
        return patient_of_identifiers(identifiers, parts.links)
    require_same_patient(identifiers, named, parts.links)
    return named


def _reader_patient_opening(ref: str) -> tuple[Reader, Address, Opening | None]:
    if OPENING not in request.headers:
        return *_reader_and_patient(ref), None
    parts = gateway()
    reader = parts.sessions.readers.of(auth.staff(), Purpose.ETREAT)
    kept = opening_desk.in_force(id_of(_header(OPENING)), parts.openings)
    if ref != EMERGENCY and patient_of_ref(ref, parts.links) != kept.patient:
        raise HeaderInvalid(f"{OPENING}: names an opening of another patient")
    return reader, kept.patient, kept.opening


def _reader_and_patient(ref: str) -> tuple[Reader, Address]:
    parts = gateway()
    who = auth.caller()
    if isinstance(who, Client):
        return _system_reader(), patient_of_ref(ref, parts.links)
    auth.person()
    reader = parts.sessions.readers.of(who, _purpose() if PURPOSE in request.headers else None)
    if ref == SELF:
        if who.patient is None:
            raise PatientNotLinked("`self` is for a patient; staff names the patient's reference")
        return reader, who.patient
    return reader, patient_of_ref(ref, parts.links)


def _system_reader() -> Reader:
    """A hospital system names for whom it asks, and why."""
    try:
        practitioner = address(_header(PRACTITIONER))
    except LayoutInvalid:
        raise HeaderInvalid(f"{PRACTITIONER}: must be an account, 0x and 40 hex digits") from None
    return gateway().system.reader(practitioner, _purpose())


def _purpose() -> str:
    purpose = _header(PURPOSE)
    if purpose not in frozenset(Purpose):
        raise HeaderInvalid(f"{PURPOSE}: must be one of {', '.join(Purpose)}")
    return purpose


def _replaced() -> tuple[bytes, ...]:
    """The records that the publisher says its Bundle takes the place of."""
    value = request.headers.get(REPLACES)
    if value is None:
        return ()
    try:
        named = tuple(fields.hex_bytes(one.strip(), REPLACES) for one in value.split(","))
    except LayoutInvalid:
        raise HeaderInvalid(f"{REPLACES}: must be record ids, 0x and 64 hex digits, with commas") from None
    return tuple(dict.fromkeys(named))


def _which() -> Which:
    asked = request.args.getlist(HISTORY)
    if asked not in ([], ["true"], ["false"]):
        raise HeaderInvalid(f"{HISTORY}: must be true or false, once")
    return Which.ALL if asked == ["true"] else Which.NEWEST


def _header(name: str) -> str:
    value = request.headers.get(name)
    if not value:
        raise HeaderInvalid(f"{name}: is missing; a system names who asks and why with each request")
    return value


def _anchor_headers(published: Published) -> dict[str, str]:
    if published.root is None:
        return {}
    found = {
        "X-Consentry-Root": fields.to_hex(published.root),
        "X-Consentry-Gas-Used": str(published.gas_used),
    }
    if published.transaction is not None:
        found["X-Consentry-Transaction"] = fields.to_hex(published.transaction)
    if published.block is not None:
        found["X-Consentry-Block"] = str(published.block)
    return found
