"""What arrives after its encounter is as sensitive as that was (F-5)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.app.gateway.documents import SUBJECT, Desk, result
from tests.app.gateway.test_gateway_transactions import about, answers, entry
from tests.app.gateway.test_gateway_write import created, glucose, send
from tests.app.gateway.world import World

PSYCHIATRIC = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "F32.1"}]}


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def visit(*reasons: dict[str, Any]) -> dict[str, Any]:
    made = {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": SUBJECT,
    }
    return made | ({"reasonCode": list(reasons)} if reasons else {})


def places(desk: Desk) -> list[tuple[str, str]]:
    """Category and grade of each Observation."""
    found = [one["meta"] for one in desk.reads() if one["resourceType"] == "Observation"]
    return [(one["tag"][-3]["code"], one["security"][0]["code"]) for one in found]


def test_result_of_an_encounter_by_its_id_is_as_sensitive(desk: Desk) -> None:
    """F-5: created by itself, and updated."""
    encounter = created(desk, about(desk, visit(PSYCHIATRIC)))
    reference = {"encounter": {"reference": f"Encounter/{encounter['id']}"}}
    first = created(desk, glucose(desk, 0.8, **reference))
    assert places(desk) == [("psychiatry", "R")]
    changed = first | reference | {"status": "amended"}
    assert send(desk, "PUT", f"Observation/{first['id']}", changed).headers["ETag"] == 'W/"2"'
    answers(desk, entry(about(desk, result(0.9)) | reference))
    assert places(desk) == [("psychiatry", "R")] * 2


def test_update_that_says_less_lowers_nothing(desk: Desk) -> None:
    """F-6: readers do not see the encounter, and clients send back what they read."""
    encounter = created(desk, about(desk, visit(PSYCHIATRIC)))
    first = created(desk, glucose(desk, 0.8, encounter={"reference": f"Encounter/{encounter['id']}"}))
    assert "encounter" not in first
    path, bare = f"Observation/{first['id']}", {key: one for key, one in first.items() if key != "meta"}
    assert send(desk, "PUT", path, bare | {"status": "amended"}).headers["ETag"] == 'W/"2"'
    (told,) = answers(desk, entry(bare | {"status": "corrected"}, "PUT", path))
    assert told["response"]["etag"] == 'W/"3"'
    assert places(desk) == [("psychiatry", "R")]


def test_result_of_an_ordinary_encounter_stays_where_it_is(desk: Desk) -> None:
    """F-5: the encounter raises, and never lowers or moves."""
    encounter = created(desk, about(desk, visit()))
    created(desk, glucose(desk, 0.8, encounter={"reference": f"Encounter/{encounter['id']}"}))
    created(desk, glucose(desk, 0.8, encounter={"reference": "Encounter/unknown"}))
    assert places(desk) == [("laboratory", "N")] * 2


@pytest.mark.parametrize("url", ["", "http://his.example/Encounter/e1"])
def test_result_that_names_its_encounter_as_its_sender_does_is_as_sensitive(desk: Desk, url: str) -> None:
    """F-5: a laboratory's message that comes after the visit's."""
    named = {"fullUrl": url} if url else {}
    first = {"resource": visit(PSYCHIATRIC), **named}
    body = {"resourceType": "Bundle", "type": "collection", "entry": [first]}
    header = {"X-Consentry-Patient-Ref": desk.ref}
    assert desk.mercy.publish(body, **header).status_code == 200
    desk.publishes(result(0.8, encounter={"reference": url or "Encounter/e1"}))
    assert places(desk) == [("psychiatry", "R")]
