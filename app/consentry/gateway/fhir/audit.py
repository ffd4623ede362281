"""The audit trail as FHIR: to the patient concerned, and to auditors of the member and the regulator (J-5 to J-8)."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response

from consentry.domain.addresses import Address
from consentry.errors import PatientNotLinked
from consentry.fhir.audit_event import audit_event
from consentry.fhir.audit_search import AFTER, TYPE, AuditSearch, audit_search
from consentry.fhir.search_query import Search, parse_search
from consentry.gateway import auth
from consentry.gateway.auditing import about_data, about_patient
from consentry.gateway.auth import Client
from consentry.gateway.fhir.answers import fhir_response
from consentry.gateway.fhir.asking import SELF
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.fhir.public_pages import bundle
from consentry.gateway.fhir.search import context, pairs
from consentry.gateway.parts import gateway
from consentry.services import audit
from consentry.services.audit import AuditPage, Viewer
from consentry.services.link import patient_of_ref


@routes.get("/fhir/AuditEvent")
@routes.post("/fhir/AuditEvent/_search")
def search_audit_events() -> Response:
    auth.permit(TYPE, "s")
    viewer = _viewer()
    sent = pairs()
    after = next((value for name, value in sent if name == AFTER), "")
    search = parse_search(TYPE, [one for one in sent if one[0] != AFTER], context(personal=False))
    asked = audit_search(search, after)
    page = audit.search_events(_resolved(asked), viewer, gateway().audit)
    return _page(search, page)


@routes.get("/fhir/AuditEvent/<event_id>")
def get_audit_event(event_id: str) -> Response:
    auth.permit(TYPE, "r")
    facts, concerned = audit.read_event(event_id, _viewer(), gateway().audit)
    if concerned is not None:
        about_patient(Address(concerned.value), concerned.reference.removeprefix("Patient/"))
    about_data(TYPE, event_id)
    response = fhir_response(audit_event(facts))
    response.set_etag("1", weak=True)
    return response


def _viewer() -> Viewer | None:
    """Systems and staff of other roles see nothing here. Raises NotSignedIn, RoleUnfit, ChainUnreachable."""
    who = auth.caller()
    if isinstance(who, Client):
        return None
    auth.person()
    viewer = audit.viewer_of(who.address, who.patient, gateway().audit)
    if viewer is not None and viewer.patient is not None:
        about_patient(viewer.patient)
    return viewer


def _resolved(asked: AuditSearch) -> AuditSearch:
    """With the accounts of patients in place of this gateway's references: a person may have several of them."""
    choices = tuple(
        (name, tuple(_account(one) for one in values) if name == "patient" else values)
        for name, values in asked.choices
    )
    return AuditSearch(choices, asked.since, asked.until, asked.after, asked.count)


def _account(reference: str) -> str:
    ref, who = reference.removeprefix("Patient/"), auth.caller()
    if ref == SELF and not isinstance(who, Client) and who.patient is not None:
        return who.patient
    try:
        return patient_of_ref(ref, gateway().links)
    except PatientNotLinked:
        return f"Patient/{ref}"


def _page(search: Search, page: AuditPage) -> Response:
    base = f"{gateway().site.origin}/fhir/{TYPE}"
    links = {"self": _url(base, search)}
    if page.more:
        links["next"] = _url(base, search, page.events[-1].event_id)
    total = page.total if search.shape.total else None
    return bundle([audit_event(one) for one in page.events], search, total, links)


def _url(base: str, search: Search, after: str = "") -> str:
    used = [*search.used, (AFTER, after)] if after else search.used
    return f"{base}?{urlencode(used, safe=':/|,$')}" if used else base
