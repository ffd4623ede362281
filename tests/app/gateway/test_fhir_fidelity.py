"""What was published comes back as it was, by whichever way it is read (F-3)."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consentry.fhir import jsontext
from tests.app.gateway.resources_made_up import Made, observations
from tests.app.gateway.shelves import Ward, ward
from tests.app.gateway.world import World

DEPTH = 60
OWN = ("id", "meta", "subject")
"""What publishing changes of these resources: they refer to nobody but the patient."""


@pytest.fixture(scope="module")
def shelf(world: World) -> Ward:
    made = ward(world, "FI-1")
    made.grant("any")
    return made


def content(resource: Made) -> bytes:
    """As canonical JSON, in which 1.10 and 1.1 differ."""
    return jsontext.write({key: value for key, value in resource.items() if key not in OWN})


def send(shelf: Ward, method: str, path: str, body: Made) -> Any:
    headers = {"Authorization": f"Bearer {shelf.world.city.key}", "Content-Type": "application/fhir+json"}
    return shelf.world.city.client.open(path, method=method, data=jsontext.write(body), headers=headers)


def found(answer: Any) -> list[Made]:
    assert answer.status_code == 200, answer.text
    tree = jsontext.read(answer.data, max_depth=DEPTH)
    resources = [row["resource"] for row in tree.get("entry", [])] if "entry" in tree else [tree]
    return [one for one in resources if one["resourceType"] == "Observation"]


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(made=st.lists(observations(), min_size=8, max_size=12))
def test_what_is_published_in_a_bundle_comes_back(shelf: Ward, made: list[Made]) -> None:
    """F-3, F-17, F-20: decimals to the digit, texts to the code point, extensions, contained resources; read by a search, all
    of its pages, by id, and with everything."""
    before = {one["id"] for one in found(shelf.get(f"Patient/{shelf.ref}/$everything"))}
    person = {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [{"system": "urn:mrn", "value": shelf.mrn}],
    }
    subject, batch = (
        {"reference": "Patient/p1"},
        secrets.token_hex(4),
    )  # the same names again would be a correction
    rows = [person, *({**one, "id": f"{batch}-{at}", "subject": subject} for at, one in enumerate(made))]
    entry = [{"resource": one} for one in rows]
    answer = send(shelf, "POST", "/fhir", {"resourceType": "Bundle", "type": "collection", "entry": entry})
    assert answer.status_code == 200, answer.text

    expected = sorted(content(one) for one in made)
    everything = found(shelf.get(f"Patient/{shelf.ref}/$everything"))
    assert sorted(content(one) for one in everything if one["id"] not in before) == expected
    page, searched = shelf.get(f"Observation?patient={shelf.ref}&_count=5"), []
    while True:
        searched += found(page)
        links = [one["url"] for one in page.json["link"] if one["relation"] == "next"]
        if not links:
            break
        page = shelf.get(links[0])
    mine = [one for one in searched if one["id"] not in before]
    assert sorted(content(one) for one in mine) == expected
    for one in mine[:3]:
        (again,) = found(shelf.get(f"Observation/{one['id']}"))
        assert again == one


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(made=observations(), changed=observations())
def test_what_is_created_and_updated_is_told_and_comes_back(shelf: Ward, made: Made, changed: Made) -> None:
    """F-3, F-5, F-6."""
    subject = {"reference": f"Patient/{shelf.ref}"}
    told = send(shelf, "POST", "/fhir/Observation", made | {"subject": subject})
    assert told.status_code == 201, told.text
    first = jsontext.read(told.data, max_depth=DEPTH)
    assert content(first) == content(made)
    place = f"/fhir/Observation/{first['id']}"
    told = send(shelf, "PUT", place, changed | {"subject": subject, "id": first["id"]})
    assert told.status_code == 200, told.text
    assert content(jsontext.read(told.data, max_depth=DEPTH)) == content(changed)
    (read,) = found(shelf.get(f"Observation?patient={shelf.ref}&_id={first['id']}"))
    assert content(read) == content(changed) and read["subject"] == subject


def test_an_element_that_r4_does_not_know_is_refused_and_not_dropped(shelf: Ward) -> None:
    """F-1: nothing is lost silently; what R4 has no name for goes into an extension."""
    body = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "x"},
        "subject": {"reference": f"Patient/{shelf.ref}"},
        "bloodType": "0",
    }
    answer = send(shelf, "POST", "/fhir/Observation", body)
    assert answer.status_code == 422, answer.text
    assert answer.json["issue"][0]["expression"] == ["Observation"]
