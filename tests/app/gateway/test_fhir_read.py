"""Reading back what was written, versions, histories, and what comes along with a search (F-17, F-20, F-22, F-25)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from tests.app.gateway.shelves import Ward, glucose, matches, ward
from tests.app.gateway.systems import registered
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    return iter(range(100))


@pytest.fixture
def shelf(world: World, numbers: Iterator[int]) -> Ward:
    made = ward(world, f"B-{next(numbers)}")
    made.grant("laboratory", "visit")
    return made


def result(shelf: Ward, day: int, **more: Any) -> dict[str, Any]:
    made = glucose(day, subject={"reference": f"Patient/{shelf.ref}"}, **more)
    return {key: value for key, value in made.items() if key != "id"}


def create(shelf: Ward, resource: dict[str, Any]) -> Any:
    answer = shelf.world.city.send(
        "POST", "/fhir/Observation", resource, **{"Content-Type": "application/fhir+json"}
    )
    assert answer.status_code == 201, answer.text
    return answer


def test_what_was_written_is_read_back_changed_and_gone(world: World, shelf: Ward) -> None:
    """F-20, F-25: by its Location, in each version, and 410 at last."""
    made = create(shelf, result(shelf, 1))
    name = f"Observation/{made.json['id']}"
    read = shelf.get(name)
    assert read.status_code == 200, read.text
    assert read.json["valueQuantity"]["value"] == 1 and read.headers["ETag"] == made.headers["ETag"]
    changed = {**read.json, "status": "amended"}
    sent = {"Content-Type": "application/fhir+json", "If-Match": 'W/"1"'}
    answer = world.city.send("PUT", f"/fhir/{name}", changed, **sent)
    assert answer.status_code == 200, answer.text
    now = shelf.get(name)
    assert (now.json["status"], now.headers["ETag"]) == ("amended", 'W/"2"')
    assert shelf.get(f"{name}/_history/1").json["status"] == "final"
    assert shelf.get(f"{name}/_history/2").json == now.json
    history = shelf.get(f"{name}/_history")
    assert (history.json["type"], history.json["total"]) == ("history", 2)
    methods = [(row["request"]["method"], row["response"]["etag"]) for row in history.json["entry"]]
    assert methods == [("PUT", 'W/"2"'), ("POST", 'W/"1"')]
    get_fhir_model_class("Bundle").model_validate(history.json)
    assert world.city.send("DELETE", f"/fhir/{name}").status_code == 204
    gone = shelf.get(name)
    assert (gone.status_code, code_of(gone)) == (410, "resource-gone")


def test_what_was_written_is_read_under_a_ground_alone(shelf: Ward) -> None:
    """F-25: by whoever has one, the patient too; without one it is as unknown as any other id."""
    made = create(shelf, result(shelf, 2))
    name = f"Observation/{made.json['id']}"
    shelf.dr_bose.open_session("TREAT")
    shelf.alice.open_session("PATRQT")
    for who in (shelf.dr_bose, shelf.alice):
        assert who.send("GET", f"/fhir/{name}").json["id"] == made.json["id"]
    stranger = shelf.world.patient(shelf.world.city)
    stranger.open_session("PATRQT")
    shelf.revoke()
    refused = [shelf.get(name), stranger.send("GET", f"/fhir/{name}"), shelf.get("Observation/unknown")]
    assert {(one.status_code, code_of(one)) for one in refused} == {(404, "resource-unknown")}


def test_what_was_written_is_read_by_who_may_not_search(shelf: Ward) -> None:
    """F-25, T-1: a token that holds `r` alone reads by id; searching stays closed to it."""
    name = f"Observation/{create(shelf, result(shelf, 8)).json['id']}"
    his = registered(shelf.world.city).sign_in(
        "system/Observation.r", purpose_of_use=["TREAT"], subject_id=shelf.dr_bose.wallet.address
    )
    read = his.send("GET", f"/fhir/{name}")
    assert (read.status_code, read.json.get("id")) == (200, name.partition("/")[2]), read.text
    search = his.send("GET", f"/fhir/Observation?patient={shelf.ref}")
    assert (search.status_code, code_of(search)) == (403, "scope-insufficient")


def test_reading_says_who_wrote_and_who_released(world: World, shelf: Ward) -> None:
    """F-22: one Provenance a record, with the keepers' receipts; the level and the labels; since when it is on chain."""
    shelf.publish(glucose(3), glucose(3, id="o33"), at=world.mercy)
    found = shelf.get(f"Observation?patient={shelf.ref}&_revinclude=Provenance:target")
    assert found.json["total"] == 2
    meta = matches(found)[0]["meta"]
    assert {one["code"] for one in meta["security"]} >= {"N", "3"} and meta["lastUpdated"].endswith("Z")
    included = [row["resource"] for row in found.json["entry"] if row["search"]["mode"] == "include"]
    (said,) = [one for one in included if one["resourceType"] == "Provenance"]
    get_fhir_model_class("Provenance").model_validate(said)
    named = {one["reference"] for one in said["target"]}
    assert named >= {f"Observation/{one['id']}" for one in matches(found)}
    author, *keepers = said["agent"]
    assert author["who"]["display"] == world.mercy.name and said["recorded"] == meta["lastUpdated"]
    receipts = [one["what"]["identifier"]["value"] for one in said["entity"][1:]]
    assert len(receipts) == len(keepers) >= 3
    shelf.alice.open_session("PATRQT")
    booked = {one["keeper"] for one in shelf.alice.send("GET", "/api/receipts").json["receipts"]}
    assert {one["who"]["identifier"]["value"] for one in keepers} <= booked
    alone = shelf.get(f"Provenance?patient={shelf.ref}&target={matches(found)[0]['id']}")
    assert alone.json["total"] == 1 and alone.json["entry"][0]["resource"]["target"] == said["target"]


