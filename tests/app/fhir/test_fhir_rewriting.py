"""What happens to references, one kind at a time (F-2, F-3, P-1)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from consentry import errors
from consentry.demo.bundles import demo_bundles, extra_bundle
from consentry.fhir.identity import PATIENT_URN
from consentry.fhir.models import optional_elements
from consentry.fhir.split import split
from consentry.fhir.validate import parse_bundle, problems
from tests.app.fhir import readback
from tests.app.fhir.builders import MRN, bundle, condition, observation, patient, practitioner


def published(resource: dict[str, Any], *others: dict[str, Any]) -> dict[str, Any]:
    """What an observation `o1` looks like in its record."""
    drafts = split(parse_bundle(bundle(patient(), resource, *others)))
    ((_, found),) = readback.homes(drafts, f"{resource['resourceType']}/{resource['id']}")
    return found


@pytest.mark.parametrize(
    "who",
    [
        {"reference": "Patient/p1", "display": "Alice Liang"},
        {"reference": "Patient/p1/_history/3", "type": "Patient"},
        {"identifier": {"system": MRN, "value": "MRN17"}, "display": "Alice"},
    ],
)
def test_patient_is_only_ever_the_constant(who: dict[str, Any]) -> None:
    """P-1"""
    found = published(observation("o1", subject=who, performer=[who]))
    assert found["subject"] == {"reference": PATIENT_URN} and found["performer"] == [
        {"reference": PATIENT_URN}
    ]


def test_contained_patient_goes_and_other_contained_resources_stay() -> None:
    """P-1, F-3"""
    me = {
        "resourceType": "Patient",
        "id": "me",
        "identifier": [{"system": MRN, "value": "MRN17"}],
        "name": [{"text": "Liang"}],
    }
    doctor = {"resourceType": "Practitioner", "id": "dr", "name": [{"text": "Dr Bose"}]}
    found = published(
        observation(
            "o1", contained=[me, doctor], subject={"reference": "#me"}, performer=[{"reference": "#dr"}]
        )
    )
    assert found["contained"] == [doctor] and found["performer"] == [{"reference": "#dr"}]
    assert found["subject"] == {"reference": PATIENT_URN}


def test_practitioner_elsewhere_keeps_the_name_without_the_address() -> None:
    """F-3"""
    found = published(
        observation(
            "o1",
            performer=[
                {"reference": "Practitioner/77", "display": "Dr Bose"},
                {"reference": "https://his.example/fhir/Organization/5"},
                {"reference": "Practitioner?identifier=https://npi.example|9", "display": "Dr Lin"},
            ],
        )
    )
    assert found["performer"] == [
        {"type": "Practitioner", "display": "Dr Bose"},
        {"type": "Organization"},
        {"type": "Practitioner", "display": "Dr Lin"},
    ]


@pytest.mark.parametrize(
    "pointer",
    [
        {"reference": "ServiceRequest/9", "display": "psychiatry referral"},
        {"reference": "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"},
        {"reference": "https://his.example/fhir/CarePlan/3"},
        {"type": "ServiceRequest", "identifier": {"value": "REF-3"}},
    ],
)
def test_clinical_resource_elsewhere_leaves_no_trace(pointer: dict[str, Any]) -> None:
    """F-2: whoever sees that something is missing knows that there is something."""
    extension = {"url": "https://mercy.example/why", "valueReference": pointer}
    found = published(observation("o1", basedOn=[pointer], extension=[extension]))
    assert "basedOn" not in found and "extension" not in found


def test_identifier_that_belongs_to_another_record_goes() -> None:
    """F-2"""
    number = {"system": "https://mercy.example/dx", "value": "DX-1"}
    found = published(
        observation("o1", focus=[{"identifier": number, "display": "depression"}]),
        condition("c1", "F32.1", identifier=[number]),
    )
    assert "focus" not in found


def test_unicode_extensions_and_primitive_extensions_survive() -> None:
    """F-3"""
    extension = [{"url": "https://mercy.example/x", "valueString": "门诊 𠮷 é"}]
    told = observation(
        "o1", note=[{"text": "空腹"}], extension=extension, _effectiveDateTime={"extension": extension}
    )
    found = published(told)
    assert {key: found[key] for key in ("note", "extension", "_effectiveDateTime")} == {
        key: told[key] for key in ("note", "extension", "_effectiveDateTime")
    }


def test_resource_that_cannot_live_without_the_reference_is_refused() -> None:
    """F-1: never published in a form that R4 does not allow."""
    drug = {
        "resourceType": "MedicationStatement",
        "id": "m1",
        "status": "active",
        "subject": {"reference": "Patient/p1"},
        "medicationReference": {"reference": "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"},
        "effectiveDateTime": "2025-03-04",
    }
    with pytest.raises(errors.NotFhir) as caught:
        published(drug)
    assert caught.value.expression == ("Bundle.entry[1].resource",)


def test_list_loses_the_items_of_other_records() -> None:
    """F-2: R4 requires List.entry.item, so the entry goes; a list that names something sensitive is itself so."""
    told = {
        "resourceType": "List",
        "id": "l1",
        "status": "current",
        "mode": "working",
        "subject": {"reference": "Patient/p1"},
        "date": "2025-03-04",
        "entry": [
            {"date": "2025-03-01", "item": {"reference": "Condition/c1"}},
            {"date": "2025-03-02", "item": {"reference": "Condition/c2"}},
            {"date": "2025-03-03", "item": {"display": "asthma in childhood", "reference": "#x"}},
        ],
        "contained": [{**condition("x", "J45"), "id": "x"}],
    }
    told["entry"] += [{"item": {"reference": f"Condition/gone{index}"}} for index in range(200)]
    found = published(told, condition("c1"), condition("c2", "I10"), practitioner())
    assert [row["date"] for row in found["entry"]] == ["2025-03-03"]


def test_content_is_a_canonical_collection() -> None:
    """F-3"""
    (draft,) = split(parse_bundle(bundle(patient(), observation("o1"))))
    tree = json.loads(draft.content)
    assert (tree["resourceType"], tree["type"]) == ("Bundle", "collection")
    assert problems(tree, "") == ()
    assert (
        draft.content == json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    )


@pytest.mark.parametrize("raw", [*demo_bundles(3).values(), extra_bundle()])
def test_what_counts_as_optional_may_go_and_what_does_not_may_be_missed(raw: bytes) -> None:
    """F-2"""
    for row in json.loads(raw)["entry"]:
        resource = row["resource"]
        may_go = optional_elements(resource["resourceType"]) & resource.keys()
        for one in may_go:
            assert not problems({key: value for key, value in resource.items() if key != one}, "")
        for one in resource.keys() - may_go - {"resourceType"}:
            assert problems({key: value for key, value in resource.items() if key != one}, ""), one


@pytest.mark.parametrize("raw", [*demo_bundles(3).values(), extra_bundle()])
def test_what_lost_a_reference_is_still_valid(raw: bytes) -> None:
    """F-2"""
    for draft in split(parse_bundle(raw)):
        for row in json.loads(draft.content)["entry"]:
            assert not problems(row["resource"], "")
