"""Reading a resource by its id, in its newest version, in one of them, or in all (specification F-20)."""

from __future__ import annotations

from email.utils import formatdate
from typing import Any

from flask import Response, request

from consentry.domain import times
from consentry.domain.request_items import EmergencyGround
from consentry.errors import NoGround, ResourceNotShown, RouteUnknown
from consentry.fhir import jsontext
from consentry.fhir.search_parameters import searchable_types
from consentry.fhir.validate import MAX_DEPTH
from consentry.fhir.versions import versions
from consentry.gateway import auth
from consentry.gateway.fhir import showing
from consentry.gateway.fhir.answers import fhir_response
from consentry.gateway.fhir.asking import reader
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.parts import gateway
from consentry.gateway.problems import FHIR_JSON
from consentry.services.everything import read_everything
from consentry.services.reading import Which
from consentry.services.reading_session import Reader
from consentry.services.shown import ShownSet, Text
from consentry.services.shown_grounds import require_grounds


@routes.get("/fhir/<fhir_type:kind>/<fhir_id:name>")
def get_resource(kind: str, name: str) -> Response:
    _permit(kind)
    who = reader()
    _, text = _shown(who, f"{kind}/{name}")
    return resource_response(text)


@routes.get("/fhir/<fhir_type:kind>/<fhir_id:name>/_history/<fhir_id:version>")
def get_version(kind: str, name: str, version: str) -> Response:
    _permit(kind)
    who = reader()
    shown, text = _shown(who, f"{kind}/{name}")
    if text.version == version:
        return resource_response(text)
    for found, _ in _all_versions(who, shown, f"{kind}/{name}")[0]:
        if found["meta"]["versionId"] == version:
            return resource_response(Text(text.name, version, None, jsontext.write(found)))
    raise ResourceNotShown()


@routes.get("/fhir/<fhir_type:kind>/<fhir_id:name>/_history")
def get_history(kind: str, name: str) -> Response:
    _permit(kind)
    who = reader()
    shown, _ = _shown(who, f"{kind}/{name}")
    found, issues = _all_versions(who, shown, f"{kind}/{name}")
    return fhir_response(_history(f"{kind}/{name}", found, issues))


def resource_response(text: Text) -> Response:
    """A resource with its version and time as headers; 304 for a client that has it (R4 http.html §3.1.0.5)."""
    response = Response(text.content, content_type=FHIR_JSON)
    if text.version:
        response.set_etag(text.version, weak=True)
        response.headers["Content-Location"] = f"{showing.base()}/{text.name}/_history/{text.version}"
    updated = jsontext.read(text.content, max_depth=MAX_DEPTH + 8).get("meta", {}).get("lastUpdated")
    if updated:
        response.headers["Last-Modified"] = formatdate(times.seconds(updated), usegmt=True)
    response.make_conditional(request.environ)
    return response


def _permit(kind: str) -> None:
    if kind not in searchable_types():
        raise RouteUnknown("Resources of this type are not read here.")
    auth.permit(kind, "r")


def _shown(who: Reader, name: str) -> tuple[ShownSet, Text]:
    """What this session was shown of it last, if its grounds still hold. Raises ResourceNotShown."""
    parts = gateway()
    for shown in parts.shown.shown.of(showing.owner(who)):
        places = shown.places(name)
        if not places:
            continue
        try:
            require_grounds(shown, places, who, parts.shown)
        except NoGround:
            continue
        return shown, shown.opened(showing.token(), places[-1:])[0]
    raise ResourceNotShown()


def _all_versions(
    who: Reader, shown: ShownSet, name: str
) -> tuple[list[tuple[dict[str, Any], str]], list[dict[str, Any]]]:
    """The versions that the grounds give now, the newest first, and what is said of the reading."""
    parts = gateway()
    opening = next((one.opening for one in shown.grounds if isinstance(one, EmergencyGround)), None)
    reading = read_everything(who, shown.patient, parts.everything, Which.ALL, opening)
    return showing.merged(reading, shown.ref, lambda records: versions(records, f"Patient/{shown.ref}", name))


def _history(
    name: str, found: list[tuple[dict[str, Any], str]], issues: list[dict[str, Any]]
) -> dict[str, Any]:
    """A Bundle of type history (R4 http.html#history)."""
    url = f"{showing.base()}/{name}"
    entries: list[dict[str, Any]] = [
        {
            "fullUrl": url,
            "resource": resource,
            "request": {"method": method, "url": name if method == "PUT" else name.partition("/")[0]},
            "response": {
                "status": "200 OK" if method == "PUT" else "201 Created",
                "etag": f'W/"{resource["meta"]["versionId"]}"',
            },
        }
        for resource, method in found
    ]
    if issues:
        told = {"resourceType": "OperationOutcome", "issue": issues}
        entries.append(
            {"request": {"method": "GET", "url": name}, "response": {"status": "200 OK", "outcome": told}}
        )
    links = [{"relation": "self", "url": f"{url}/_history"}]
    bundle = {"resourceType": "Bundle", "type": "history", "total": len(found), "link": links}
    return {**bundle, "entry": entries} if entries else bundle