def test_search_includes_what_matches_refer_to(shelf: Ward) -> None:
    """F-17: once, whatever refers to it, and as an include."""
    visit = {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "subject": {"reference": "Patient/p1"},
        "period": {"start": "2026-05-05"},
    }
    dr = {"resourceType": "Practitioner", "id": "dr", "name": [{"text": "Dr Bose"}]}
    who = {"performer": [{"reference": "Practitioner/dr"}]}
    shelf.publish(glucose(5, **who), glucose(6, **who), visit, dr)
    asked = f"Observation?patient={shelf.ref}&_include=Observation:performer&_include=Observation:patient"
    found = shelf.get(asked)
    rows = [(row["resource"]["resourceType"], row["search"]["mode"]) for row in found.json["entry"]]
    assert found.json["total"] == 2 and rows == [
        ("Observation", "match"),
        ("Observation", "match"),
        ("Practitioner", "include"),
        ("Patient", "include"),
    ]
    urls = {row["fullUrl"] for row in found.json["entry"]}
    performer = matches(found)[0]["performer"][0]["reference"]
    assert f"http://city.test:8000/fhir/{performer}" in urls


def test_search_gives_parts_that_are_valid(shelf: Ward) -> None:
    """F-17: what R4 requires stays; the whole is still read by id."""
    text = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">7</div>'}
    shelf.publish(glucose(7, text=text))
    (part,) = matches(shelf.get(f"Observation?patient={shelf.ref}&_elements=effectiveDateTime"))
    assert set(part) == {"resourceType", "id", "meta", "status", "code", "effectiveDateTime"}
    assert part["meta"]["tag"][-1]["code"] == "SUBSETTED"
    get_fhir_model_class("Observation").model_validate(part)
    whole = shelf.get(f"Observation/{part['id']}").json
    assert whole["text"] == text and "SUBSETTED" not in str(whole)
    (data,) = matches(shelf.get(f"Observation?patient={shelf.ref}&_summary=data"))
    assert "text" not in data and data["valueQuantity"] == whole["valueQuantity"]
