"""Everything of a patient that the caller may read (specification F-1, F-21, G-3)."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlencode

from flask import Response, request
from werkzeug.datastructures import MultiDict

from consentry.errors import SearchInvalid, SearchUnsupported
from consentry.fhir import dates, parameters
from consentry.fhir.search_answer import Part, everything_pages
from consentry.fhir.search_query import safe_name
from consentry.fhir.search_results import MAX_PAGE, PAGE
from consentry.fhir.tables import resource_types
from consentry.gateway import auth
from consentry.gateway.body import MAX_BYTES
from consentry.gateway.fhir import showing
from consentry.gateway.fhir.answers import fhir_response
from consentry.gateway.fhir.asking import HISTORY, reader_patient_opening, which
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.fhir.bodies import fhir_body
from consentry.gateway.history import history
from consentry.gateway.parts import gateway
from consentry.gateway.searchset import searchset
from consentry.services.anchor_times import dated
from consentry.services.everything import read_everything
from consentry.services.reading import Reading, Which

_NARROWING = ("_count", "_type", "_since")


@routes.get("/fhir/Patient/<ref>/$everything")
def get_everything(ref: str) -> Response:
    return _everything(ref, request.args)


@routes.post("/fhir/Patient/<ref>/$everything")
def post_everything(ref: str) -> Response:
    """As clients call operations unless told otherwise: with Parameters, or with nothing."""
    auth.caller()  # before anything is read of what strangers send
    raw = fhir_body(MAX_BYTES) if request.content_length else b""
    return _everything(ref, MultiDict([*request.args.items(multi=True), *parameters.simple(raw)]))


def _everything(ref: str, named: MultiDict[str, str]) -> Response:
    parts = gateway()
    wanted = which(named)
    # a history is told whole, of every type
    auth.permit("Patient" if wanted is Which.NEWEST else "*", "r")
    _require_known(named, wanted)
    who, patient, opening = reader_patient_opening(ref)
    asked = _Narrowed(named) if wanted is Which.NEWEST and _is_narrowed(named) else None
    reading = read_everything(who, patient, parts.everything, wanted, opening)
    if asked is None:
        reading = replace(reading, records=dated(reading.records, parts.ledger, parts.shown.anchored))
        if wanted is Which.ALL:
            return fhir_response(history(reading, f"Patient/{ref}", showing.base()))
        whole = searchset(reading, f"Patient/{ref}", showing.base())
        return showing.whole(showing.Asked(who, patient, ref, whole["link"][0]["url"]), reading, whole)
    query = urlencode(list(named.items(multi=True)), safe=",:")
    address = f"{showing.base()}/Patient/{ref}/$everything" + (f"?{query}" if query else "")
    return asked.first_page(reading, showing.Asked(who, patient, ref, address))


def _require_known(named: MultiDict[str, str], wanted: Which) -> None:
    """What does not count would give more than was asked for. Raises SearchUnsupported."""
    for name in named:
        if name not in (*_NARROWING, HISTORY, "_format", "_pretty"):
            raise SearchUnsupported(f"{safe_name(name)}: is not supported for $everything")
        if name in _NARROWING and wanted is Which.ALL:
            raise SearchUnsupported(f"{name}: a history is told whole; leave it out, or {HISTORY}")


def _is_narrowed(named: MultiDict[str, str]) -> bool:
    return any(name in named for name in _NARROWING) or auth.narrowed()


class _Narrowed:
    """`_type`, `_since` and `_count` of R4's operation (operation-patient-everything.html), and what the token allows."""

    def __init__(self, named: MultiDict[str, str]) -> None:
        """Raises SearchInvalid."""
        types = [one for text in named.getlist("_type") for one in text.split(",") if one]
        if not all(one in resource_types() for one in types):
            raise SearchInvalid("_type: must be types of resources, with commas")
        self._types = frozenset(types)
        since = named.get("_since")
        found = dates.interval(since.replace(" ", "+")) if since else None
        if since and found is None:
            raise SearchInvalid("_since: must be an instant")
        self._since = "" if found is None else found.start_text
        count = named.get("_count", str(PAGE))
        if not re.fullmatch(r"[0-9]{1,9}", count):
            raise SearchInvalid("_count: must be a number, 0 or more")
        self._count = min(int(count), MAX_PAGE)

    def first_page(self, reading: Reading, asked: showing.Asked) -> Response:
        part = Part(self._wants, "Provenance" in self._types, self._since, self._count)
        made, issues = showing.merged(
            reading,
            asked.ref,
            lambda records: everything_pages(records, f"Patient/{asked.ref}", part),
        )
        shown = showing.kept(asked, reading, "Patient", made, letter="r")
        return showing.page(shown, 0, issues if self._count else ())

    def _wants(self, kind: str) -> bool:
        return (not self._types or kind in self._types) and auth.may(kind, "r")
