"""Records that their author takes back (D-17)."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from typing import Any

import pytest

from consentry.domain.retraction import Why
from consentry.errors import ChainUnreachable
from consentry.fhir.validate import parse_bundle
from consentry.ports.versions import Standing
from consentry.services.publish import PublishBundle, publish
from consentry.services.retraction import RetractRecord, retract
from consentry.services.waiting import Completion
from tests.app.gateway.content import terms
from tests.app.gateway.documents import Desk, bundle, diagnosis, reader_of, record, result, values
from tests.app.gateway.test_gateway_positions import FailingSender
from tests.app.gateway.world import World


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def retracts(desk: Desk, record_id: str, **more: Any) -> list[str]:
    answer = desk.mercy.send(
        "POST", "/api/records/retractions", {"record": record_id, "reason": "duplicate", **more}
    )
    assert answer.status_code == 200, answer.text
    return list(answer.json["records"])


def test_retracted_document_is_gone_with_its_former_versions(desk: Desk) -> None:
    """D-17: history says that there was something, and who took it back; nothing that was replaced returns."""
    (first,), (second,) = desk.publishes(result(7.1)), desk.publishes(result(7.4))
    desk.publishes(result(3.0, "o2"))
    assert retracts(desk, record(second)) == [record(second), record(first)]
    assert values(desk.reads()) == [3.0]
    gone = [one for one in desk.history() if one["request"]["method"] == "DELETE"]
    assert [one["response"]["etag"] for one in gone] == ['W/"2"', 'W/"1"']
    assert {one["url"].rpartition(":")[2] for one in gone[0]["response"]["extension"]} >= {
        "author",
        "category",
    }
    assert retracts(desk, record(second)) == [record(second), record(first)]


def test_former_version_is_retracted_alone(desk: Desk) -> None:
    """D-17: what replaced it stays; and one version alone leaves the others as they are."""
    (first,), _ = desk.publishes(result(7.1)), desk.publishes(result(7.4))
    assert retracts(desk, record(first), only=True) == [record(first)]
    assert values(desk.reads()) == [7.4]
    assert [one["request"]["method"] for one in desk.history()] == ["PUT", "DELETE"]


def test_retracted_newest_version_brings_no_former_one_back(desk: Desk) -> None:
    _, (second,) = desk.publishes(result(7.1)), desk.publishes(result(7.4))
    assert retracts(desk, record(second), only=True) == [record(second)]
    assert desk.reads() == []
    assert [one["request"]["method"] for one in desk.history()] == ["DELETE", "POST"]


def test_nobody_retracts_what_this_hospital_did_not_publish(desk: Desk, world: World) -> None:
    """D-17: an unknown id and another hospital's are refused alike; patients retract nothing."""
    (first,) = desk.publishes(result(7.1))
    foreign = world.city.send(
        "POST", "/api/records/retractions", {"record": record(first), "reason": "duplicate"}
    )
    unknown = desk.mercy.send(
        "POST", "/api/records/retractions", {"record": "0x" + secrets.token_hex(32), "reason": "duplicate"}
    )
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json["code"] == unknown.json["code"] == "record-unknown"
    own = desk.patient.send(
        "POST", "/api/records/retractions", {"record": record(first), "reason": "duplicate"}
    )
    assert own.status_code == 403
    for wrong in ({"record": "0x12"}, {"record": record(first), "only": 1}, {}):
        assert desk.mercy.send("POST", "/api/records/retractions", wrong).status_code == 400
    assert values(desk.reads()) == [7.1]


def test_history_tells_nobody_of_what_the_role_may_not_see(desk: Desk, world: World) -> None:
    """G-3, G-12: terms that cover any confidentiality do not lift a role's ceiling, for what is gone neither."""
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}
    (plain,) = desk.publishes(result(7.1))
    (strict,) = desk.publishes(result(8.1, "o2", meta={"security": [label]}))
    said = terms(("laboratory",), confidentiality="any") | {"roles": ["any"]}
    attending, ref = reader_of(desk, world, said)
    researcher = world.staff(desk.mercy, "researcher")
    researcher.open_session("TREAT")
    for one in (plain, strict):
        retracted = desk.mercy.send(
            "POST", "/api/records/retractions", {"record": record(one), "reason": "duplicate"}
        )
        assert retracted.status_code == 200
    assert [one["request"]["method"] for one in desk.history(attending, ref)] == ["DELETE", "DELETE"]
    assert [one["request"]["method"] for one in desk.history(researcher, ref)] == ["DELETE"]


@pytest.mark.parametrize("fails", ["before", "after"])
def test_retraction_that_failed_is_carried_out_by_itself(desk: Desk, fails: str) -> None:
    """D-17: noted before the chain is told; a gateway that comes back completes it, once."""
    (first,) = desk.publishes(result(7.1))
    parts = desk.mercy.gateway
    record_id = bytes.fromhex(record(first)[2:])
    sender = FailingSender(parts.publishing.sender, **{fails: [1]})
    ports = replace(parts.publishing, sender=sender)
    with pytest.raises(ChainUnreachable):
        retract(RetractRecord(record_id, "client:his", Why.DUPLICATE), parts.author, ports)
    book = parts.publishing.publications.versions
    assert book.of_records([record_id])[record_id].standing is Standing.RETRACTING
    completion = Completion(parts.author, parts.publishing, linger_seconds=10**6)
    completion.run()
    assert desk.reads() == []
    while book.retracting():  # until it is final
        desk.world.mine()
        completion.run()
    assert book.of_records([record_id])[record_id].standing is Standing.RETRACTED


def test_correction_that_moves_a_record_is_completed_after_a_failure(desk: Desk) -> None:
    """D-15: the new record is anchored before the old one is retracted, whatever fails between."""
    desk.publishes(diagnosis("I10"))
    parts = desk.mercy.gateway
    moved = parse_bundle(json.dumps(bundle(diagnosis("F32.1"))).encode())
    command = PublishBundle(desk.patient.wallet.address, moved, "client:his")
    ports = replace(parts.publishing, sender=FailingSender(parts.publishing.sender, before=[2]))
    with pytest.raises(ChainUnreachable):
        publish(command, parts.author, ports)
    assert len(desk.reads()) == 2
    desk.publishes(result(1.0))
    # with the former record the emergency summary of it was taken back
    assert len(desk.reads()) == 2 and len(desk.history()) == 4


def test_named_record_must_be_the_current_one_of_this_patient(desk: Desk, world: World) -> None:
    """D-13: another patient's, another hospital's and an unknown id are refused alike; a replaced one by its own error."""
    (first,), (second,) = desk.publishes(result(7.1)), desk.publishes(result(7.4))
    other = Desk(world)
    for name, replaces in ((other, record(second)), (desk, "0x" + secrets.token_hex(32))):
        refused = _refused(name, replaces)
        assert (refused.status_code, _code(refused)) == (404, "record-unknown")
    refused = _refused(desk, record(first))
    assert (refused.status_code, _code(refused)) == (409, "record-replaced")
    assert _refused(desk, "first").status_code == 400
    assert values(desk.reads()) == [7.4] and other.reads() == []


def _refused(desk: Desk, replaces: str) -> Any:
    headers = {"X-Consentry-Patient-Ref": desk.ref, "X-Consentry-Replaces": replaces}
    return desk.mercy.publish(bundle(result(9.9, "o9")), **headers)


def _code(answer: Any) -> str:
    return str(answer.json["issue"][0]["details"]["coding"][0]["code"])
