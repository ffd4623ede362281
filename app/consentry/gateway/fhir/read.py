"""Reading a resource by its id, in its newest version, in one of them, or in all (specification F-20)."""

from __future__ import annotations

from dataclasses import replace
from email.utils import formatdate
from typing import Any

from flask import Response, request

from consentry.domain import times
from consentry.domain.addresses import Address
from consentry.domain.openings import Opening
from consentry.domain.request_items import EmergencyGround
from consentry.domain.sessions import SessionKind
from consentry.errors import NoGround, ResourceGone, ResourceUnknown, RouteUnknown
from consentry.fhir import jsontext
from consentry.fhir.search_parameters import searchable_types
from consentry.fhir.search_query import parse_search
from consentry.fhir.validate import MAX_DEPTH
from consentry.fhir.versions import CHANGED, CREATED, DELETED, Version, versions
from consentry.gateway import auth
from consentry.gateway.auditing import about_no_ground, about_patient, about_shown
from consentry.gateway.fhir import showing
from consentry.gateway.fhir.answers import fhir_response
from consentry.gateway.fhir.asking import SELF, reader
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.fhir.search import address, context, search_anew
from consentry.gateway.fhir.showing import Asked
from consentry.gateway.history import retracted
from consentry.gateway.parts import gateway
from consentry.gateway.problems import FHIR_JSON
from consentry.services.everything import read_everything
from consentry.services.own_resources import own_resource
from consentry.services.reading import Which
from consentry.services.reading_session import Reader
from consentry.services.shown import ShownSet, Text
from consentry.services.shown_grounds import require_grounds

_STATUS = {CREATED: "201 Created", CHANGED: "200 OK", DELETED: "204 No Content"}


@routes.get("/fhir/<fhir_type:kind>/<fhir_id:name>")
def get_resource(kind: str, name: str) -> Response:
    return resource(kind, name)


@routes.get("/fhir/<fhir_type:kind>/<fhir_id:name>/_history/<fhir_id:version>")
def get_version(kind: str, name: str, version: str) -> Response:
    _permit(kind)
    who = reader()
    shown, text = _shown(who, f"{kind}/{name}")
    if text.version == version:
        return resource_response(text)
    for found in _all_versions(who, shown, f"{kind}/{name}")[0]:
        if str(found.version) == version:
            if found.resource is None:
                raise ResourceGone()
            return resource_response(Text(text.name, version, None, jsontext.write(found.resource)))
    raise ResourceUnknown()


@routes.get("/fhir/<fhir_type:kind>/<fhir_id:name>/_history")
def get_history(kind: str, name: str) -> Response:
    _permit(kind)
    who = reader()
    shown, _ = _shown(who, f"{kind}/{name}")
    found, issues = _all_versions(who, shown, f"{kind}/{name}")
    return fhir_response(_history(f"{kind}/{name}", found, issues))


def resource(kind: str, name: str) -> Response:
    """What this session was shown of a resource. Raises ResourceUnknown."""
    _permit(kind)
    return resource_response(shown_text(reader(), f"{kind}/{name}"))


def shown_text(who: Reader, name: str) -> Text:
    """`Type/id` as this session was shown it last. Raises ResourceUnknown."""
    return _shown(who, name)[1]


def resource_response(text: Text) -> Response:
    """A resource with its version and time as headers; 304 for a client that has it (R4 http.html §3.1.0.5)."""
    response = Response(text.content, content_type=FHIR_JSON)
    if text.version:
        response.set_etag(text.version, weak=True)
        if text.name.partition("/")[0] in searchable_types():  # a Consent's versions have no addresses
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
    """What this session was shown of it last, if its grounds still hold; else what this hospital published, read anew.

    Raises ResourceUnknown, ResourceGone.
    """
    parts = gateway()
    kind, _, shown_id = name.partition("/")
    own = own_resource(kind, shown_id, parts.author, parts.publishing)
    if own is not None and own.record is None and who.certificate.kind is not SessionKind.PATIENT:
        raise ResourceGone()
    current = None if own is None or own.record is None else own.record.record_id
    for shown in parts.shown.shown.of(showing.owner(who)):
        places = shown.places(name)
        try:
            if places:
                require_grounds(shown, places, who, parts.shown)
        except NoGround:
            about_no_ground(shown.patient, shown.ref)
            continue
        if places and current in (None, *(record_id for _, record_id in shown.records(places))):
            about_shown(shown)
            return shown, shown.opened(showing.token(), places[-1:])[0]
        if places:
            return _anew(Asked(who, shown.patient, shown.ref, ""), name, _opening(shown))
    ref = None if own is None else _reference(who, own.patient)
    if own is None or ref is None:
        raise ResourceUnknown()
    return _anew(Asked(who, own.patient, ref, ""), name, None)


def _reference(who: Reader, patient: Address) -> str | None:
    """How this gateway calls the person towards this reader."""
    if who.certificate.kind is SessionKind.PATIENT:
        return SELF
    link = gateway().links.links.by_patient(patient)
    return None if link is None else link.ref


def _anew(asked: Asked, name: str, opening: Opening | None) -> tuple[ShownSet, Text]:
    """Under the grounds that hold now, and kept as a search would keep it.

    Raises ResourceUnknown, also without a ground: whether there is such a resource is not told.
    """
    kind, _, shown_id = name.partition("/")
    search = parse_search(kind, [("_id", shown_id)], context(asked.ref))
    try:
        shown, _ = search_anew(search, replace(asked, address=address(search)), opening, letter="r")
    except NoGround:
        about_no_ground(asked.patient, asked.ref)
        raise ResourceUnknown() from None
    about_patient(asked.patient, "" if asked.ref == SELF else asked.ref)
    places = shown.places(name)
    if not places:
        raise ResourceUnknown()
    return shown, shown.opened(showing.token(), places[-1:])[0]


def _opening(shown: ShownSet) -> Opening | None:
    return next((one.opening for one in shown.grounds if isinstance(one, EmergencyGround)), None)


def _all_versions(who: Reader, shown: ShownSet, name: str) -> tuple[list[Version], list[dict[str, Any]]]:
    """The versions that the grounds give now, the newest first, and what is said of the reading."""
    parts = gateway()
    reading = read_everything(who, shown.patient, parts.everything, Which.ALL, _opening(shown))
    gone = [retracted(one) for one in reading.gone]
    return showing.merged(
        reading, shown.ref, lambda records: versions(records, gone, f"Patient/{shown.ref}", name)
    )


def _history(name: str, found: list[Version], issues: list[dict[str, Any]]) -> dict[str, Any]:
    """A Bundle of type history (R4 http.html#history)."""
    url = f"{showing.base()}/{name}"
    entries = [_entry(name, url, one) for one in found]
    if issues:
        told = {"resourceType": "OperationOutcome", "issue": issues}
        entries.append(
            {"request": {"method": "GET", "url": name}, "response": {"status": "200 OK", "outcome": told}}
        )
    links = [{"relation": "self", "url": f"{url}/_history"}]
    bundle = {"resourceType": "Bundle", "type": "history", "total": len(found), "link": links}
    return {**bundle, "entry": entries} if entries else bundle


def _entry(name: str, url: str, one: Version) -> dict[str, Any]:
    place = name.partition("/")[0] if one.method == CREATED else name
    return {
        "fullUrl": url,
        **({} if one.resource is None else {"resource": one.resource}),
        "request": {"method": one.method, "url": place},
        "response": {"status": _STATUS[one.method], "etag": f'W/"{one.version}"'},
    }
