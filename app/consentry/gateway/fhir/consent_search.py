"""Searching a patient's Consents (specification N-8). Each page asks the chain anew where they stand."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Response, request

from consentry.domain.addresses import Address
from consentry.errors import PatientNotLinked, SearchInvalid
from consentry.fhir import jsontext, pages
from consentry.fhir.pages import Entry
from consentry.fhir.search_match import in_order, matches
from consentry.fhir.search_query import Search, parse_search, token
from consentry.fhir.search_subset import subset
from consentry.gateway import auth
from consentry.gateway.auditing import about_patient
from consentry.gateway.fhir import search, showing
from consentry.gateway.fhir.asking import SELF
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.fhir.consent import CONSENT
from consentry.gateway.parts import gateway
from consentry.gateway.problems import FHIR_JSON
from consentry.services.consent_resources import resources_of
from consentry.services.link import link_of, patient_of_ref
from consentry.services.sign_in import Person

OFFSET = "_offset"
BY_NUMBER = "patient.identifier"


@routes.get("/fhir/Consent")
def get_consents() -> Response:
    return _search(None)


@routes.post("/fhir/Consent/_search")
def post_consents() -> Response:
    return _search(None)


@routes.get("/fhir/Patient/<fhir_id:ref>/Consent")
def get_consents_of(ref: str) -> Response:
    return _search(ref)


@routes.post("/fhir/Patient/<fhir_id:ref>/Consent/_search")
def post_consents_of(ref: str) -> Response:
    return _search(ref)


def _search(ref: str | None) -> Response:
    auth.permit(CONSENT, "s")
    own = _own()
    sent, start = _without_offset(search.pairs())
    if own is None:
        sent, ref = _by_number(sent, ref)
    if own is not None and ref is None and not any(name.partition(":")[0] == "patient" for name, _ in sent):
        ref = SELF
    asked = parse_search(CONSENT, sent, search.context(ref))
    return _page(asked, _patient(asked.patient, own), start)


def _own() -> Address | None:
    """Whose side asks; None for the desk. Raises NotSignedIn, RoleUnfit."""
    who = auth.caller()
    if isinstance(who, Person) and who.patient is not None:
        return auth.person().patient
    auth.desk()
    return None


def _patient(ref: str, own: Address | None) -> Address:
    """Raises PatientNotLinked, also for a patient's side that names somebody else."""
    if ref == SELF and own is not None:
        return about_patient(own)
    found = about_patient(patient_of_ref(ref, gateway().links), ref)
    if own is not None and own != found:
        raise PatientNotLinked(f"no such reference at {gateway().site.member_name}")
    return found


def _page(asked: Search, patient: Address, start: int) -> Response:
    shape, base = asked.shape, showing.base()
    found = [one.resource for one in resources_of(patient, gateway().consent_desk)]
    fitting = in_order((one for one in found if matches(one, asked.criteria)), shape.order)
    shown = [] if shape.counts_only else fitting[start : start + shape.count]
    entries = [Entry(_written(one, asked), "match", f"{base}/{CONSENT}/{one['id']}") for one in shown]
    said = _said(asked)
    if said and not shape.counts_only:
        told = {"resourceType": "OperationOutcome", "issue": said}
        entries.append(Entry(jsontext.write(told), "outcome"))
    total = len(fitting) if shape.total or shape.counts_only else None
    links = {"self": _at(asked, start)}
    if shown and start + shape.count < len(fitting):
        links["next"] = _at(asked, start + shape.count)
    return Response(pages.page("searchset", entries, total, links), content_type=FHIR_JSON)


def _written(resource: dict[str, Any], asked: Search) -> bytes:
    shape = asked.shape
    if not shape.elements and not shape.without_text:
        return jsontext.write(resource)
    return jsontext.write(subset(resource, shape.elements, shape.without_text))


def _said(asked: Search) -> list[dict[str, Any]]:
    """Nothing is included with Consents; whoever asks for it is told."""
    more = [name for name, _ in asked.used if name in ("_include", "_revinclude")]
    return search.ignored(replace(asked, ignored=(*asked.ignored, *more)))


def _at(asked: Search, start: int) -> str:
    address = search.address(asked)
    return f"{address}{'&' if '?' in address else '?'}{urlencode({OFFSET: start})}" if start else address


def _without_offset(sent: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], int]:
    """Where a page begins. Raises SearchInvalid."""
    given = [value for name, value in sent if name == OFFSET]
    if len(given) > 1 or not all(re.fullmatch(r"[0-9]{1,6}", one) for one in given):
        raise SearchInvalid(f"{OFFSET}: must be a number, once; follow the links of the page before")
    return [pair for pair in sent if pair[0] != OFFSET], int(given[0]) if given else 0


def _by_number(sent: list[tuple[str, str]], ref: str | None) -> tuple[list[tuple[str, str]], str | None]:
    """The person whose number a body names: IHE asks for it, and numbers stand in no address.

    Raises SearchInvalid, PatientNotLinked, BundleNamesTwoPatients.
    """
    given = [value for name, value in sent if name == BY_NUMBER]
    if not given:
        return sent, ref
    if any(name == BY_NUMBER for name, _ in parse_qsl(request.query_string.decode("ascii", "replace"))):
        raise SearchInvalid(
            f"{BY_NUMBER}: numbers of patients stand in the body of a _search, never in addresses"
        )
    identifiers = [(one.system or "", one.code or "") for one in map(token, given)]
    link = link_of([] if ref is None else [ref], identifiers, gateway().links)
    return [pair for pair in sent if pair[0] != BY_NUMBER], link.ref
