"""What a half-signed opening may do to the page of whoever is to sign it as the second (W-151)."""

from __future__ import annotations

import time

import pytest

from consentry.domain.addresses import Address
from consentry.errors import RateLimited
from consentry.services.countersigning import (
    CALLS_AT_ONCE,
    CALLS_OF_ONE_PATIENT,
    SECONDS_BETWEEN_CALLS,
    SECONDS_BETWEEN_REPEATS,
    Ringing,
)
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_countersigning import WAITING, made_up, signed, worded
from tests.app.gateway.test_gateway_emergency import known
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.ward import HOUR, OPENINGS, Ward, ward_at
from tests.app.gateway.world import World

BOSE, LI, CHEN, ALICE, BOB = (Address("0x" + digit * 40) for digit in "12345")


@pytest.fixture
def ward(world: World) -> Ward:
    return ward_at(world)


def rings(who: Person) -> list[str]:
    """What the open page of somebody rings for."""
    return list(who.send("GET", f"{WAITING}/ids").json["second"])


def test_a_repeat_takes_the_place_of_the_call_before(ward: Ward) -> None:
    """W-151: for the same patient, by the same person, to the same colleague; another colleague's call waits on."""
    alice = known(ward, "RI-1")
    first = ward.bose.send("POST", WAITING, signed(ward.bose, ward.propose(alice.did).json)).json
    assert rings(ward.li) == [first["id"]]
    pair = {"first": ward.bose.wallet.address, "second": ward.chen.wallet.address}
    body = {"patient": alice.did, "seconds": HOUR, "again": True} | pair
    other = ward.bose.send("POST", f"{OPENINGS}/proposals", body).json
    assert ward.bose.send("POST", WAITING, signed(ward.bose, other)).status_code == 201
    again = ward.bose.send("POST", WAITING, signed(ward.bose, ward.propose(alice.did).json)).json
    assert again["id"] != first["id"]
    assert (rings(ward.li), rings(ward.chen)) == ([again["id"]], [other["id"]])


def test_whoever_calls_again_and_again_is_heard_at_a_pace(ward: Ward) -> None:
    """W-151: also when each call was taken back before the next; another patient's first call rings all the same."""
    alice, carol = known(ward, "RI-2"), known(ward, "RI-2b")
    body = signed(ward.bose, ward.propose(alice.did).json)
    for _ in range(CALLS_OF_ONE_PATIENT):
        assert (half := ward.bose.send("POST", WAITING, body)).status_code == 201
        assert ward.bose.send("DELETE", f"{WAITING}/{half.json['id']}").status_code == 204
    refused = ward.bose.send("POST", WAITING, body)
    assert (refused.status_code, code_of(refused)) == (429, "rate-limited")
    assert 0 < int(refused.headers["Retry-After"]) <= SECONDS_BETWEEN_REPEATS
    assert rings(ward.li) == []
    real = ward.bose.send("POST", WAITING, signed(ward.bose, ward.propose(carol.did).json))
    assert real.status_code == 201
    assert rings(ward.li) == [real.json["id"]]


def test_patients_who_were_made_up_give_nobody_more_calls(ward: Ward) -> None:
    """W-151: the calls of one person are counted together; those of a colleague apart."""
    alice = known(ward, "RI-3")
    proposed = ward.propose(alice.did).json
    for _ in range(CALLS_AT_ONCE):
        body = signed(ward.bose, made_up(ward, proposed))
        assert ward.bose.send("POST", WAITING, body).status_code == 201
    answer = ward.bose.send("POST", WAITING, signed(ward.bose, made_up(ward, proposed)))
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= SECONDS_BETWEEN_CALLS
    theirs = worded(ward, proposed, first=ward.chen.wallet.address)
    assert ward.chen.send("POST", WAITING, signed(ward.chen, theirs)).status_code == 201


def test_what_was_not_signed_or_is_too_late_rings_nowhere_and_costs_no_call(ward: Ward) -> None:
    """W-151: the call that is real afterwards rings."""
    alice = known(ward, "RI-4")
    proposed = ward.propose(alice.did).json
    late = worded(ward, proposed, relay_before=int(time.time()) - 1)
    for _ in range(CALLS_OF_ONE_PATIENT + 1):
        forged = {"opening": proposed["opening"], "signature": signed(ward.li, proposed)["signature"]}
        assert code_of(ward.bose.send("POST", WAITING, forged)) == "signature-invalid"
        refused = ward.bose.send("POST", WAITING, signed(ward.bose, late))
        assert code_of(refused) == "layout-invalid" and "opening.relayBefore" in refused.text
    assert rings(ward.li) == []
    real = ward.bose.send("POST", WAITING, signed(ward.bose, proposed))
    assert rings(ward.li) == [real.json["id"]]


def test_whoever_is_staff_no_more_rings_nowhere(ward: Ward) -> None:
    """W-151: the chain is asked at each call, whatever the sign-in was good for."""
    alice = known(ward, "RI-5")
    body = signed(ward.bose, ward.propose(alice.did).json)
    ward.city.account.transact("MemberRegistry", "dismiss", ward.bose.wallet.address)
    assert code_of(ward.bose.send("POST", WAITING, body)) == "role-unfit"
    assert rings(ward.li) == []


def test_calls_come_back_with_time() -> None:
    """W-151: one repeat for a patient a minute; each colleague's and each patient's counted apart."""
    now = [0.0]
    ringing = Ringing(ticks=lambda: now[0])

    def refused(second: Address, patient: Address) -> bool:
        try:
            ringing.take(BOSE, second, patient)
        except RateLimited:
            return True
        return False

    assert [refused(LI, ALICE) for _ in range(CALLS_OF_ONE_PATIENT + 1)][-2:] == [False, True]
    assert not refused(CHEN, ALICE) and not refused(LI, BOB)
    now[0] += SECONDS_BETWEEN_REPEATS - 1
    assert refused(LI, ALICE)
    now[0] += 1
    assert [refused(LI, ALICE) for _ in range(2)] == [False, True]
    ringing.take(CHEN, LI, ALICE)
