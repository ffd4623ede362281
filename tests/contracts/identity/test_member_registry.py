"""Members, staff, ceilings (M-1 … M-4)."""

import brownie
import pytest
from eth_abi import encode

from scripts import settings
from tests.contracts.calls import view
from tests.contracts.consents import MERCY, text32
from tests.contracts.reverts import reverts_with

UNKNOWN, ACTIVE, SUSPENDED, EXPELLED = range(4)
NURSE = text32("nurse")
ZERO_ADDRESS = "0x" + "00" * 20
ZERO = "0x" + "00" * 32


@pytest.fixture
def lab():
    return brownie.accounts[7]


def admit(members, consortium, member, name, kind):
    """`admit` with texts of any bytes: `string` and `bytes` have the same encoding."""
    arguments = encode(["address", "bytes", "bytes"], [str(member), name, kind]).hex()
    consortium.transfer(members, data=members.signatures["admit"] + arguments)


@pytest.mark.parametrize(
    "name",
    ["市立医院‐東", "Łódź № 1", "Clínica 🏥", "اَلْمُسْتَشْفَى", "क्लिनिक", "한국 𝕏", "any lab", "x" * 100, "é" * 50],
)
def test_admit_takes_the_name_when_it_is_a_text(members, consortium, lab, name):
    """M-2"""
    admit(members, consortium, lab, name.encode(), "hôpital".encode())
    assert view(members, "memberOf", str(lab))[1:3] == (name, "hôpital")
    assert view(members, "memberByName", name) == str(lab).lower()


def test_admit_lists_the_member_when_name_is_new(members, consortium, lab):
    """M-2"""
    count = members.memberCount()
    tx = members.admit(lab, "City Laboratory", "laboratory", {"from": consortium})
    assert tuple(members.memberOf(lab)) == (ACTIVE, "City Laboratory", "laboratory", tx.timestamp, 0, lab)
    assert members.memberByName("City Laboratory") == lab == members.memberAt(count)
    assert members.memberCount() == count + 1
    assert dict(tx.events["MemberAdmitted"]) == {
        "member": lab,
        "name": "City Laboratory",
        "kind": "laboratory",
    }


def test_member_by_name_finds_nobody_when_name_differs_in_case(members):
    """M-2"""
    assert members.memberByName(MERCY.lower()) == members.memberByName("") == ZERO_ADDRESS
    with reverts_with("MemberIndexOutOfRange", 3, 3):
        members.memberAt(3)


def test_admit_reverts_when_name_is_taken_even_by_an_expelled_member(
    members, consortium, lab, mercy_hospital
):
    """M-2"""
    members.expel(mercy_hospital, {"from": consortium})
    with reverts_with("MemberNameTaken", MERCY, mercy_hospital):
        members.admit(lab, MERCY, "hospital", {"from": consortium})
    with reverts_with("MemberAlreadyKnown", mercy_hospital, EXPELLED):
        members.admit(mercy_hospital, "Mercy again", "hospital", {"from": consortium})


@pytest.mark.parametrize(
    "name",
    [
        b"",
        b"any",
        b" Lab",
        b"Lab ",
        b"La\nb",
        b"La\x00b",
        b"Lab\x7f",
        b"x" * 101,
        b"Lab\xff",
        b"\xe5\xb8\x82\xe7\xab",
        b"L\xe9on",
        b"\xed\xa0\x80",
        "La\x85b".encode(),
        "Lab\x9f".encode(),
        *(
            f"City{hidden}Lab".encode()
            for hidden in "\u00a0\u00ad\u034f\u061c\u115f\u1680\u17b4\u180e\u2000\u200b\u200f\u2028\u202e\u202f"
            "\u205f\u2066\u206f\u3000\u3164\ufe00\ufe0f\ufeff\uffa0\U000e0001\U000e01ef"
        ),
        b"City  Lab",
    ],
)
def test_admit_reverts_when_name_is_invalid(members, consortium, lab, name):
    """M-2: a name that is not UTF-8 would make the list of members unreadable."""
    with reverts_with("MemberNameInvalid", name):
        admit(members, consortium, lab, name, b"laboratory")


