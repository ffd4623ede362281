"""Searching across hospitals, page by page, by an ordinary FHIR client's requests (F-14 to F-18)."""

from __future__ import annotations

import pytest

from tests.app.gateway.shelves import Ward, glucose, link, matches, problem, ward
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World


@pytest.fixture(scope="module")
def shelf(world: World) -> Ward:
    """Seven results and two problems, of which one is psychiatric; mercy's first three, the city's the others."""
    made = ward(world, "S-1")
    made.publish(*(glucose(day) for day in (1, 2, 3)), at=world.mercy)
    made.publish(*(glucose(day) for day in (4, 5, 6, 7)), problem(), problem("c2", "F32.1"))
    made.grant("laboratory", "problem")
    return made


def values(answer: object) -> list[int]:
    return [one["valueQuantity"]["value"] for one in matches(answer)]


def test_search_merges_both_hospitals_and_counts_only_what_is_shown(shelf: Ward) -> None:
    """F-17: what another hospital published and what this one did; what is withheld is absent, and not counted."""
    found = shelf.get(f"Observation?patient={shelf.ref}")
    assert found.status_code == 200, found.text
    assert (found.json["type"], found.json["total"], values(found)) == ("searchset", 7, [1, 2, 3, 4, 5, 6, 7])
    authors = {tag["display"].split()[0] for one in matches(found) for tag in one["meta"]["tag"][:1]}
    assert authors == {"Mercy", "City"}
    problems = shelf.get(f"Condition?patient={shelf.ref}")
    assert problems.json["total"] == 1 and "F32" not in problems.text
    assert shelf.get(f"Procedure?patient={shelf.ref}").json["total"] == 0


def test_search_gives_every_page_once(shelf: Ward) -> None:
    """F-18."""
    answer = shelf.get(f"Observation?patient={shelf.ref}&_count=3")
    seen = values(answer)
    assert link(answer, "self") == f"http://city.test:8000/fhir/Observation?patient={shelf.ref}&_count=3"
    while (following := link(answer, "next")) is not None:
        assert shelf.ref not in following
        answer = shelf.get(following)
        assert (answer.status_code, answer.json["total"]) == (200, 7), answer.text
        seen += values(answer)
    assert seen == [1, 2, 3, 4, 5, 6, 7]
    before = link(answer, "previous")
    assert before is not None and values(shelf.get(before)) == [4, 5, 6]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("code=2339-0", [1, 3, 5, 7]),
        ("code=http://loinc.org|2951-2&date=gt2026-05-02", [4, 6]),
        ("code=urn:other|2951-2", []),
        ("date=2026-05-03,2026-05-05", [3, 5]),
        ("date=ge2026-05-02&date=lt2026-05-04", [2, 3]),
        ("identifier=urn:lab|L6", [6]),
        ("status:not=final", []),
        ("category=laboratory&_sort=-date&status=final", [7, 6, 5, 4, 3, 2, 1]),
        ("encounter:missing=true&_sort=-code,date", [2, 4, 6, 1, 3, 5, 7]),
        ("_tag=urn:consentry:category|laboratory&date=lt2026-05-03", [1, 2]),
        ("_tag=urn:consentry:category|problem", []),
        ("_tag=urn:consentry:category|genetics", []),
    ],
)
def test_search_gives_what_fits(shelf: Ward, query: str, expected: list[int]) -> None:
    """F-16."""
    found = shelf.get(f"Observation?patient={shelf.ref}&{query}")
    assert found.status_code == 200, found.text
    assert values(found) == expected and found.json["total"] == len(expected)


def test_search_names_one_patient_by_parameter_subject_or_compartment(shelf: Ward) -> None:
    """F-15."""
    ref = shelf.ref
    for path in (
        f"Observation?subject=Patient/{ref}",
        f"Observation?subject:Patient={ref}",
        f"Observation?patient=http://city.test:8000/fhir/Patient/{ref}",
        f"Patient/{ref}/Observation",
        f"Patient/{ref}/Observation?patient={ref}",
    ):
        assert shelf.get(path).json.get("total") == 7, path
    for path in (
        "Observation",
        "Observation?code=2339-0",
        f"Observation?patient={ref}&patient={'0' * 32}",
        f"Observation?patient={ref},{'0' * 32}",
        f"Patient/{ref}/Observation?subject=Patient/{'0' * 32}",
    ):
        answer = shelf.get(path)
        assert (answer.status_code, code_of(answer)) == (400, "search-without-patient"), path
    assert code_of(shelf.get(f"Observation?patient={'0' * 32}")) == "patient-not-linked"


def test_search_by_post_takes_its_parameters_from_the_body(shelf: Ward) -> None:
    """F-14: nothing need stand in an address."""
    send = shelf.world.city.client.post
    headers = {"Authorization": f"Bearer {shelf.world.city.key}"} | shelf.headers
    form = {"patient": shelf.ref, "code": "2951-2"}
    found = send("/fhir/Observation/_search", data=form, headers=headers)
    assert values(found) == [2, 4, 6]
    found = send(
        f"/fhir/Patient/{shelf.ref}/Observation/_search?_count=1", data={"code": "2951-2"}, headers=headers
    )
    assert values(found) == [2] and found.json["total"] == 3
    wrong = send("/fhir/Observation/_search", json=form, headers=headers)
    assert (wrong.status_code, wrong.json["resourceType"]) == (415, "OperationOutcome")


def test_search_counts_without_entries(shelf: Ward) -> None:
    """F-17: as clients ask for a count."""
    for query in ("_summary=count", "_count=0", "_count=0&_totalMethod=count"):
        answer = shelf.get(f"Observation?patient={shelf.ref}&{query}")
        assert answer.json["total"] == 7 and "entry" not in answer.json
    assert "total" not in shelf.get(f"Observation?patient={shelf.ref}&_total=none").json


def test_search_refuses_or_ignores_what_it_does_not_know(shelf: Ward) -> None:
    """F-14: as the client prefers; what is ignored is said, and missing in the link to itself."""
    path = f"Observation?patient={shelf.ref}&shoe-size=43"
    lenient = shelf.get(path)
    assert values(lenient) == [1, 2, 3, 4, 5, 6, 7] and "shoe-size" not in str(link(lenient, "self"))
    last = lenient.json["entry"][-1]
    assert last["search"]["mode"] == "outcome" and "shoe-size" in last["resource"]["issue"][0]["diagnostics"]
    strict = shelf.get(path, Prefer="handling=strict")
    assert (strict.status_code, code_of(strict)) == (400, "search-unsupported")
    assert "43" not in strict.text
    for query in ("date=yesterday", "code:above=x", "_count=-1", "_sort=shoe", "status:missing=perhaps"):
        answer = shelf.get(f"Observation?patient={shelf.ref}&{query}")
        assert (answer.status_code, code_of(answer)) == (400, "search-invalid"), query
    assert shelf.get("Spell?patient=x").status_code == 404


def test_search_by_category_asks_no_keeper_for_another(world: World) -> None:
    """F-17: what could not fit is not opened, and so leaves no receipt."""
    chen = ward(world, "S-2")
    chen.publish(glucose(1), problem())
    chen.grant("laboratory", "problem")
    found = chen.get(f"Observation?patient={chen.ref}&_tag=urn:consentry:category|laboratory")
    assert values(found) == [1]
    chen.alice.open_session("PATRQT")
    booked = chen.alice.send("GET", "/api/receipts").json["receipts"]
    assert {one["category"] for one in booked} == {"laboratory"}
