"""Batches: every entry is a request of its own (F-10)."""

from __future__ import annotations

import json
import logging
import re

import pytest

from consentry.gateway.fhir import batches
from tests.app.gateway.documents import Desk, diagnosis, record, result, values
from tests.app.gateway.test_gateway_transactions import about, answers, entry, sent
from tests.app.gateway.test_gateway_write import code, created, glucose
from tests.app.gateway.world import World


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def test_batch_that_only_writes_is_published_in_one_go(desk: Desk) -> None:
    """F-10: one anchor for all of it."""
    rows = [entry(about(desk, result(7.1))), entry(about(desk, diagnosis("I10")))]
    told = answers(desk, *rows, kind="batch")
    assert [one["response"]["status"] for one in told] == ["201 Created"] * 2
    assert len(desk.reads()) == 2


def test_bad_entry_costs_the_others_nothing(desk: Desk, world: World) -> None:
    """F-10: nor does an entry about somebody else."""
    other = Desk(world)
    bad = about(desk, result(1.0)) | {"status": "no such status"}
    rows = [entry(bad), entry(about(desk, result(2.0))), entry(about(other, result(3.0)))]
    first, second, third = answers(desk, *rows, kind="batch")
    assert first["response"]["status"] == "422 Unprocessable Entity"
    assert first["response"]["outcome"]["issue"][0]["expression"] == ["Observation.status"]
    for one in (second, third):
        assert one["response"]["status"] == "201 Created" and one["response"]["etag"] == 'W/"1"'
        assert one["response"]["lastModified"].endswith("Z")
        assert one["response"]["location"].startswith("Observation/")
    assert (values(desk.reads()), values(other.reads())) == ([2.0], [3.0])


def test_batch_reads_writes_and_withdraws(desk: Desk) -> None:
    """F-10: by the same caller's rights, in the order of its entries."""
    first, second = created(desk, glucose(desk, 1.0)), created(desk, glucose(desk, 2.0))
    rows = [
        {"request": {"method": "GET", "url": "metadata"}},
        {"request": {"method": "DELETE", "url": f"Observation/{first['id']}"}},
        entry(second | {"status": "amended"}, "PUT", f"Observation/{second['id']}", ifMatch='W/"1"'),
        entry(second, "PUT", f"Observation/{second['id']}", ifMatch='W/"1"'),
        {"request": {"method": "GET", "url": f"Patient/{desk.ref}/$everything"}},
        {"request": {"method": "GET", "url": "Nothing/%E7%A9%BA?name=空"}},
        {"request": {"method": "POST", "url": ""}},
        {"request": {"method": "GET", "url": "../api/network"}},
    ]
    told = answers(desk, *rows, kind="batch")
    status = [one["response"]["status"][:3] for one in told]
    assert status == ["200", "204", "200", "412", "400", "404", "422", "404"]
    assert told[0]["resource"]["resourceType"] == "CapabilityStatement"
    assert told[2]["resource"]["meta"]["versionId"] == "2"
    issue = told[4]["response"]["outcome"]["issue"][0]
    assert (
        issue["details"]["coding"][0]["code"] == "header-invalid"
    )  # a system says for whom it reads, and why
    assert values(desk.reads()) == [2.0]


def test_batch_of_a_patient_reads_and_cannot_write(desk: Desk) -> None:
    """F-10: a batch gives nobody more than its entries would."""
    rows = [
        {"request": {"method": "GET", "url": "Patient/self/$everything"}},
        entry(about(desk, result(1.0))),
    ]
    answer = desk.patient.send("POST", "/fhir", {"resourceType": "Bundle", "type": "batch", "entry": rows})
    read, written = json.loads(answer.data)["entry"]
    assert read["resource"]["resourceType"] == "Bundle" and written["response"]["status"][:3] == "403"
    alone = desk.patient.send("POST", "/fhir", {"resourceType": "Bundle", "type": "batch", "entry": rows[1:]})
    assert (alone.status_code, code(alone)) == (403, "role-unfit")
    nobody = desk.mercy.client.post("/fhir", json={"resourceType": "Bundle", "type": "batch", "entry": rows})
    assert nobody.status_code == 401


def test_batch_is_bounded(desk: Desk) -> None:
    """F-12: in requests that are carried out one by one, and in what they answer together."""
    asked = [{"request": {"method": "GET", "url": "metadata"}}]
    answer = sent(desk, *(asked * 101), kind="batch")
    assert (answer.status_code, code(answer)) == (413, "bundle-too-large")
    many = sent(desk, *(asked * 2_001), kind="batch")
    assert (many.status_code, code(many)) == (413, "bundle-too-large")


def test_batch_reads_no_more_once_its_answers_fill_memory(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-12: each of a hundred entries may be everything that is known of a patient."""
    monkeypatch.setattr(batches, "MOST_BYTES", 1_000)
    asked = [{"request": {"method": "GET", "url": "metadata"}}]
    first, second = answers(desk, *(asked * 2), kind="batch")
    assert first["response"]["status"] == "200 OK"
    assert second["response"]["status"].startswith("413")


def test_batch_that_replaces_records_is_one_publication(desk: Desk) -> None:
    """F-10, D-13: what the sender names is named for all of it."""
    (first,) = desk.publishes(result(1.0))
    (told,) = answers(
        desk, entry(about(desk, result(2.0))), kind="batch", **{"X-Consentry-Replaces": record(first)}
    )
    assert told["response"]["etag"] == 'W/"2"' and values(desk.reads()) == [2.0]


def test_batch_is_logged_with_all_the_time_that_its_entries_took(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """F-10: beside a line for each of them; times are rounded to milliseconds."""
    with caplog.at_level(logging.INFO, "consentry.gateway.hardening"):
        answers(desk, *[{"request": {"method": "GET", "url": "metadata"}}] * 20, kind="batch")
    *parts, whole = [int(one) for one in re.findall(r"200 ([0-9]+) ms", caplog.text)]
    assert len(parts) == 20 and whole >= sum(parts) - len(parts)
