"""Keys that act for members (M-8, M-3, R-2). One test per leaf of keys.tree."""

import pytest

from tests.contracts.consents import RECORD, Person, text32
from tests.contracts.reverts import reverts_with

UNKNOWN, ACTIVE, SUSPENDED, EXPELLED = range(4)
NURSE, WARD = text32("nurse"), text32("ward 7")
DIRECTORY_KEY, ROOT = "0x" + "3d" * 32, "0x" + "11" * 32
ZERO_ADDRESS = "0x" + "00" * 20


@pytest.fixture
def new_key():
    return Person.named("city's new key").account


@pytest.fixture(params=["rotateKey", "replaceKey"])
def give(request, members, city_hospital, consortium):
    """Both doors to another key of City; the caller of the first is `by`."""

    def give(key, by=city_hospital):
        if request.param == "rotateKey":
            return members.rotateKey(key, {"from": by})
        return members.replaceKey(city_hospital, key, {"from": consortium})

    return give


def test_a_members_address_acts_for_itself_until_its_key_is_replaced(members, city_hospital, mallory):
    """M-8"""
    assert tuple(members.actorOf(city_hospital)) == (city_hospital, ACTIVE)
    assert members.keyOf(city_hospital) == members.memberOf(city_hospital)[5] == city_hospital
    for nobody in (mallory.address, ZERO_ADDRESS):
        assert tuple(members.actorOf(nobody)) == (ZERO_ADDRESS, UNKNOWN)
        assert members.keyOf(nobody) == ZERO_ADDRESS


def test_a_new_key_acts_for_the_member_and_the_old_one_for_nobody(members, give, city_hospital, new_key):
    """M-8"""
    tx = give(new_key)
    assert dict(tx.events["MemberKeyReplaced"]) == {
        "member": city_hospital,
        "oldKey": city_hospital,
        "newKey": new_key,
    }
    assert tuple(members.actorOf(new_key)) == (city_hospital, ACTIVE)
    assert tuple(members.actorOf(city_hospital)) == (ZERO_ADDRESS, UNKNOWN)
    assert members.keyOf(city_hospital) == members.memberOf(city_hospital)[5] == new_key
    assert members.isActive(city_hospital) and not members.isActive(new_key)


def test_a_key_that_acts_for_nobody_any_more_is_free(
    members, give, city_hospital, mercy_hospital, consortium, new_key
):
    """M-8: also for its member to take back."""
    give(new_key)
    give(city_hospital, by=new_key)
    assert tuple(members.actorOf(city_hospital)) == (city_hospital, ACTIVE)
    assert tuple(members.actorOf(new_key)) == (ZERO_ADDRESS, UNKNOWN)
    members.rotateKey(new_key, {"from": mercy_hospital})
    third = Person.named("a third key").account
    members.replaceKey(mercy_hospital, third, {"from": consortium})
    members.admit(new_key, "New Hospital", "hospital", {"from": consortium})
    assert tuple(members.actorOf(new_key)) == (new_key, ACTIVE)
    assert tuple(members.actorOf(third)) == (mercy_hospital, ACTIVE)


def test_a_new_key_writes_for_the_member_and_the_old_one_no_more(
    members, records, give, city_hospital, dr_bose, new_key, now
):
    """M-3, M-8, R-1, R-2: what the member wrote stays its own."""
    records.anchor(ROOT, ROOT, 1, {"from": city_hospital})
    give(new_key)
    nurse = Person.named("nurse").address
    writes = (
        (members, "enrol", (nurse, NURSE, WARD, now + 10**6)),
        (members, "dismiss", (dr_bose.address,)),
        (members, "addDirectoryKey", (DIRECTORY_KEY,)),
        (members, "rotateKey", (nurse,)),
    )
    for contract, write, arguments in writes:
        with reverts_with("MemberNotActive", city_hospital):
            getattr(contract, write)(*arguments, {"from": city_hospital})
    with reverts_with("RecordAuthorNotActive", city_hospital):
        records.anchor(DIRECTORY_KEY, ROOT, 1, {"from": city_hospital})
    with reverts_with("RecordAuthorUnknown", city_hospital):
        records.retract(RECORD, {"from": city_hospital})
    with reverts_with("RecordRootAlreadyAnchored", city_hospital, ROOT):
        records.anchor(ROOT, ROOT, 1, {"from": new_key})
    for contract, write, arguments in writes:
        getattr(contract, write)(*arguments, {"from": new_key})
    records.retract(RECORD, {"from": nurse})
    assert records.isRetracted(city_hospital, RECORD)
    assert members.staffOf(nurse)[0] == city_hospital
    assert str(members.directoryKeysOf(city_hospital)[0]) == DIRECTORY_KEY


