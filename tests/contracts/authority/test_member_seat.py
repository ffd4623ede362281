"""Seats in chambers: given, taken, never passed on (V-1 … V-3)."""

import brownie
import pytest
from brownie import chain

from tests.contracts.consents import text32
from tests.contracts.reverts import reverts_with

INSTITUTIONS, ETHICS, COUNCIL = range(3)
NOBODY = "0x" + "00" * 20
INTERFACES = {
    "ERC-165": "0x01ffc9a7",
    "ERC-721": "0x80ac58cd",
    "metadata": "0x5b5e139f",
    "ERC-5192": "0xb45a3c0e",
}


def token_of(member):
    return int(str(member), 16)


@pytest.fixture
def seated(seats, consortium, mercy_hospital):
    seats.give(mercy_hospital, ETHICS, {"from": consortium})
    return mercy_hospital


def test_give_makes_a_locked_token_of_the_member(seats, consortium, mercy_hospital):
    """V-1"""
    tx = seats.give(mercy_hospital, COUNCIL, {"from": consortium})
    token = token_of(mercy_hospital)
    assert [event.name for event in tx.events] == ["Transfer", "Locked", "SeatGiven"]
    assert dict(tx.events["Transfer"]) == {"from": NOBODY, "to": mercy_hospital, "tokenId": token}
    assert dict(tx.events["Locked"]) == {"tokenId": token}
    assert dict(tx.events["SeatGiven"]) == {"member": mercy_hospital, "chamber": COUNCIL}
    assert seats.ownerOf(token) == mercy_hospital
    assert seats.balanceOf(mercy_hospital) == 1
    assert seats.locked(token)
    assert tuple(seats.chamberOf(mercy_hospital)) == (True, COUNCIL)
    assert seats.seatsOf(COUNCIL) == 1


def test_give_calls_nobody_when_member_is_a_contract(seats, members, consortium, deployed):
    """V-1"""
    members.admit(deployed.AuditLog, "A member with code", "trustee", {"from": consortium})
    seats.give(deployed.AuditLog, ETHICS, {"from": consortium})
    assert tuple(seats.chamberOf(deployed.AuditLog)) == (True, ETHICS)


@pytest.mark.parametrize("chamber", [ETHICS, INSTITUTIONS])
def test_give_reverts_when_member_has_a_seat(seats, consortium, seated, chamber):
    """V-1"""
    with reverts_with("SeatAlreadyGiven", seated, ETHICS):
        seats.give(seated, chamber, {"from": consortium})


@pytest.mark.parametrize("state", ["unknown", "suspended", "expelled"])
def test_give_reverts_when_member_is_not_active(seats, members, consortium, city_hospital, state):
    """V-1"""
    member = city_hospital
    if state == "unknown":
        member = brownie.accounts[9]
    elif state == "suspended":
        members.suspend(member, {"from": consortium})
    else:
        members.expel(member, {"from": consortium})
    with reverts_with("SeatMemberNotActive", member):
        seats.give(member, INSTITUTIONS, {"from": consortium})


def test_give_reverts_when_chamber_does_not_exist(seats, consortium, mercy_hospital):
    data = seats.give.encode_input(mercy_hospital, COUNCIL)[:-1] + "3"
    with pytest.raises(brownie.exceptions.VirtualMachineError):
        consortium.transfer(seats, data=data)
    assert seats.chamberOf(mercy_hospital)[0] is False


@pytest.mark.parametrize("member", ["mercy_hospital", "mallory"])
def test_give_reverts_when_caller_has_no_role(seats, members, mercy_hospital, mallory, member):
    """V-1"""
    caller = mercy_hospital if member == "mercy_hospital" else mallory.account
    with reverts_with("AccessManagedUnauthorized", caller):
        seats.give(mercy_hospital, INSTITUTIONS, {"from": caller})
    with reverts_with("AccessManagedUnauthorized", caller):
        seats.take(mercy_hospital, {"from": caller})


@pytest.mark.parametrize("status", ["active", "suspended", "expelled"])
def test_take_removes_the_seat_whatever_the_status(seats, members, consortium, seated, status):
    """V-1"""
    if status == "suspended":
        members.suspend(seated, {"from": consortium})
    if status == "expelled":
        members.expel(seated, {"from": consortium})
    tx = seats.take(seated, {"from": consortium})
    assert dict(tx.events["SeatTaken"]) == {"member": seated, "chamber": ETHICS}
    assert dict(tx.events["Transfer"]) == {"from": seated, "to": NOBODY, "tokenId": token_of(seated)}
    assert seats.chamberOf(seated)[0] is False
    assert seats.seatsOf(ETHICS) == seats.balanceOf(seated) == 0
    with reverts_with("SeatMissing", seated):
        seats.take(seated, {"from": consortium})
    with reverts_with("ERC721NonexistentToken", token_of(seated)):
        seats.locked(token_of(seated))


def test_take_reverts_when_nobody_ever_had_the_seat(seats, consortium):
    for member in (NOBODY, brownie.accounts[9]):
        with reverts_with("SeatMissing", member):
            seats.take(member, {"from": consortium})


def test_seats_at_tells_who_was_seated_when(seats, consortium, seated):
    """V-2"""
    given = chain[-1].timestamp
    chain.sleep(10)
    taken = seats.take(seated, {"from": consortium}).timestamp
    chain.sleep(10)
    moved = seats.give(seated, COUNCIL, {"from": consortium}).timestamp
    chain.sleep(10)
    chain.mine()
    assert seats.chamberAt(seated, given - 1)[0] is False
    for time in (given, taken - 1):
        assert tuple(seats.chamberAt(seated, time)) == (True, ETHICS)
    assert seats.chamberAt(seated, taken)[0] is seats.chamberAt(seated, moved - 1)[0] is False
    assert tuple(seats.chamberAt(seated, moved)) == (True, COUNCIL)
    assert [seats.seatsAt(ETHICS, time) for time in (0, given - 1, given, taken - 1, taken)] == [
        0,
        0,
        1,
        1,
        0,
    ]
    assert [seats.seatsAt(COUNCIL, time) for time in (moved - 1, moved)] == [0, 1]


@pytest.mark.parametrize("ahead", [0, 1, 2**47])
def test_seats_at_reverts_when_time_is_not_over(seats, seated, now, ahead):
    """V-2"""
    for view in (lambda: seats.chamberAt(seated, now + ahead), lambda: seats.seatsAt(ETHICS, now + ahead)):
        with reverts_with("SeatTimeNotPast", now + ahead, now):
            view()


def test_transfers_and_approvals_revert_whoever_calls(seats, consortium, seated, mallory):
    """V-3"""
    token = token_of(seated)
    for caller in (seated, consortium, mallory.account):
        sender = {"from": caller}
        for refused in (
            lambda sender=sender: seats.transferFrom(seated, mallory.address, token, sender),
            lambda sender=sender: seats.safeTransferFrom(seated, mallory.address, token, sender),
            lambda sender=sender: seats.safeTransferFrom(seated, mallory.address, token, text32("x"), sender),
            lambda sender=sender: seats.approve(mallory.address, token, sender),
        ):
            with reverts_with("SeatBound", seated):
                refused()
        with reverts_with("SeatBound", caller):
            seats.setApprovalForAll(mallory.address, True, sender)
    assert seats.ownerOf(token) == seated


@pytest.mark.parametrize("standard", INTERFACES)
def test_supports_interface_when_standard_is_kept(seats, standard):
    """V-3"""
    assert seats.supportsInterface(INTERFACES[standard])
    assert not seats.supportsInterface("0xffffffff")
