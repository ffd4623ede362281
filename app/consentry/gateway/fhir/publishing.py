"""Publishing a Bundle (specification F-1, G-1)."""

from __future__ import annotations

from flask import Response, request

from consentry.domain import fields
from consentry.errors import HeaderInvalid, LayoutInvalid
from consentry.fhir.jsontext import Json
from consentry.fhir.requests import requests_of
from consentry.fhir.validate import check_bundle, read_bundle
from consentry.gateway import auth
from consentry.gateway.auditing import about_records
from consentry.gateway.body import MAX_BYTES
from consentry.gateway.fhir.answers import anchor_headers, fhir_response
from consentry.gateway.fhir.batches import batch
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.fhir.bodies import fhir_body
from consentry.gateway.fhir.subjects import link_of_bundle, system_of
from consentry.gateway.fhir.transactions import transaction
from consentry.gateway.parts import gateway
from consentry.gateway.published import transaction_response
from consentry.services.publish import PublishBundle, publish
from consentry.services.sign_in import Person

REPLACES = "X-Consentry-Replaces"
ANSWER = "X-Consentry-Answer"
RECORDS = "records"
"""What became of the records, in place of one answer an entry."""


@routes.post("/fhir")
def post_bundle() -> Response:
    who, parts = auth.caller(), gateway()
    # who publishes nothing sends requests to read, if anything: anybody may become a patient here
    most = MAX_BYTES if isinstance(who, Person) and who.patient is not None else None
    tree = read_bundle(fhir_body(most), max_bytes=parts.max_bundle_bytes)
    base_url = f"{parts.site.origin}/fhir"
    asked = None if request.headers.get(ANSWER) == RECORDS else requests_of(tree, base_url)
    if asked is None:
        return _published(tree)
    replaces = _replaced()
    if tree["type"] == "batch" and not replaces:
        return batch(tree, asked)
    return transaction(tree, asked, auth.desk(), replaces)


def _published(tree: dict[str, Json]) -> Response:
    """Answered record by record: a Bundle that says nothing of what is asked, or whose sender wants to know."""
    parts, by, replaced = gateway(), auth.desk(), _replaced()
    bundle = check_bundle(tree)
    for kind in sorted({entry.type for entry in bundle.entries}):
        auth.permit(kind, "c")
        if replaced:
            auth.permit(kind, "u")
    if replaced:
        by = auth.author()
    command = PublishBundle(link_of_bundle(bundle).patient, bundle, system_of(by), replaced, by=by)
    published = publish(command, parts.author, parts.publishing)
    about_records((*(one.record_id for one in published.records), *published.retracted))
    response = fhir_response(transaction_response(published))
    response.headers.update(anchor_headers(published))
    return response


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
