"""What FHIR routes answer with."""

from __future__ import annotations

from flask import Response
from werkzeug.http import http_date

from consentry.domain import fields, times
from consentry.fhir import jsontext
from consentry.fhir.jsontext import Json
from consentry.fhir.outcome import information
from consentry.gateway.auditing import about_records
from consentry.gateway.fhir.preferences import preference
from consentry.gateway.parts import gateway
from consentry.gateway.problems import FHIR_JSON
from consentry.gateway.published import shown
from consentry.services.publish import Published, PublishedRecord
from consentry.services.resources import Existing, Written

MINIMAL, REPRESENTATION, OUTCOME = "minimal", "representation", "OperationOutcome"
WAITS = "Kept encrypted by this gateway; filed and anchored by itself once the patient's directory is open."


def fhir_response(resource: Json, status: int = 200) -> Response:
    """A resource as FHIR JSON."""
    return Response(jsontext.write(resource), status, content_type=FHIR_JSON)


def written(done: Written, patient_ref: str) -> Response:
    """R4 http.html#create, #update: 201 for a new id, 202 while it waits for the patient's directory (D-9). Unless `Prefer` says
    otherwise with the resource, as readers will see it: clients take their state from it."""
    when = new_at(done.record, anchored_at(done.published))
    status = 202 if done.record.waiting else 201 if done.created else 200
    wish = preference("return", MINIMAL, REPRESENTATION, OUTCOME)
    if wish == MINIMAL:
        response = Response(status=status, content_type=FHIR_JSON)
    elif wish == OUTCOME:
        told = WAITS if done.record.waiting else f"{done.kind} is at version {done.record.version}."
        response = fhir_response(information(told), status)
    else:
        seen = shown(done.record, done.kind, done.id, patient_ref, gateway().site, when)
        response = fhir_response(seen, status)
    about_records([done.record.record_id])
    if when:
        response.headers["Last-Modified"] = http_date(times.seconds(when))
    response.headers.update(_named(done.kind, done.id, done.record.version) | anchor_headers(done.published))
    return response


def anchored_at(published: Published) -> str:
    """When it came on chain just now; empty if it did not."""
    block = None if published.block is None else gateway().ledger.block(published.block)
    return "" if block is None else times.iso(block.timestamp)


def new_at(record: PublishedRecord, anchored_at: str) -> str:
    """The same of one of its records: empty if that was there already, or waits."""
    return anchored_at if record.created and not record.waiting else ""


def existing(found: Existing) -> Response:
    """What meets the condition is there, and is not changed (R4 http.html#ccreate). The author can't open what it published, so
    that the answer says where it is, not what it holds."""
    response = fhir_response(information(f"This {found.kind} exists already; nothing was written."))
    response.headers.update(_named(found.kind, found.id, found.version))
    return response


def anchor_headers(published: Published) -> dict[str, str]:
    """Where on chain it is, if anything new was anchored."""
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


def _named(kind: str, name: str, version: int) -> dict[str, str]:
    place = f"{gateway().site.origin}/fhir/{kind}/{name}/_history/{version}"
    return {"Location": place, "ETag": f'W/"{version}"'}
