"""Searches of what is kept for no session heed what they accept, and say what they do not (F-14, F-23, F-24)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.app.gateway.shelves import link, matches
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World


@pytest.fixture(scope="module")
def refs(world: World) -> list[str]:
    return sorted(world.city.link(f"PP-{one}", world.patient(world.city)) for one in range(3))


def get(world: World, path: str, **headers: str) -> Any:
    answer = world.city.send("GET", f"/fhir/{path}", **headers)
    assert answer.status_code == 200, answer.text
    return answer


def said(answer: Any) -> list[str]:
    rows = [row["resource"] for row in answer.json.get("entry", ()) if row["search"]["mode"] == "outcome"]
    return [issue["diagnostics"].partition(":")[0] for one in rows for issue in one["issue"]]


@pytest.mark.parametrize("kind", ["Organization", "Practitioner", "Patient"])
def test_what_is_ignored_is_said_and_left_out_of_the_address(
    world: World, refs: list[str], kind: str
) -> None:
    """F-14: or refused, when the client prefers that."""
    accounts = {"Practitioner": world.staff(world.city).wallet.address, "Patient": refs[0]}
    known = f"_id={accounts.get(kind, world.city.account.address)}"
    path = f"{kind}?{known}&colour=red&_revinclude=Provenance:target"
    told = get(world, path)
    assert len(matches(told)) == 1 and said(told) == ["colour", "_revinclude"]
    assert str(link(told, "self")).endswith(f"/fhir/{kind}?{known}")
    for more in ("colour=red", "_revinclude=Provenance:target"):
        refused = world.city.send("GET", f"/fhir/{kind}?{known}&{more}", Prefer="handling=strict")
        assert (refused.status_code, code_of(refused)) == (400, "search-unsupported"), more
    counted = get(world, f"{path}&_summary=count")
    assert counted.json["total"] == 1 and "entry" not in counted.json


@pytest.mark.parametrize("kind", ["Organization", "Practitioner", "Patient"])
def test_parts_and_totals_are_given_as_asked(world: World, refs: list[str], kind: str) -> None:
    """F-14, F-17, F-24."""
    accounts = {"Practitioner": world.staff(world.city).wallet.address, "Patient": refs[0]}
    known = f"{kind}?_id={accounts.get(kind, world.city.account.address)}"
    (part,) = matches(get(world, f"{known}&_elements=active"))
    assert "identifier" not in part and "managingOrganization" not in part
    for query in ("_elements=active", "_summary=data"):
        (one,) = matches(get(world, f"{known}&{query}"))
        assert one["meta"]["tag"][-1]["code"] == "SUBSETTED"
    assert "total" not in get(world, f"{known}&_total=none").json


def test_patients_come_in_pages_and_in_order(world: World, refs: list[str]) -> None:
    """F-14, F-23: by reference; by number at once, since no address holds it."""
    page, seen = get(world, f"Patient?_id={','.join(refs)}&_sort=-_id&_count=2"), []
    while page is not None:
        assert page.json["total"] == 3 and len(matches(page)) <= 2
        seen += [one["id"] for one in matches(page)]
        following = link(page, "next")
        page = None if following is None else get(world, following.partition("/fhir/")[2])
    assert seen == refs[::-1]
    asked = "Patient?identifier=PP-0,PP-1,PP-2&_count=2"
    found = get(world, asked)
    assert len(matches(found)) == 3 and said(found) == ["_count"]
    assert link(found, "next") is None and "PP-" not in str(found.json["link"])
    strict = world.city.send("GET", f"/fhir/{asked}", Prefer="handling=strict")
    assert (strict.status_code, code_of(strict)) == (400, "search-unsupported")
    assert said(get(world, "Patient?identifier=PP-0,PP-1&_count=2")) == []
