"""`$everything` in pages and in part (F-21)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.app.gateway.shelves import Ward, glucose, link, problem, ward
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World


@pytest.fixture(scope="module")
def shelf(world: World) -> Ward:
    made = ward(world, "E-1")
    made.publish(*(glucose(day) for day in (1, 2, 3)), at=world.mercy)
    made.publish(glucose(4), problem())
    made.grant("laboratory", "problem", "visit")
    return made


def names(answer: object) -> list[str]:
    rows = answer.json.get("entry", [])  # type: ignore[attr-defined]
    return [f"{row['resource']['resourceType']}/{row['resource']['id']}" for row in rows]


def test_everything_in_pages_is_everything(shelf: Ward) -> None:
    """F-21: the same resources in the same order; only the last has no `next`."""
    whole = shelf.get(f"Patient/{shelf.ref}/$everything")
    page = shelf.get(f"Patient/{shelf.ref}/$everything?_count=2")
    seen, pages = names(page), 1
    while (following := link(page, "next")) is not None:
        page = shelf.get(following)
        assert page.status_code == 200, page.text
        seen, pages = seen + names(page), pages + 1
    assert seen == names(whole) and pages == 3
    assert whole.json["total"] == page.json["total"] == 6
    told = [row["resource"]["meta"]["lastUpdated"] for row in whole.json["entry"][1:]]
    assert all(one.endswith("Z") for one in told)


def test_everything_gives_types_and_what_is_new(shelf: Ward) -> None:
    """F-21"""
    path = f"Patient/{shelf.ref}/$everything"
    some = shelf.get(f"{path}?_type=Condition,Patient")
    assert {one.partition("/")[0] for one in names(some)} == {"Condition", "Patient"} and some.json[
        "total"
    ] == 2
    assert len(names(shelf.get(f"{path}?_type=Provenance"))) == len(
        {
            tag["code"]
            for row in shelf.get(path).json["entry"][1:]
            for tag in row["resource"]["meta"]["tag"][2:3]
        }
    )
    assert names(shelf.get(f"{path}?_since=2026-01-01T00:00:00Z")) == names(shelf.get(path))
    assert names(shelf.get(f"{path}?_since=2999-01-01T00:00:00Z")) == [f"Patient/{shelf.ref}"]
    count = shelf.get(f"{path}?_count=0")
    assert count.json["total"] == 6 and "entry" not in count.json
    for bad in ("_type=Spell", "_since=lately", "_count=many"):
        answer = shelf.get(f"{path}?{bad}")
        assert (answer.status_code, code_of(answer)) == (400, "search-invalid"), bad


def test_everything_refuses_what_it_would_not_heed(shelf: Ward) -> None:
    """F-21: the operation's own dates too, whatever is preferred; a history is of everything."""
    path = f"Patient/{shelf.ref}/$everything"
    refused = (
        "start=2026-05-01",
        "end=2026-05-31",
        "code=x",
        "_history=true&_type=Condition",
        "_history=true&_count=1",
    )
    for query in refused:
        for more in ({}, {"Prefer": "handling=lenient"}):
            answer = shelf.get(f"{path}?{query}", **more)
            assert (answer.status_code, code_of(answer)) == (400, "search-unsupported"), query
    assert shelf.get(f"{path}?_history=false&_format=json&_pretty=true&_type=Patient").status_code == 200


def test_everything_by_post_heeds_its_parameters(shelf: Ward) -> None:
    """F-21, F-35, G-12: wherever they stand, among them `_history`."""

    def post(**values: Any) -> Any:
        rows = [{"name": name, key: value} for name, (key, value) in values.items()]
        body = {"resourceType": "Parameters", "parameter": rows}
        path = f"/fhir/Patient/{shelf.ref}/$everything"
        return shelf.world.city.send("POST", path, body, **shelf.headers)

    told = post(_history=("valueBoolean", True))
    assert (told.status_code, told.json["type"]) == (200, "history"), told.text
    assert code_of(post(start=("valueDate", "2026-05-01"))) == "search-unsupported"
    assert post(_type=("valueCode", "Condition")).json["total"] == 1


def test_everything_was_shown(shelf: Ward) -> None:
    """F-20, F-21: each resource of a paged one is found by its id."""
    for query in ("?_count=50", ""):
        shelf.world.city.gateway.shown.shown._forget(lambda one: True)
        for name in names(shelf.get(f"Patient/{shelf.ref}/$everything{query}"))[1:]:
            assert shelf.get(name).status_code == 200
