"""What cannot be published, and the form of what is answered (F-1, G-1, G-2)."""

from __future__ import annotations

import json
import logging
import secrets
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from consentry.domain.headers import Header
from consentry.errors import ChainUnreachable
from consentry.gateway.scanning import Scanning
from consentry.gateway.searchset import searchset
from consentry.services.reading import OpenedRecord, Reading
from tests.app.gateway.content import bundle
from tests.app.gateway.test_gateway_exchange import resources
from tests.app.gateway.world import World


def two_patients() -> dict[str, Any]:
    made = bundle("F-1")
    made["entry"][1]["resource"]["subject"] = {"reference": "Patient/p2"}
    made["entry"].append({"resource": {"resourceType": "Patient", "id": "p2"}})
    return made


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "not-json"),
        (b"{", 400, "not-json"),
        (b"\xff", 400, "not-json"),
        (b'{"a":1,"a":2}', 400, "not-json"),
        (b"[" * 100_000, 400, "not-json"),
        (b"{}", 422, "not-fhir"),
        (b'{"resourceType":"Patient"}', 422, "not-fhir"),
        (b'{"resourceType":"Bundle","type":"history"}', 422, "bundle-type-unsupported"),
        (b'{"resourceType":"Bundle","type":"collection"}', 422, "bundle-empty"),
        (json.dumps(two_patients()).encode(), 422, "bundle-names-two-patients"),
        (b" " * 300_001, 413, "bundle-too-large"),
    ],
    ids=lambda value: str(value)[:24],
)
@pytest.mark.parametrize("named", ["by reference", "by identifier"])
def test_publish_refuses_and_stores_nothing(
    world: World, raw: bytes, status: int, code: str, named: str
) -> None:
    """F-1: by reference or by identifier, before anything is sealed."""
    patient = world.person(world.mercy)
    ref = world.mercy.link(secrets.token_hex(8), patient)
    blocks = sorted((world.folder / "store" / "blocks").rglob("baf*"))
    answer = world.mercy.publish(raw, **({"X-Consentry-Patient-Ref": ref} if named == "by reference" else {}))
    assert (answer.status_code, answer.mimetype) == (status, "application/fhir+json"), answer.text
    assert answer.json["issue"][0]["details"]["coding"][0]["code"] == code
    assert sorted((world.folder / "store" / "blocks").rglob("baf*")) == blocks
    get_fhir_model_class("OperationOutcome").model_validate(answer.json)


def test_publish_refuses_other_types_and_unknown_people(world: World) -> None:
    raw = json.dumps(bundle("F-9")).encode()
    cases: list[tuple[dict[str, str], int, str]] = [
        ({"Content-Type": "text/plain"}, 415, "media-type-unsupported"),
        ({"Content-Encoding": "gzip"}, 415, "media-type-unsupported"),
        ({"X-Consentry-Patient-Ref": "nobody"}, 404, "patient-not-linked"),
        ({}, 404, "patient-not-linked"),
        ({"Authorization": "Bearer nobody"}, 401, "not-signed-in"),
    ]
    for headers, status, code in cases:
        answer = world.mercy.publish(raw, **headers)
        assert answer.status_code == status
        assert answer.json["issue"][0]["details"]["coding"][0]["code"] == code
        assert "F-9" not in answer.text


def test_answers_are_valid_r4(world: World) -> None:
    alice = world.patient(world.mercy)
    ref = world.mercy.link("F-11", alice)
    published = world.mercy.publish(bundle("F-11"), **{"X-Consentry-Patient-Ref": ref})
    alice.open_session("PATRQT")
    read = alice.send("GET", f"/fhir/Patient/{ref}/$everything")
    metadata = world.mercy.client.get("/fhir/metadata")
    for answer, kind in ((published, "Bundle"), (read, "Bundle"), (metadata, "CapabilityStatement")):
        assert answer.mimetype == "application/fhir+json"
        get_fhir_model_class(kind).model_validate(answer.json)
    assert published.json["type"] == "transaction-response"
    assert all(
        one["response"]["location"].startswith("urn:consentry:record:0x") for one in published.json["entry"]
    )
    assert read.json["link"][0]["url"].endswith(f"/fhir/Patient/{ref}/$everything")
    assert resources(read)[0]["id"] == ref


def header(mark: int) -> Header:
    digest = bytes((mark,)) * 32
    return Header(
        record_id=digest,
        patient="0x" + "aa" * 20,
        author="0x" + "bb" * 20,
        category="laboratory",
        level=3,
        confidentiality="N",
        department="lab",
        date="2026-05-04T08:00:00Z",
        version=1,
        replaces=None,
        suite="A256GCM-STREAM64K",
        cid="bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
        ciphertext_digest=digest,
        key_commitment=digest,
    )


def test_searchset_names_a_bad_record_and_keeps_the_others() -> None:
    """An author that sealed rubbish hides nobody else's records."""
    good = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": {"resourceType": "Observation", "id": "a1"}}],
    }
    records = (
        OpenedRecord(header(1), "Mercy", json.dumps(good).encode()),
        OpenedRecord(header(2), "Mallory's Clinic", b'{"resourceType":"Bundle"}'),
    )
    made = searchset(Reading(records), "Patient/x", "http://city.test/fhir")
    assert [one["resource"]["resourceType"] for one in made["entry"]] == [
        "Patient",
        "Observation",
        "OperationOutcome",
    ]
    (issue,) = made["entry"][-1]["resource"]["issue"]
    assert "Mallory's Clinic" in issue["diagnostics"] and issue["details"]["coding"][0]["code"] == "not-fhir"
    empty = searchset(Reading((), ("too few keepers answered",)), "Patient/x", "http://city.test/fhir")
    assert (empty["total"], [one["search"]["mode"] for one in empty["entry"]]) == (0, ["outcome"])


def test_searchset_names_keepers_that_lied_beside_what_is_complete() -> None:
    """K-28: by seat and host, and not as something missing."""
    words = "keeper-misbehaved: the keeper of seat 2 (keeper.example:9): share-invalid"
    made = searchset(Reading((), lying=(words,)), "Patient/x", "http://city.test/fhir")
    (issue,) = made["entry"][-1]["resource"]["issue"]
    assert (issue["severity"], issue["code"], issue["diagnostics"]) == ("warning", "processing", words)
    assert issue["details"]["coding"][0]["code"] == "keeper-misbehaved"


def test_scanning_goes_on_after_failures(caplog: pytest.LogCaptureFixture) -> None:
    """It says once that it cannot follow, tries ever more rarely, and says when it does again."""
    outcomes: list[Exception | None] = [
        ChainUnreachable(),
        ChainUnreachable(),
        RuntimeError("Alice"),
        None,
        None,
    ]

    def scan() -> None:
        outcome = outcomes.pop(0)
        if not outcomes:
            scanning._closing.set()
        if outcome is not None:
            raise outcome

    scanning = Scanning(scan, interval_seconds=0.001)
    with caplog.at_level(logging.INFO):
        scanning.start()
        scanning._thread.join(10)
    scanning.close()
    assert scanning.problem is None and outcomes == []
    assert caplog.text.count("cannot follow") == 1 and "Alice" not in caplog.text and "again" in caplog.text
