"""Everything of a patient that the caller may read (specification F-1, F-21, G-3)."""

from __future__ import annotations

import re

from flask import Response, request

from consentry.errors import SearchInvalid
from consentry.fhir import dates
from consentry.fhir.search_answer import Part, everything_pages
from consentry.fhir.search_results import MAX_PAGE, PAGE
from consentry.fhir.tables import resource_types
from consentry.gateway import auth
from consentry.gateway.fhir import showing
from consentry.gateway.fhir.answers import fhir_response
from consentry.gateway.fhir.asking import reader_patient_opening, which
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.history import history
from consentry.gateway.parts import gateway
from consentry.gateway.searchset import searchset
from consentry.services.everything import read_everything
from consentry.services.reading import Reading, Which

_NARROWING = ("_count", "_type", "_since")


@routes.get("/fhir/Patient/<ref>/$everything")
def get_everything(ref: str) -> Response:
    parts = gateway()
    wanted = which()
    # a history is told whole, of every type
    auth.permit("Patient" if wanted is Which.NEWEST else "*", "r")
    who, patient, opening = reader_patient_opening(ref)
    asked = _Narrowed() if wanted is Which.NEWEST and _is_narrowed() else None
    reading = read_everything(who, patient, parts.everything, wanted, opening)
    if asked is None:
        shown = searchset if wanted is Which.NEWEST else history
        return fhir_response(shown(reading, f"Patient/{ref}", f"{parts.site.origin}/fhir"))
    address = f"{showing.base()}/Patient/{ref}/$everything?{request.query_string.decode('ascii', 'replace')}"
    return asked.first_page(reading, showing.Asked(who, patient, ref, address))


def _is_narrowed() -> bool:
    return any(name in request.args for name in _NARROWING) or auth.narrowed()


class _Narrowed:
    """`_type`, `_since` and `_count` of R4's operation (operation-patient-everything.html), and what the token allows."""

    def __init__(self) -> None:
        """Raises SearchInvalid."""
        named = [one for text in request.args.getlist("_type") for one in text.split(",") if one]
        if not all(one in resource_types() for one in named):
            raise SearchInvalid("_type: must be types of resources, with commas")
        self._types = frozenset(named)
        since = request.args.get("_since")
        found = dates.interval(since.replace(" ", "+")) if since else None
        if since and found is None:
            raise SearchInvalid("_since: must be an instant")
        self._since = "" if found is None else found.start_text
        count = request.args.get("_count", str(PAGE))
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
        return showing.page(showing.kept(asked, reading, "Patient", made), 0, issues if self._count else ())

    def _wants(self, kind: str) -> bool:
        return (not self._types or kind in self._types) and auth.may(kind, "r")