def test_a_key_is_refused_when_zero_or_in_force(members, give, city_hospital, new_key):
    """M-8"""
    for key in (ZERO_ADDRESS, city_hospital):
        with reverts_with("MemberKeyInvalid", city_hospital, key):
            give(key)
    give(new_key)
    with reverts_with("MemberKeyInvalid", city_hospital, new_key):
        give(new_key, by=new_key)


def test_a_key_is_refused_when_it_is_another_members(
    members, give, mercy_hospital, regulator, consortium, new_key
):
    """M-8: its key or its address, an expelled one's too."""
    members.rotateKey(new_key, {"from": mercy_hospital})
    members.expel(regulator, {"from": consortium})
    for key, owner in (
        (new_key, mercy_hospital),
        (mercy_hospital, mercy_hospital),
        (regulator, regulator),
    ):
        with reverts_with("MemberKeyTaken", key, owner):
            give(key)
    with reverts_with("MemberKeyTaken", new_key, mercy_hospital):
        members.admit(new_key, "New Hospital", "hospital", {"from": consortium})


@pytest.mark.parametrize("step", ["suspend", "expel"])
def test_rotate_key_reverts_when_caller_acts_for_no_active_member(
    members, city_hospital, consortium, mallory, new_key, step
):
    """M-8"""
    getattr(members, step)(city_hospital, {"from": consortium})
    for caller in (city_hospital, mallory.account):
        with reverts_with("MemberNotActive", caller):
            members.rotateKey(new_key, {"from": caller})


def test_replace_key_works_when_member_is_suspended(members, city_hospital, consortium, new_key):
    """M-8: whose key was stolen is suspended first, gets another key, and is reinstated."""
    members.suspend(city_hospital, {"from": consortium})
    members.replaceKey(city_hospital, new_key, {"from": consortium})
    assert tuple(members.actorOf(new_key)) == (city_hospital, SUSPENDED)
    members.reinstate(city_hospital, {"from": consortium})
    assert tuple(members.actorOf(new_key)) == (city_hospital, ACTIVE)


def test_replace_key_reverts_when_member_is_unknown_or_expelled(
    members, city_hospital, consortium, mallory, new_key
):
    """M-8"""
    members.expel(city_hospital, {"from": consortium})
    for member, status in ((city_hospital, EXPELLED), (mallory.address, UNKNOWN), (ZERO_ADDRESS, UNKNOWN)):
        with reverts_with("MemberStatusWrong", member, status):
            members.replaceKey(member, new_key, {"from": consortium})


@pytest.mark.parametrize("use", ["admit", "replaceKey"])
def test_a_member_on_its_way_out_blocks_no_address(
    members, city_hospital, mercy_hospital, consortium, new_key, use
):
    """M-8: City, about to be expelled, makes the next hospital's address its key."""
    members.rotateKey(new_key, {"from": city_hospital})
    members.expel(city_hospital, {"from": consortium})
    assert tuple(members.actorOf(new_key)) == (city_hospital, EXPELLED)
    if use == "admit":
        members.admit(new_key, "New Hospital", "hospital", {"from": consortium})
    else:
        members.replaceKey(mercy_hospital, new_key, {"from": consortium})
    acting = new_key if use == "admit" else mercy_hospital
    assert tuple(members.actorOf(new_key)) == (acting, ACTIVE)
    assert members.keyOf(city_hospital) == ZERO_ADDRESS
    assert tuple(members.actorOf(city_hospital)) == (ZERO_ADDRESS, UNKNOWN)
    third = Person.named("a third key").account
    members.rotateKey(third, {"from": new_key})
    assert tuple(members.actorOf(new_key)) == (ZERO_ADDRESS, UNKNOWN)
    members.rotateKey(acting if use == "admit" else new_key, {"from": third})
    assert tuple(members.actorOf(new_key)) == (acting, ACTIVE)
