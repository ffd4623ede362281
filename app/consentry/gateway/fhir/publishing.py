"""Publishing a Bundle (specification F-1, G-1)."""

from __future__ import annotations

from flask import Response, request

from consentry.domain import fields
from consentry.domain.addresses import Address
from consentry.errors import HeaderInvalid, LayoutInvalid
from consentry.fhir.validate import ValidBundle, parse_bundle
from consentry.gateway import auth, body
from consentry.gateway.fhir.answers import fhir_response
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.parts import gateway
from consentry.gateway.published import transaction_response
from consentry.services.link import patient_of_identifiers, patient_of_ref, require_same_patient
from consentry.services.publish import PublishBundle, Published, publish

PATIENT_REF = "X-Consentry-Patient-Ref"
REPLACES = "X-Consentry-Replaces"
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
    response = fhir_response(transaction_response(published))
    response.headers.update(_anchor_headers(published))
    return response


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
