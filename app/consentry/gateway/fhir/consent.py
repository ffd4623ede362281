"""Consents as FHIR: proposed, read, granted and revoked by the patient's signature (specification N-5 to N-7).

A Consent here is what a patient's wallet signs. Those that hospitals publish among other records are read with them.
"""

from __future__ import annotations

import re
from base64 import b64encode

from flask import Response, request
from werkzeug.http import http_date

from consentry.errors import BodyTooLarge, ConsentUnknown, InputError, VersionConflict
from consentry.fhir import checking, jsontext, single
from consentry.fhir.jsontext import Json
from consentry.fhir.outcome import information, operation_outcome
from consentry.gateway import auth
from consentry.gateway.auditing import about_patient
from consentry.gateway.body import MAX_BYTES
from consentry.gateway.consents import pace, require_own
from consentry.gateway.fhir import read
from consentry.gateway.fhir.answers import MINIMAL, OUTCOME, REPRESENTATION, fhir_response
from consentry.gateway.fhir.asking import reader
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.fhir.bodies import fhir_body
from consentry.gateway.fhir.conditions import expected_versions, unless_exists
from consentry.gateway.fhir.preferences import preference
from consentry.gateway.parts import gateway
from consentry.services import consent_resources
from consentry.services.consent_receipts import receipt_of
from consentry.services.consent_resources import ConsentResource, ProposeResource, UpdateResource
from consentry.services.sign_in import Person

CONSENT = "Consent"
_PUBLISHED = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@routes.post("/fhir/Consent")
def post_consent() -> Response:
    by = auth.desk()
    auth.permit(CONSENT, "c")
    unless = unless_exists()
    condition = (None, None) if unless is None else (unless.identifier, unless.patient)
    command = ProposeResource(_body(), by, *condition)
    made = consent_resources.propose(command, gateway().consent_desk)
    about_patient(made.consent.consent.kept.consent.patient)
    return _written(made.consent, 201 if made.created else 200)


@routes.post("/fhir/Consent/$validate")
@routes.post("/fhir/Consent/<fhir_id:name>/$validate")
def post_validate_consent(name: str = "") -> Response:
    """As proposing checks it; at an id it checks the same body."""
    del name
    auth.desk()
    auth.permit_checking(CONSENT)
    resource, _ = checking.read_subject(fhir_body(), CONSENT)
    try:
        draft = consent_resources.check(resource, gateway().consent_desk)
    except InputError as hindered:
        return fhir_response(operation_outcome(hindered))
    return fhir_response(
        information(f"Valid R4. It would be proposed as {len(draft.provisions)} permission(s).")
    )


@routes.get("/fhir/Consent/<fhir_id:name>")
def get_consent(name: str) -> Response:
    auth.permit(CONSENT, "r")
    if _PUBLISHED.fullmatch(name):
        # stands in a record that this session was shown
        return read.resource_response(read.shown_text(reader(), f"{CONSENT}/{name}"))
    response = _answer(_visible(name))
    response.make_conditional(request.environ)
    return response


@routes.put("/fhir/Consent/<fhir_id:name>")
def put_consent(name: str) -> Response:
    auth.permit(CONSENT, "u")
    current, resource = _visible(name), _body()
    single.require_id(resource, name)
    expected, who = expected_versions(), auth.caller()
    if expected is not None and current.state.version not in expected:
        raise VersionConflict()
    command = UpdateResource(current, resource, lambda: pace(who))
    return _written(consent_resources.update(command, gateway().consent_desk), 200)


@routes.get("/fhir/Consent/<fhir_id:name>/$receipt")
def get_receipt(name: str) -> Response:
    """As a Binary; as the JSON itself for whoever asks for that (R4 binary.html)."""
    auth.permit(CONSENT, "r")
    told = jsontext.write(receipt_of(_visible(name), gateway().consent_desk))
    kinds = ("application/fhir+json", "application/json")
    if request.accept_mimetypes.best_match(kinds, kinds[0]) == kinds[1]:
        return Response(told, content_type=kinds[1])
    data = b64encode(told).decode("ascii")
    return fhir_response({"resourceType": "Binary", "contentType": "application/json", "data": data})


def _body() -> dict[str, Json]:
    """A Consent that is small enough to be kept and shown by the page. Raises BodyTooLarge, and what `fhir_body` does."""
    raw = fhir_body()
    if len(raw) > MAX_BYTES:
        raise BodyTooLarge(
            f"A Consent has at most {MAX_BYTES} bytes; refer to its source, or give its address."
        )
    return single.read_resource(raw, CONSENT)


def _visible(name: str) -> ConsentResource:
    """A patient's side sees its own, the desk those that it asked for or was given.

    Raises ConsentUnknown, NotSignedIn, RoleUnfit.
    """
    who = auth.caller()
    if not isinstance(who, Person) or who.patient is None:
        auth.desk()
    else:
        auth.person()
    try:
        found = consent_resources.resource_of(bytes.fromhex(name), gateway().consent_desk)
    except ValueError:
        raise ConsentUnknown() from None
    about_patient(found.consent.kept.consent.patient)
    require_own(who, found.consent.kept)
    return found


def _written(one: ConsentResource, status: int) -> Response:
    wish = preference("return", MINIMAL, REPRESENTATION, OUTCOME)
    response = _answer(one, status)
    if wish == MINIMAL:
        response.set_data(b"")
    elif wish == OUTCOME:
        response.set_data(jsontext.write(information(f"The consent is {one.state}.")))
    response.headers["Location"] = f"{gateway().site.origin}/fhir/Consent/{one.resource['id']}"
    return response


def _answer(one: ConsentResource, status: int = 200) -> Response:
    response = fhir_response(one.resource, status)
    response.set_etag(one.state.version, weak=True)
    response.headers["Last-Modified"] = http_date(one.changed_at)
    return response