@pytest.mark.parametrize("kind", [b"", b"k" * 33, b"k\xff"])
def test_admit_reverts_when_kind_is_invalid(members, consortium, lab, kind):
    """M-2"""
    with reverts_with("MemberKindInvalid", kind):
        admit(members, consortium, lab, b"Lab", kind)


def test_admit_reverts_when_address_is_zero(members, consortium):
    with reverts_with("MemberAddressMissing"):
        members.admit(ZERO_ADDRESS, "Lab", "laboratory", {"from": consortium})


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("admit", (ZERO_ADDRESS, "Lab", "laboratory")),
        ("suspend", (ZERO_ADDRESS,)),
        ("reinstate", (ZERO_ADDRESS,)),
        ("expel", (ZERO_ADDRESS,)),
        ("suspendUntil", (ZERO_ADDRESS, 0)),
        ("confirmSuspension", (ZERO_ADDRESS,)),
        ("replaceKey", (ZERO_ADDRESS, ZERO_ADDRESS)),
        ("setCeiling", (NURSE, (3, False, False))),
    ],
)
def test_administration_reverts_when_caller_has_no_role(
    members, mercy_hospital, mallory, function, arguments
):
    """M-1"""
    for caller in (mallory.account, mercy_hospital):
        with reverts_with("AccessManagedUnauthorized", caller):
            getattr(members, function)(*arguments, {"from": caller})


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        ([], "suspend", SUSPENDED),
        (["suspend"], "reinstate", ACTIVE),
        ([], "expel", EXPELLED),
        (["suspend"], "expel", EXPELLED),
    ],
)
def test_steps_change_status_when_state_allows(members, consortium, mercy_hospital, before, step, after):
    """M-2"""
    for earlier in before:
        getattr(members, earlier)(mercy_hospital, {"from": consortium})
    getattr(members, step)(mercy_hospital, {"from": consortium})
    assert members.memberOf(mercy_hospital)[0] == after
    assert members.isActive(mercy_hospital) == (after == ACTIVE)


@pytest.mark.parametrize(
    ("before", "step", "status"),
    [
        (["suspend"], "suspend", SUSPENDED),
        ([], "reinstate", ACTIVE),
        (["expel"], "suspend", EXPELLED),
        (["expel"], "reinstate", EXPELLED),
        (["expel"], "expel", EXPELLED),
    ],
)
def test_steps_revert_when_state_forbids(members, consortium, mercy_hospital, before, step, status):
    """M-2"""
    for earlier in before:
        getattr(members, earlier)(mercy_hospital, {"from": consortium})
    with reverts_with("MemberStatusWrong", mercy_hospital, status):
        getattr(members, step)(mercy_hospital, {"from": consortium})


def test_steps_revert_when_member_is_unknown(members, consortium, lab):
    for step in ("suspend", "reinstate", "expel"):
        with reverts_with("MemberStatusWrong", lab, UNKNOWN):
            getattr(members, step)(lab, {"from": consortium})


def test_set_ceiling_replaces_when_consortium_calls(members, consortium):
    """M-1"""
    assert tuple(members.ceilingOf(NURSE)) == settings.CEILINGS["nurse"]
    tx = members.setCeiling(NURSE, (1, False, True), {"from": consortium})
    assert tuple(members.ceilingOf(NURSE)) == (1, False, True)
    assert list(tx.events["CeilingSet"].values())[1:] == [1, False, True]
    assert tuple(members.ceilingOf(text32("porter"))) == (0, False, False)


@pytest.mark.parametrize(("role", "most"), [(ZERO, 1), (NURSE, 4), (NURSE, 255)])
def test_set_ceiling_reverts_when_invalid(members, consortium, role, most):
    with reverts_with("CeilingInvalid", role, most):
        members.setCeiling(role, (most, False, False), {"from": consortium})
