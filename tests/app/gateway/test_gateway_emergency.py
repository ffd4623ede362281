"""Opening an emergency summary at a gateway, and reading under it (E-12 to E-15)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.app.gateway.databases import another_gateway, backed_up
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_exchange import resources
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.ward import HOUR, OPENINGS, Ward, ward_at, with_contact
from tests.app.gateway.world import World


@pytest.fixture
def ward(world: World) -> Ward:
    return ward_at(world)


EVERYTHING = "/fhir/Patient/emergency/$everything"


def known(ward: Ward, mrn: str) -> Person:
    """alice, about whom Mercy published a visit and a contact; City has never seen her."""
    alice = ward.world.patient(ward.world.mercy)
    ward.world.mercy.link(mrn, alice)
    assert ward.world.mercy.publish(with_contact(mrn)).status_code == 200
    return alice


def overdue(ward: Ward) -> float:
    """As City's metrics tell (H-92)."""
    lines = ward.city.client.get("/metrics").text.splitlines()
    (told,) = (line for line in lines if line.startswith("consentry_gateway_reviews_overdue "))
    return float(told.rsplit(" ", 1)[1])


def types(answer: Any) -> set[str]:
    assert answer.status_code == 200, answer.text
    return {one["resourceType"] for one in resources(answer)}


def test_both_openers_read_the_summary_and_nothing_else(ward: Ward) -> None:
    """E-12: by DID, without a link or a consent; the receipts say EMERGENCY and name the opening."""
    alice = known(ward, "EM-1")
    opening = ward.open(alice.did)
    for opener in (ward.bose, ward.li):
        assert types(ward.read(opener, opening)) == {"Patient", "RelatedPerson"}
    alice.open_session("PATRQT")
    receipts = [
        one for one in alice.send("GET", "/api/receipts").json["receipts"] if one["ground"] == "EMERGENCY"
    ]
    assert {one["openingId"] for one in receipts} == {opening}
    assert {one["category"] for one in receipts} == {"emergency"}
    assert {one["actor"] for one in receipts} == {ward.bose.wallet.address, ward.li.wallet.address}


def test_nobody_else_reads_under_an_opening(ward: Ward) -> None:
    """E-12: not a colleague, not the hospital's system, not the patient's other records with the opening's name."""
    alice = known(ward, "EM-2")
    opening, ref = ward.open(alice.did), ward.city.link("EM-2", alice)
    other = ward.city.link("EM-2b", ward.world.person(ward.city))
    assert code_of(ward.read(ward.chen, opening)) == "no-ground"
    by_system = ward.city.send("GET", EVERYTHING, **{"X-Consentry-Opening": opening})
    assert code_of(by_system) == "role-unfit"
    assert types(ward.read(ward.bose, opening, ref)) == {"Patient", "RelatedPerson"}
    assert code_of(ward.read(ward.bose, opening, other)) == "header-invalid"
    assert code_of(ward.read(ward.bose, "0x" + "11" * 32)) == "opening-not-held"
    assert code_of(ward.read(ward.bose, "nothing")) == "opening-not-held"
    assert code_of(ward.bose.send("GET", EVERYTHING)) == "patient-not-linked"


def test_reading_needs_a_session_for_emergency_treatment(ward: Ward) -> None:
    """E-12, K-15"""
    opening = ward.open(known(ward, "EM-3").did)
    ward.bose.open_session("TREAT")
    answer = ward.bose.send("GET", EVERYTHING, **{"X-Consentry-Opening": opening})
    assert code_of(answer) == "reading-session-missing"


def test_an_opening_is_closed_reviewed_and_listed_meanwhile(ward: Ward) -> None:
    """E-15, E-7, E-8: the list is the chain's; nothing is read once it is closed."""
    alice = known(ward, "EM-4")
    opening = ward.open(alice.did)
    assert types(ward.read(ward.li, opening)) == {"Patient", "RelatedPerson"}
    listed = ward.listed(opening)
    assert listed is not None and (listed["stage"], listed["patient"]) == ("open", alice.did)
    early = ward.sign_at(ward.chen, f"{opening}/review/justified")
    assert (code_of(early), "OpeningStillOpen" in early.text) == ("transaction-reverted", True)
    closed = ward.sign_at(ward.li, f"{opening}/closing")
    assert closed.status_code == 200 and closed.json["endsAt"] < closed.json["reviewBy"]
    assert code_of(ward.read(ward.bose, opening)) == "no-ground"
    again = ward.li.send("GET", EVERYTHING, **{"X-Consentry-Opening": opening})
    assert code_of(again) == "no-ground"  # in the session that has read: seeds in memory are no ground
    listed = ward.listed(opening)
    assert listed is not None and listed["stage"] == "review-due"
    assert "OpeningReviewerIsOpener" in ward.sign_at(ward.bose, f"{opening}/review/justified").text
    assert ward.sign_at(ward.chen, f"{opening}/review/unjustified").status_code == 200
    assert ward.listed(opening) is None
    assert code_of(ward.chen.send("GET", f"{OPENINGS}/{opening}/review/maybe")) == "layout-invalid"


def test_an_opening_without_review_becomes_overdue(ward: Ward) -> None:
    """E-15, E-6"""
    alice = known(ward, "EM-5")
    with ward.world.chain.undone():
        opening = ward.open(alice.did, 60)
        for seconds, stage in ((0, "open"), (61, "review-due"), (8 * 24 * HOUR, "overdue")):
            ward.world.ledger.connection.rpc.call("evm_increaseTime", seconds)
            ward.world.mine()
            listed = ward.listed(opening)
            assert listed is not None and listed["stage"] == stage
            assert (overdue(ward) > 0) is (stage == "overdue")


def test_without_a_directory_nothing_is_opened(ward: Ward) -> None:
    """E-13: said before anybody signs."""
    stranger = ward.world.person(ward.city)
    answer = ward.propose(stranger.did)
    assert (answer.status_code, code_of(answer)) == (409, "directory-not-open")
    assert "no emergency summary" in answer.json["detail"]


def test_an_opening_survives_its_gateway_and_a_refused_one_leaves_nothing(ward: Ward) -> None:
    """E-12: patient and salt are durable before the chain knows of it; what is refused is not kept."""
    alice, before = known(ward, "EM-6"), kept(ward)
    proposed = ward.propose(alice.did).json
    refused = ward.relay(proposed, ward.bose, ward.bose)
    assert code_of(refused) == "signature-invalid"
    assert kept(ward) == before
    foreign = proposed | {"opening": proposed["opening"] | {"member": "Somewhere else"}}
    assert code_of(ward.relay(foreign, ward.bose, ward.li)) == "layout-invalid"
    assert kept(ward) == before
    opening = ward.open(alice.did)
    assert kept(ward) == before | {opening}
    with another_gateway(ward.world, ward.city, backed_up(ward.world, ward.city)) as again:
        bose = Person(ward.bose.wallet, again.client, ward.world.ledger.chain_id)
        bose.sign_in()
        assert types(ward.read(bose, opening)) == {"Patient", "RelatedPerson"}


def kept(ward: Ward) -> set[str]:
    with closing(sqlite3.connect(ward.city.config.database)) as database:
        rows = database.execute("SELECT hex(opening_id) FROM openings").fetchall()
    return {"0x" + row[0].lower() for row in rows}
