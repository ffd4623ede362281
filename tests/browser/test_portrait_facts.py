"""Resources in words, and what odd data costs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from consentry.demo.bundles import demo_bundles
from consentry.fhir import tables
from consentry.fhir.merge import reader_id
from consentry.fhir.models import model
from tests.browser.node import evaluate
from tests.browser.portraits import (
    ALICE,
    CITY,
    MERCY,
    SNOMED,
    coded,
    condition,
    facts,
    observation,
    portrait,
    published,
    record,
)

LONG = "阿" * 400 + " Wolfeschlegelsteinhausenbergerdorff" * 40
RIGHT_TO_LEFT = "محمد بن عبد الله"


def told(one: dict[str, Any]) -> dict[str, Any]:
    return {fact["name"]: fact["values"] for fact in one["facts"]}


def test_resource_is_told_element_by_element() -> None:
    """W-38: each element under its fact's name; what no fact tells stands as the hospital wrote it."""
    (one,) = facts(
        record(
            condition(
                coded(SNOMED, "44054006", "Diabetes"), onsetDateTime="2024-03", note=[{"text": "Diet first."}],
                stage=[{"summary": {"text": "early"}}], recorder={"display": "Dr Lin"},
            )
        )
    )  # fmt: skip
    said = told(one)
    assert one["title"]["words"] == "Diabetes" and not one["wrong"]
    assert said["began"][0]["when"]["precision"] == "month"
    assert said["notes"] == [{"kind": "text", "text": "Diet first."}]
    assert said["people"] == [{"kind": "text", "text": "Dr Lin"}]
    assert one["rest"] == [{"path": "stage.summary.text", "words": "early"}]


def test_every_resource_of_the_demo_has_words() -> None:
    """W-38: no resource is told by nothing, whatever its type; parts, dosages, documents and narratives are there."""
    every = facts(*published(demo_bundles(7)["alice"]))
    assert {one["type"] for one in every} >= {
        "Composition",
        "DocumentReference",
        "RelatedPerson",
        "ImagingStudy",
    }
    bare = [
        one["type"] for one in every if one["title"] is None and one["type"] not in ("Encounter", "Patient")
    ]
    assert set(bare) <= {"Specimen"} and not [
        one for one in every if not one["facts"] and one["title"] is None
    ]
    note = next(one for one in every if one["type"] == "DocumentReference" and one["attachments"])
    assert note["attachments"][0]["data"] and note["attachments"][0]["contentType"].startswith("text/plain")
    consult = next(
        one for one in every if one["title"] and "Psychiatry" in one["title"]["words"] and one["narratives"]
    )
    assert "PHQ-9" in consult["narratives"][0]


@pytest.mark.parametrize(
    "odd",
    [
        {"resourceType": "Condition", "code": 7, "note": "no list", "onsetDateTime": ["2024"]},
        {"resourceType": "Observation", "component": [None, 3, {"valueQuantity": None}], "referenceRange": {}},
        {"resourceType": "MedicationRequest", "dosageInstruction": [{"timing": 3, "doseAndRate": "x"}]},
        {"resourceType": "Encounter", "period": {"start": "yesterday"}, "participant": [{"individual": {}}]},
        {"resourceType": "Patient", "birthDate": "0000-00-00", "name": [{"given": [1, None]}]},
        {"resourceType": "AllergyIntolerance", "reaction": [{"manifestation": [{}]}], "code": {"coding": [{}]}},
        {"resourceType": "Composition", "section": [{"section": [{"text": {"div": 3}}]}]},
        {"resourceType": "Unheard", "x": {"y": [{"z": {"a": [[1, [2]]]}}]}},
        {"resourceType": "RelatedPerson", "name": {"text": LONG}, "telecom": "none"},
    ],
)  # fmt: skip
def test_odd_resource_costs_only_itself(odd: dict[str, Any]) -> None:
    """W-37: whatever form an element has, the resource beside it is told, and nothing fails."""
    beside = condition(coded(SNOMED, "44054006", "Diabetes"))
    drawn = portrait([record(odd, beside)])
    assert "Diabetes" in [one["name"]["words"] for one in drawn["conditions"]]
    assert [one["type"] for one in facts(record(odd, beside))] == [odd["resourceType"], "Condition"]


def test_bundle_that_is_none_is_an_empty_record() -> None:
    """W-37: what should be a Bundle and is not holds nothing; what has no type is no resource."""
    for bundle in ({}, {"entry": "x"}, {"entry": [None, {"resource": {"id": "a"}}, {"resource": []}]}, None):
        assert portrait([{**record(), "bundle": bundle}])["records"] == 1


