"""Searching one patient's records, page by page (specification F-14 to F-18)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from consentry.domain.openings import Opening
from consentry.errors import MediaTypeUnsupported, NoGround, PageGone, RouteUnknown
from consentry.fhir.search_answer import answer, categories_named
from consentry.fhir.search_parameters import searchable_types
from consentry.fhir.search_query import Context, Search, parse_search
from consentry.gateway import auth
from consentry.gateway.auditing import about_no_ground
from consentry.gateway.fhir import showing
from consentry.gateway.fhir.asking import reader, reader_patient_opening
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.fhir.preferences import strict
from consentry.gateway.fhir.showing import Asked
from consentry.gateway.parts import gateway
from consentry.services.everything import read_everything
from consentry.services.shown import ShownSet
from consentry.services.shown_grounds import require_grounds

_CURSOR = re.compile(r"([A-Za-z0-9_-]{32})\.([0-9]{1,6})")
_FORM = "application/x-www-form-urlencoded"


@routes.get("/fhir/<fhir_type:kind>")
def get_search(kind: str) -> Response:
    return search(kind)


@routes.post("/fhir/<fhir_type:kind>/_search")
def post_search(kind: str) -> Response:
    return search(kind)


@routes.get("/fhir/Patient/<fhir_id:ref>/<fhir_type:kind>")
def get_compartment(ref: str, kind: str) -> Response:
    return search(kind, ref)


@routes.post("/fhir/Patient/<fhir_id:ref>/<fhir_type:kind>/_search")
def post_compartment(ref: str, kind: str) -> Response:
    return search(kind, ref)


@routes.get("/fhir")
def get_page() -> Response:
    """A page of what was found before: nothing of it if a ground has ended since."""
    cursor = request.args.get(showing.PAGE)
    if cursor is None:
        raise RouteUnknown("The whole system is not searched: name a type and a patient.")
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise PageGone()
    who, parts = reader(), gateway()
    shown, number = parts.shown.shown.page(showing.owner(who), found[1]), int(found[2])
    auth.permit(shown.result.type, shown.result.letter)
    lines = shown.result.pages[number] if number < len(shown.result.pages) else ()
    try:
        require_grounds(shown, [line.place for line in lines], who, parts.shown)
    except NoGround:
        about_no_ground(shown.patient, shown.ref)
        raise PageGone() from None
    return showing.page(shown, number)


def search(kind: str, ref: str | None = None) -> Response:
    """The first page of the search that the request asks, in the compartment of `ref` if one is named."""
    if kind not in searchable_types():
        raise RouteUnknown("Resources of this type are not searched here.")
    auth.permit(kind, "s")
    asked = parse_search(kind, pairs(), context(ref))
    return found(asked)


def found(asked: Search) -> Response:
    """The first page of a search, from a new reading under the grounds that hold now."""
    who, patient, opening = reader_patient_opening(asked.patient)
    shown, issues = search_anew(asked, Asked(who, patient, asked.patient, address(asked)), opening)
    return showing.page(shown, 0, () if asked.shape.counts_only else [*issues, *ignored(asked)])


def search_anew(
    asked: Search, whose: Asked, opening: Opening | None, *, letter: str = "s"
) -> tuple[ShownSet, list[dict[str, Any]]]:
    """Read, match and keep what the caller's token allows this letter for; and what is said of the reading."""
    only = categories_named(asked)
    reading = read_everything(whose.reader, whose.patient, gateway().everything, opening=opening, only=only)
    ref = f"Patient/{whose.ref}"
    made, issues = showing.merged(
        reading,
        whose.ref,
        lambda records: answer(asked, records, ref, lambda kind: auth.may(kind, letter)),
    )
    total = asked.shape.total or asked.shape.counts_only
    return showing.kept(whose, reading, asked.type, made, letter=letter, total=total), issues


def pairs() -> list[tuple[str, str]]:
    """What the address asks, and the body of a `_search`. Raises MediaTypeUnsupported."""
    sent = list(request.args.items(multi=True))
    if request.method == "POST":
        if request.mimetype != _FORM and (request.mimetype or request.content_length):
            raise MediaTypeUnsupported("A search is sent as application/x-www-form-urlencoded.")
        sent += request.form.items(multi=True)
    return sent


def context(ref: str | None = None, *, personal: bool = True) -> Context:
    """What a search is read in."""
    return Context(showing.base(), gateway().clock.now(), strict(), ref, personal)


def address(asked: Search) -> str:
    """The search as it was understood, which is how a client sees what was ignored. Numbers of people and of what belongs to
    them stand in no address (F-23)."""
    used = [pair for pair in asked.used if not is_number(pair[0])]
    query = urlencode(used, safe=":/|,$")
    kind = f"{showing.base()}/{asked.type}"
    named = {name.partition(":")[0] for name, _ in used}
    if asked.patient and not named & {"patient", "subject", "beneficiary"}:
        kind = f"{showing.base()}/Patient/{asked.patient}/{asked.type}"
    return f"{kind}?{query}" if query else kind


def is_number(name: str) -> bool:
    return "identifier" in (name, name.partition(":")[2])


def ignored(asked: Search) -> list[dict[str, Any]]:
    """What is said of parameters that did not count."""
    return [
        {
            "severity": "warning",
            "code": "not-supported",
            "details": {"text": "A parameter was ignored."},
            "diagnostics": f"{name}: is not supported for {asked.type}, and was ignored",
        }
        for name in dict.fromkeys(asked.ignored)
    ]
