"""One resource as a Bundle of its own: what is created or updated by itself is published like everything else."""

from __future__ import annotations

from typing import Any

from consentry.errors import InputError, NotFhir, ResourceIdMismatch, ResourceTypeMismatch
from consentry.fhir import jsontext
from consentry.fhir.jsontext import Json
from consentry.fhir.merge import unlabelled
from consentry.fhir.validate import MAX_DEPTH, ValidBundle, check_bundle

_PLACE = "Bundle.entry[0].resource"


def read_resource(raw: bytes, kind: str) -> dict[str, Json]:
    """A resource of this type. Raises NotJson, NotFhir, ResourceTypeMismatch."""
    return require_type(jsontext.read(raw, max_depth=MAX_DEPTH), kind)


def require_type(tree: Any, kind: str) -> dict[str, Json]:
    """Raises NotFhir for what is no resource, ResourceTypeMismatch."""
    if not isinstance(tree, dict) or not isinstance(tree.get("resourceType"), str):
        raise NotFhir("The body is not a FHIR resource.", expression=(kind,))
    if tree["resourceType"] != kind:
        raise ResourceTypeMismatch(expression=(f"{kind}.resourceType",))
    return tree


def require_id(resource: dict[str, Json], name: str) -> None:
    """Raises ResourceIdMismatch (R4 http.html#update)."""
    if resource.get("id") != name:
        raise ResourceIdMismatch(expression=(f"{resource['resourceType']}.id",))


def bundle_of(resource: dict[str, Json], identity: str) -> ValidBundle:
    """The resource alone, under the name that it is, or was, published by, `as_sent`.

    Raises what `check_bundle` does, with the element's path in the resource.
    """
    row = {"fullUrl": identity, "resource": as_sent(resource)}
    try:
        return check_bundle({"resourceType": "Bundle", "type": "collection", "entry": [row]})
    except InputError as problem:
        problem.expression = tuple(
            one.replace(_PLACE, resource["resourceType"], 1) for one in problem.expression
        )
        raise


def as_sent(resource: dict[str, Json]) -> dict[str, Json]:
    """The resource without what it says of id, version, time of update and record: that is the gateway's to say (R4
    http.html#create), and clients send back what they read. How confidential it was stays, as the sender's word from now on.
    """
    named = {key: value for key, value in resource.items() if key != "id"}
    if isinstance(named.get("meta"), dict) and named["meta"]:
        named["meta"] = unlabelled(named["meta"])
        if not named["meta"]:
            del named["meta"]
    return named
