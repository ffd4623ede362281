"""Bodies of FHIR requests."""

from __future__ import annotations

from flask import request

from consentry.errors import MediaTypeUnsupported
from consentry.fhir import single
from consentry.fhir.jsontext import Json
from consentry.gateway import body
from consentry.gateway.parts import gateway

_TYPES = ("application/fhir+json", "application/json")
_VERSIONS = ("4.0", "4.0.1")


def fhir_body(most: int | None = None) -> bytes:
    """The bytes of a FHIR R4 body, within this gateway's bound for what is published, or `most` bytes if that is less. Raises
    MediaTypeUnsupported; Flask answers for one that is too large."""
    bound = gateway().max_bundle_bytes
    request.max_content_length = bound if most is None else min(bound, most)
    if request.mimetype_params.get("fhirversion", "4.0") not in _VERSIONS:
        raise MediaTypeUnsupported("FHIR 4.0 is taken, no other version.")
    return body.raw_body(*_TYPES)


def resource_body(kind: str) -> dict[str, Json]:
    """A resource of this type. Raises NotJson, NotFhir, ResourceTypeMismatch, MediaTypeUnsupported."""
    return single.read_resource(fhir_body(), kind)
