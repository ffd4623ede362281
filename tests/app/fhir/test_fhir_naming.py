"""What a hospital calls its documents and resources (D-13)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from consentry.fhir.split import RecordDraft, split
from consentry.fhir.validate import ValidBundle, parse_bundle

TIME = "2026-05-04T08:00:00Z"


def bundle(*rows: dict[str, Any], **more: Any) -> ValidBundle:
    patient = {"resource": {"resourceType": "Patient", "id": "p", "gender": "female"}}
    tree = {"resourceType": "Bundle", "type": "collection", "entry": [patient, *rows]} | more
    return parse_bundle(json.dumps(tree).encode())


def result(value: float, full_url: str | None = None, **more: Any) -> dict[str, Any]:
    resource = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "Glucose"},
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": TIME,
        "valueQuantity": {"value": value},
    } | more
    return {"resource": resource} if full_url is None else {"resource": resource, "fullUrl": full_url}


def drafts(*rows: dict[str, Any]) -> list[RecordDraft]:
    """Without the patient's own."""
    return [one for one in split(bundle(*rows), received_at=TIME) if one.names]


def names(*rows: dict[str, Any]) -> frozenset[str]:
    (draft,) = drafts(*rows)
    return draft.names


HTTP = "https://his.example/fhir/Observation/7"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (result(1.0, HTTP), result(2.0, HTTP), True),
        (result(1.0, HTTP), result(2.0, f"{HTTP}/_history/3"), True),
        (result(1.0, HTTP), result(2.0, HTTP, effectiveDateTime="2026-06-01"), True),
        (result(1.0, id="7"), result(2.0, id="7"), True),
        (result(1.0, id="7"), result(2.0, id="8"), False),
        (result(1.0, id="7"), result(2.0, id="7", effectiveDateTime="2026-06-01"), False),
        (result(1.0, "urn:uuid:6f7a1c7e-0000-4000-8000-000000000001", id="7"), result(2.0, id="7"), True),
        (result(1.0), result(1.0), True),
        (result(1.0), result(2.0), False),
    ],
)
def test_resource_keeps_its_name(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:  # noqa: FBT001 - a case
    """D-13: by what R4 promises not to change; an id alone only on the same day."""
    assert (names(one) == names(other)) is same


def test_business_identifiers_name_no_resource() -> None:
    """D-13: a laboratory gives several results one accession number."""
    accession = [{"system": "urn:lab", "value": "A-1"}]
    assert names(result(1.0, identifier=accession)) != names(result(2.0, identifier=accession))


def test_patients_own_record_has_no_names() -> None:
    """D-13: every Bundle may repeat sex and birth date; none of them ends what another one said."""
    (own,) = [one for one in split(bundle(result(1.0)), received_at=TIME) if not one.names]
    assert own.resource_types == (("Patient", 1),)


def test_document_is_named_by_what_all_its_versions_share() -> None:
    """D-13: R4 gives a Bundle of type document a new identifier each time, and its Composition none."""
    identifier, another = {"system": "urn:d", "value": "1"}, {"system": "urn:d", "value": "2"}
    composition = {
        "resourceType": "Composition",
        "identifier": identifier,
        "status": "final",
        "type": {"text": "Letter"},
        "subject": {"reference": "Patient/p"},
        "date": TIME,
        "author": [{"display": "Dr Bose"}],
        "title": "Letter",
    }
    tree: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "document",
        "identifier": another,
        "timestamp": TIME,
    }
    rows = [{"resource": composition}, {"resource": {"resourceType": "Patient", "id": "p"}}]
    letter = parse_bundle(json.dumps(tree | {"entry": rows}).encode())
    assert letter.document == bundle(result(1.0), identifier=identifier).document
    assert letter.document != bundle(result(1.0), identifier=another).document
    del composition["identifier"]
    unnamed = parse_bundle(json.dumps(tree | {"entry": rows}).encode())
    assert unnamed.document == bundle(result(1.0), identifier=another).document
    assert bundle(result(1.0)).document is None


def test_identifier_without_a_system_counts_within_its_sender() -> None:
    """D-13."""
    local = bundle(result(1.0), identifier={"value": "1"}).document
    assert local is not None and local.startswith("local ")
    assert not str(bundle(result(1.0), identifier={"system": "urn:d", "value": "1"}).document).startswith(
        "local "
    )
