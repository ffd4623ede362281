"""Publishing what has changed: the new version is read, the old one is history, what moved is nowhere (D-13 to D-17)."""

from __future__ import annotations

import pytest

from tests.app.gateway.content import terms
from tests.app.gateway.documents import SUBJECT, Desk, diagnosis, reader_of, record, result, said, values
from tests.app.gateway.world import World


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def test_correction_is_read_instead_of_what_it_replaces(desk: Desk) -> None:
    """D-13, D-14: under the same resource id and the next version number; the former one is history."""
    (first,) = desk.publishes(result(7.1))
    (before,) = desk.reads()
    (second,) = desk.publishes(result(7.4))
    assert second["status"].startswith("201") and second["etag"] == 'W/"2"'
    assert said(second)["replaces"] == first["location"]
    (after,) = desk.reads()
    assert values([after]) == [7.4] and after["id"] == before["id"]
    assert (before["meta"]["versionId"], after["meta"]["versionId"]) == ("1", "2")
    versions = desk.history()
    assert [one["resource"]["meta"]["versionId"] for one in versions] == ["2", "1"]
    assert [one["resource"]["entry"][0]["resource"]["valueQuantity"]["value"] for one in versions] == [
        7.4,
        7.1,
    ]
    assert len({one["fullUrl"] for one in versions}) == 1


def test_message_that_arrives_twice_undoes_no_correction(desk: Desk) -> None:
    """D-16, G-1: what was replaced stays replaced until the publisher says otherwise."""
    desk.publishes(result(7.1))
    (second,) = desk.publishes(result(7.4))
    (again,) = desk.publishes(result(7.1))
    assert again["status"].startswith("200") and said(again)["standing"] == "replaced"
    assert values(desk.reads()) == [7.4]
    (back,) = desk.publishes(result(7.1), replaces=record(second))
    assert back["etag"] == 'W/"3"' and values(desk.reads()) == [7.1]
    (repeated,) = desk.publishes(result(7.1), replaces=record(second))
    assert repeated["status"].startswith("200") and record(repeated) == record(back)
    assert [one["resource"]["meta"]["versionId"] for one in desk.history()] == ["3", "2", "1"]


def test_what_was_replaced_comes_back_beside_something_new(desk: Desk) -> None:
    """D-16: a publication that says something new is a new state of what it says."""
    desk.publishes(result(7.1))
    desk.publishes(result(7.4))
    desk.publishes(result(7.1), result(3.0, "o2"))
    assert values(desk.reads()) == [3.0, 7.1]


def test_message_about_another_resource_hides_nothing(desk: Desk) -> None:
    """D-13, G-12: a record ends only when everything in it was said anew; the same id on another day is another resource."""
    encounter = {"reference": "Encounter/e1"}
    visit = {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": SUBJECT,
    }
    desk.publishes(visit, result(1.0, "o1", encounter=encounter), result(2.0, "o2", encounter=encounter))
    desk.publishes(visit, result(3.0, "o3", encounter=encounter))
    *_, beside = desk.publishes(visit, result(1.5, "o1", encounter=encounter))
    assert beside["status"].startswith("304") and said(beside) == {"standing": "current"}
    assert "X-Consentry-Replaces" in beside["outcome"]["issue"][0]["diagnostics"]
    assert values(desk.reads()) == [1.0, 1.5, 2.0, 3.0]
    desk.publishes(result(9.0, "o1", effectiveDateTime="2026-05-05T08:00:00Z"))
    assert values(desk.reads()) == [1.0, 1.5, 2.0, 3.0, 9.0]
    desk.publishes(
        visit, *(result(value, f"o{nth}", encounter=encounter) for nth, value in ((1, 1.5), (2, 2.5)))
    )
    assert values(desk.reads()) == [1.5, 2.5, 3.0, 9.0]


def test_category_that_changes_takes_the_former_record_with_it(desk: Desk, world: World) -> None:
    """D-15: who may see the old category sees it no longer, in no version; the new one says nothing of it."""
    reader = reader_of(desk, world, terms(("problem",)))
    (first,) = desk.publishes(diagnosis("I10"))
    assert len(desk.reads(*reader)) == 1
    new, gone = desk.publishes(diagnosis("F32.1"))
    assert said(new)["category"] == "psychiatry" and "replaces" not in said(new) and new["etag"] == 'W/"1"'
    assert gone["status"].startswith("204") and gone["location"] == first["location"]
    assert desk.reads(*reader) == [] and len(desk.reads()) == 1
    (left,) = desk.history(*reader)
    assert left["request"]["method"] == "DELETE" and "resource" not in left
    assert {one["request"]["method"] for one in desk.history()} == {"POST", "DELETE"}


def test_stricter_version_takes_the_laxer_one_away(desk: Desk, world: World) -> None:
    """D-14, D-15: terms that cover the former version only do not make it the newest, nor readable as history."""
    reader = reader_of(desk, world, terms(("laboratory",), confidentiality="N"))
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}
    desk.publishes(result(7.1))
    assert values(desk.reads(*reader)) == [7.1]
    new, gone = desk.publishes(result(7.1, meta={"security": [label]}))
    assert new["etag"] == 'W/"2"' and gone["status"].startswith("204")
    assert desk.reads(*reader) == [] and values(desk.reads()) == [7.1]
    assert [one["request"]["method"] for one in desk.history(*reader)] == ["DELETE"]


def test_consent_for_a_record_covers_no_later_version(desk: Desk, world: World) -> None:
    """D-14: each version has its own id; the one that was named stays readable as history."""
    (first,) = desk.publishes(result(7.1))
    reader = reader_of(desk, world, terms(("laboratory",), records=[record(first)]))
    assert values(desk.reads(*reader)) == [7.1]
    desk.publishes(result(7.4))
    assert desk.reads(*reader) == []
    (only,) = desk.history(*reader)
    assert only["resource"]["meta"]["versionId"] == "1"
    assert only["resource"]["meta"]["tag"][-1]["code"] == "replaced"


def test_document_published_anew_without_a_part_takes_it_back(desk: Desk) -> None:
    """D-13, D-15: a document is known by its identifier, and no other document's part is touched."""
    named = {"identifier": {"system": "urn:docs", "value": "d1"}}
    desk.publishes(result(1.0, "o1"), diagnosis("I10"), **named)
    desk.publishes(result(5.0, "o5"), identifier={"system": "urn:docs", "value": "d2"})
    desk.publishes(result(1.1, "o9"), **named)
    found = desk.reads()
    assert values(found) == [1.1, 5.0] and {one["resourceType"] for one in found} == {"Observation"}
