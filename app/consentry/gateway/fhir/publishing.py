"""Publishing a Bundle (specification F-1, G-1)."""

from __future__ import annotations

from flask import Response, request

from consentry.domain import fields
from consentry.errors import HeaderInvalid, LayoutInvalid
from consentry.fhir.validate import parse_bundle
from consentry.gateway import auth
from consentry.gateway.fhir.answers import anchor_headers, fhir_response
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.fhir.bodies import fhir_body
from consentry.gateway.fhir.subjects import link_of_bundle
from consentry.gateway.parts import gateway
from consentry.gateway.published import transaction_response
from consentry.services.publish import PublishBundle, publish

REPLACES = "X-Consentry-Replaces"


@routes.post("/fhir")
def post_bundle() -> Response:
    by = auth.desk()
    parts = gateway()
    bundle = parse_bundle(fhir_body(), max_bytes=parts.max_bundle_bytes)
    for kind in sorted({entry.type for entry in bundle.entries}):
        auth.permit(kind, "c")
    command = PublishBundle(link_of_bundle(bundle).patient, bundle, system_of(by), _replaced(), by=by)
    published = publish(command, parts.author, parts.publishing)
    response = fhir_response(transaction_response(published))
    response.headers.update(anchor_headers(published))
    return response


def system_of(by: str) -> str:
    """Ids count within one system; people all enter by the same one."""
    return by if by.startswith("client:") else "staff"


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
