"""Patients as this gateway knows them: by reference, and by the numbers that its desk linked (specification F-23).

A number is answered to the hospital's own staff and systems only, and stands in no address that the gateway writes.
"""

from __future__ import annotations

from flask import Response

from consentry.errors import (
    HeaderInvalid,
    LayoutInvalid,
    PatientNotLinked,
    ReadingSessionMissing,
    ResourceUnknown,
    SearchInvalid,
)
from consentry.fhir import jsontext, people
from consentry.fhir.jsontext import Json
from consentry.fhir.search_query import Criterion, Search, TokenTest, parse_search
from consentry.fhir.validate import MAX_DEPTH
from consentry.gateway import auth
from consentry.gateway.auditing import about_patient
from consentry.gateway.auth import Client
from consentry.gateway.fhir import read, search
from consentry.gateway.fhir.answers import fhir_response
from consentry.gateway.fhir.asking import patient_of, reader
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.fhir.public_pages import offset_of, page
from consentry.gateway.parts import gateway
from consentry.services.link import link_of, link_of_ref, patient_of_ref


@routes.get("/fhir/Patient/<fhir_id:ref>")
def get_patient(ref: str) -> Response:
    auth.permit("Patient", "r")
    if not isinstance(auth.caller(), Client):
        auth.person()
    patient_of(ref)
    return fhir_response(_shown(ref) | people.patient(ref, gateway().site.member, []))


@routes.get("/fhir/Patient")
@routes.post("/fhir/Patient/_search")
def search_patients() -> Response:
    auth.desk()
    auth.permit("Patient", "s")
    rest, start = offset_of(search.pairs())
    asked = parse_search("Patient", rest, search.context(personal=False))
    found = _linked(asked)
    for one in found:
        about_patient(patient_of_ref(one["id"], gateway().links), one["id"])
    return page(found, asked, start)


def _shown(ref: str) -> dict[str, Json]:
    """What this session was shown of sex, birth date and death, if it is a reading session at all."""
    try:
        text = read.shown_text(reader(), f"Patient/{ref}")
    except (HeaderInvalid, ReadingSessionMissing, ResourceUnknown):
        return {}
    found: dict[str, Json] = jsontext.read(text.content, max_depth=MAX_DEPTH + 8)
    return found


def _linked(asked: Search) -> list[dict[str, Json]]:
    """Whoever has all that is asked: a number, a reference. Raises SearchInvalid."""
    known = [one for one in asked.criteria if one.modifier == "" and one.missing is None]
    if not known or len(known) != len(asked.criteria):
        raise SearchInvalid("Patients are found by `identifier` or `_id`, without modifiers.")
    if not all(one.parameter.name in ("_id", "identifier") for one in known):
        raise SearchInvalid(
            "Patients are found by `identifier` or `_id`: what else is known of them is in records."
        )
    answers = [_meant(one) for one in known]
    everywhere = set(answers[0]).intersection(*answers[1:])
    return [
        {key: value for each in answers for key, value in each[ref].items()} for ref in sorted(everywhere)
    ]


def _meant(criterion: Criterion) -> dict[str, dict[str, Json]]:
    """Patients by reference that one parameter's values mean."""
    by = _by_ref if criterion.parameter.name == "_id" else _by_number
    tests = (test for test in criterion.tests if isinstance(test, TokenTest) and test.code)
    return {one["id"]: one for one in map(by, tests) if one is not None}


def _by_number(test: TokenTest) -> dict[str, Json] | None:
    parts = gateway()
    system, value = test.system or "", test.code or ""
    try:
        link = link_of((), [(system, value)], parts.links)
    except (PatientNotLinked, LayoutInvalid):
        return None
    identifier = {"system": system, "value": value} if system else {"value": value}
    return people.patient(link.ref, parts.site.member, [identifier])


def _by_ref(test: TokenTest) -> dict[str, Json] | None:
    parts = gateway()
    try:
        return people.patient(link_of_ref(test.code or "", parts.links).ref, parts.site.member, [])
    except PatientNotLinked:
        return None
