"""Searching and paging under an emergency opening (E-12, F-18, F-19)."""

from __future__ import annotations

from typing import Any

from tests.app.gateway.shelves import link, matches
from tests.app.gateway.test_gateway_emergency import known
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.ward import Ward, ward_at
from tests.app.gateway.world import World


def ask(ward: Ward, path: str, opening: str) -> Any:
    local = path.removeprefix(ward.city.gateway.site.origin)
    return ward.bose.send("GET", local, **{"X-Consentry-Opening": opening})


def test_what_an_opener_searched_goes_when_the_opening_is_closed(world: World) -> None:
    """E-12, F-19: pages and reads by id ask the chain about the opening; afterwards nothing is left."""
    ward = ward_at(world)
    opening = ward.open(known(ward, "FE-1").did)
    ward.bose.open_session("ETREAT")
    found = ask(ward, "/fhir/RelatedPerson?patient=emergency", opening)
    assert found.status_code == 200, found.text
    (contact,) = matches(found)
    first = ask(ward, "/fhir/Patient/emergency/$everything?_count=1", opening)
    following = str(link(first, "next"))
    assert ask(ward, following, opening).status_code == 200
    assert ask(ward, f"/fhir/RelatedPerson/{contact['id']}", opening).json == contact
    closed = ward.sign_at(ward.li, f"{opening}/closing")
    assert closed.status_code == 200, closed.text
    assert code_of(ask(ward, following, opening)) == "page-gone"
    assert code_of(ask(ward, f"/fhir/RelatedPerson/{contact['id']}", opening)) == "resource-unknown"