def test_partial_dates_keep_their_precision() -> None:
    """W-37: a year stays a year, and sorts by its beginning."""
    dates = [("a", "2024"), ("b", "2024-05"), ("c", "2024-05-02T10:00:00+08:00")]
    drawn = portrait([record(condition({"text": name}, recordedDate=when)) for name, when in dates])
    assert [one["newest"]["when"]["precision"] for one in drawn["conditions"]] == ["time", "month", "year"]


def test_names_stay_whole_in_any_script() -> None:
    """W-37: a Chinese family name stands first and unspaced; a very long or right-to-left name is not cut or turned."""
    people = [
        {"resourceType": "RelatedPerson", "name": [{"family": "陈", "given": ["建平"]}]},
        {"resourceType": "RelatedPerson", "name": [{"text": RIGHT_TO_LEFT}]},
        {"resourceType": "RelatedPerson", "name": {"family": "Curie", "given": ["Marie"]}, "telecom": [{"value": LONG}]},
    ]  # fmt: skip
    contacts = portrait([record(*people)])["contacts"]
    assert [one["name"] for one in contacts] == ["陈建平", RIGHT_TO_LEFT, "Marie Curie"]
    assert contacts[2]["reach"] == [LONG]


def test_timeline_joins_records_of_one_visit() -> None:
    """W-40: records with the visit's start belong to it, those of a day without one to that day, each hospital by itself."""
    start = "2026-01-05T09:00:00Z"
    visit = {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"code": "AMB"},
        "period": {"start": start},
    }
    weight = observation({"text": "weight"}, 70, "kg")
    drawn = portrait(
        [
            record(visit, category="visit", date=start, number=1),
            record(weight, category="vitals", date=start, number=2),
            record(weight, category="laboratory", date="2026-01-05T15:00:00Z", number=3),
            record(weight, category="imaging", date="2026-01-05T17:00:00Z", number=4),
            record(weight, author=CITY, category="laboratory", date=start, number=5),
            record(weight, category="emergency", date=start, number=6),
        ]
    )["occasions"]
    said = [(one["hospital"], one["visit"] is not None, len(one["records"])) for one in drawn]
    assert sorted(said) == [
        ("City Hospital", False, 1),
        ("Mercy Hospital", False, 2),
        ("Mercy Hospital", True, 2),
    ]


_EXPORT = """
import { exported } from "./app/browser/patient/portrait/exporting";
declare const given: any;
void exported(given.records, given.patient, 1337, "2026-05-28T00:00:00Z").then((made) => console.log(JSON.stringify(made)));
"""


def test_export_is_one_valid_bundle_with_the_ids_of_gateways() -> None:
    """W-41: every resource of every record once, labelled, under the ids that readers of a gateway see; nothing dangles."""
    records = published(demo_bundles(7)["alice"]) + published(demo_bundles(7)["alice"], CITY, 500)
    made = evaluate(_EXPORT, {"records": records, "patient": ALICE})
    rows = {row["fullUrl"]: row["resource"] for row in made["entry"]}
    assert len(rows) == len(made["entry"]) and made["type"] == "collection"
    for resource in rows.values():
        model(resource["resourceType"]).model_validate(resource)
    expected = {
        reader_id(one["resourceType"], record["header"]["author"], record["document"], one["id"])
        for record in records
        for one in (row["resource"] for row in record["bundle"]["entry"])
        if one["resourceType"] != "Patient"
    }
    assert {resource["id"] for resource in rows.values() if resource["resourceType"] != "Patient"} == expected
    text = json.dumps(made)
    assert "urn:consentry:patient" not in text
    assert made["entry"][0]["resource"]["identifier"][0]["value"] == f"did:ethr:0x539:{ALICE}"
    authors = {
        tag["code"]
        for one in rows.values()
        for tag in one.get("meta", {}).get("tag", [])
        if "author" in tag["system"]
    }
    assert authors == {MERCY, CITY}  # fmt: skip


def test_context_types_are_those_of_python() -> None:
    """W-41: what is one resource over several records is so in the export too."""
    source = 'import { CONTEXT } from "./app/browser/patient/portrait/exporting"; console.log(JSON.stringify([...CONTEXT]));'
    assert set(evaluate(source)) == {name for name in tables.resource_types() if tables.is_context(name)}
