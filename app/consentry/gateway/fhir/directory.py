"""Members as Organizations and their enrolled staff as Practitioners, out of the chain (specification F-24).

Organizations and Practitioners of records are searched with a patient, and read by id, like everything else of a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask import Response

from consentry.errors import ResourceUnknown, SearchInvalid
from consentry.fhir import people
from consentry.fhir.jsontext import Json
from consentry.fhir.search_match import matches
from consentry.fhir.search_query import Search, TokenTest, parse_search
from consentry.gateway import auth
from consentry.gateway.fhir import read, search
from consentry.gateway.fhir.answers import fhir_response
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.fhir.public_pages import offset_of, page
from consentry.gateway.parts import gateway

_ACCOUNT = re.compile(r"0x[0-9a-f]{40}")


@routes.get("/fhir/Organization/<fhir_id:name>")
def get_organization(name: str) -> Response:
    if not _ACCOUNT.fullmatch(name):
        return read.resource("Organization", name)
    auth.permit("Organization", "r")
    member = gateway().ledger.member(name)
    if member is None:
        raise ResourceUnknown()
    return fhir_response(people.organization(member))


@routes.get("/fhir/Practitioner/<fhir_id:name>")
def get_practitioner(name: str) -> Response:
    if not _ACCOUNT.fullmatch(name):
        return read.resource("Practitioner", name)
    auth.permit("Practitioner", "r")
    found = _staff([name])
    if not found:
        raise ResourceUnknown()
    return fhir_response(found[0])


@routes.get("/fhir/Organization")
@routes.post("/fhir/Organization/_search")
def search_organizations() -> Response:
    if _of_a_patient():
        return search.search("Organization")
    auth.permit("Organization", "s")
    asked, start = _asked("Organization")
    found = map(people.organization, gateway().ledger.members())
    return page((one for one in found if matches(one, asked.criteria)), asked, start)


@routes.get("/fhir/Practitioner")
@routes.post("/fhir/Practitioner/_search")
def search_practitioners() -> Response:
    if _of_a_patient():
        return search.search("Practitioner")
    auth.permit("Practitioner", "s")
    asked, start = _asked("Practitioner")
    found = _staff(_accounts(asked))
    return page((one for one in found if matches(one, asked.criteria)), asked, start)


def _of_a_patient() -> bool:
    return any(name.partition(":")[0] == "patient" for name, _ in search.pairs())


def _asked(kind: str) -> tuple[Search, int]:
    """The search, and after how many matches its page begins. Raises SearchInvalid, SearchUnsupported."""
    rest, start = offset_of(search.pairs())
    return parse_search(kind, rest, search.context(personal=False)), start


def _accounts(asked: Search) -> list[str]:
    """The chain knows accounts and keeps no list of them. Raises SearchInvalid."""
    tests = [
        test
        for one in asked.criteria
        if one.parameter.name in ("identifier", "_id") and one.modifier == "" and one.missing is None
        for test in one.tests
    ]
    codes = [test.code.lower() for test in tests if isinstance(test, TokenTest) and test.code]
    if not codes:
        raise SearchInvalid("identifier: must name accounts of enrolled staff; or name a patient")
    return [one for one in dict.fromkeys(codes) if _ACCOUNT.fullmatch(one)]


def _staff(accounts: Iterable[str]) -> list[dict[str, Json]]:
    parts = gateway()
    found = [one for one in map(parts.ledger.staff, accounts) if one is not None]
    now = parts.clock.now()
    return [people.practitioner(one, parts.ledger.member(one.member), now) for one in found]
