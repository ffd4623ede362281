"""Founding the consortium and giving it every power (V-13)."""

import json

import brownie
import pytest
from brownie import accounts

from scripts import founding, settings, wiring
from tests.contracts.calls import view
from tests.contracts.governing import pass_time

DAY = 86400
NO_SEAT = {"account": None, "name": "Insurer", "kind": "insurer"}


def hold(contracts):
    return {(contract, role) for contract, role, _ in wiring.holdings(contracts, 0)}


@pytest.fixture
def contracts(deployed, members):
    return vars(deployed)


def test_found_seats_everybody_when_file_says_so(contracts, consortium, founding_plan):
    """V-13"""
    sent = founding.found(contracts, consortium, founding_plan | {"handOver": False}, 0)
    assert sent == 4 + 7 + 1  # three were members before
    for member in founding_plan["members"]:
        chamber = founding.CHAMBERS.index(member["chamber"])
        assert tuple(contracts["MemberSeat"].chamberOf(member["account"])) == (True, chamber)
        assert view(contracts["MemberRegistry"], "memberOf", member["account"])[1] == member["name"]
    assert contracts["FastSuspension"].regulatorOf() == accounts[3]
    assert contracts["Authority"].hasRole(settings.CONSORTIUM_ROLE, consortium)[0]


def test_found_hands_over_once_when_repeated(contracts, consortium, founding_plan):
    """V-13, V-12"""
    founding.found(contracts, consortium, founding_plan, 0)
    assert wiring.wire(contracts, consortium) == 0
    assert founding.found(contracts, consortium, founding_plan, 0) == 0
    timelock, assembly = contracts["Timelock"].address.lower(), contracts["Consortium"].address.lower()
    assert {(c, r, a) for c, r, a in wiring.holdings(contracts, 0) if c == "Authority"} == {
        ("Authority", settings.ADMIN_ROLE, timelock),
        ("Authority", settings.CONSORTIUM_ROLE, timelock),
        ("Authority", settings.SUSPENSION_ROLE, contracts["FastSuspension"].address.lower()),
    }
    assert {a for c, _, a in wiring.holdings(contracts, 0) if c == "Timelock"} == {
        timelock,
        assembly,
        wiring.ANYBODY,
    }


def test_found_goes_on_where_it_stopped(contracts, consortium, founding_plan):
    """V-13"""
    half = founding_plan | {"members": founding_plan["members"][:4], "handOver": False}
    founding.found(contracts, consortium, half, 0)
    assert founding.found(contracts, consortium, founding_plan, 0) == 3 + 3 + 2
    assert not contracts["Authority"].hasRole(settings.ADMIN_ROLE, consortium)[0]


def test_hand_over_goes_on_when_only_the_timelock_was_given_up(contracts, consortium, founding_plan):
    """V-13"""
    founding.found(contracts, consortium, founding_plan | {"handOver": False}, 0)
    contracts["Timelock"].renounceRole(wiring.TIMELOCK_ADMIN, consortium, {"from": consortium})
    assert wiring.hand_over(contracts, consortium, 0) == 1


def test_hand_over_refuses_when_one_chamber_would_be_alone(contracts, consortium, founding_plan):
    """V-13"""
    plan = founding_plan | {
        "members": founding_plan["members"][:3],
        "regulator": founding_plan["members"][0]["name"],
    }
    with pytest.raises(SystemExit, match="Only 1 of three chambers"):
        founding.found(contracts, consortium, plan, 0)
    assert contracts["Authority"].hasRole(settings.ADMIN_ROLE, consortium)[0]


def test_hand_over_refuses_when_no_regulator_is_set(contracts, consortium, founding_plan):
    """V-13"""
    seats = contracts["MemberSeat"]
    for chamber in (0, 1):
        seats.give(accounts[1 + chamber], chamber, {"from": consortium})
    with pytest.raises(SystemExit, match="No regulator"):
        wiring.hand_over(contracts, consortium, 0)


@pytest.mark.parametrize("where", ["Authority", "Timelock"])
def test_hand_over_refuses_when_a_stranger_holds_a_power(contracts, consortium, founding_plan, where):
    """V-13"""
    stranger = accounts[9]
    if where == "Authority":
        contracts["Authority"].grantRole(77, stranger, 0, {"from": consortium})
    else:
        proposer = contracts["Timelock"].PROPOSER_ROLE()
        contracts["Timelock"].grantRole(proposer, stranger, {"from": consortium})
    with pytest.raises(SystemExit, match=f"{stranger.address.lower()}.*{where}"):
        founding.found(contracts, consortium, founding_plan, 0)


@pytest.mark.parametrize("trick", ["later grant", "open door", "other door", "other master", "closed"])
def test_hand_over_refuses_when_the_deployer_left_a_way_in(contracts, consortium, founding_plan, trick):
    """V-13: what takes effect later, and what is not as the wiring says, is found too."""
    authority, members = contracts["Authority"], contracts["MemberRegistry"]
    founding.found(contracts, consortium, founding_plan | {"handOver": False}, 0)
    door = [members.signatures["admit"]]
    if trick == "later grant":
        authority.setGrantDelay(settings.CONSORTIUM_ROLE, 90 * DAY, {"from": consortium})
        pass_time(6 * DAY)
        authority.grantRole(settings.CONSORTIUM_ROLE, accounts[9], 0, {"from": consortium})
        assert not authority.hasRole(settings.CONSORTIUM_ROLE, accounts[9])[0]
        said = accounts[9].address.lower()
    elif trick == "open door":
        authority.setTargetFunctionRole(members, door, 2**64 - 1, {"from": consortium})
        said = "wiring"
    elif trick == "other door":
        authority.setTargetFunctionRole(
            contracts["MemberSeat"], [members.signatures["setAuthority"]], 2**64 - 1, {"from": consortium}
        )
        said = "wiring"
    elif trick == "other master":
        mine = brownie.Authority.deploy(consortium, {"from": consortium})
        authority.updateAuthority(members, mine, {"from": consortium})
        said = "MemberRegistry obeys"
    else:
        authority.setTargetClosed(members, True, {"from": consortium})
        said = "MemberRegistry is closed"
    with pytest.raises(SystemExit, match=said):
        founding.found(contracts, consortium, founding_plan, 0)
    assert authority.hasRole(settings.ADMIN_ROLE, consortium)[0]


def test_hand_over_refuses_when_something_was_scheduled_before(contracts, consortium, founding_plan):
    """V-13"""
    timelock = contracts["Timelock"]
    proposer, zero = timelock.PROPOSER_ROLE(), "0x" + "00" * 32
    timelock.grantRole(proposer, consortium, {"from": consortium})
    timelock.schedule(accounts[9], 0, "0x", zero, zero, timelock.getMinDelay(), {"from": consortium})
    timelock.revokeRole(proposer, consortium, {"from": consortium})
    with pytest.raises(SystemExit, match="scheduled"):
        founding.found(contracts, consortium, founding_plan, 0)


def test_hand_over_refuses_when_account_has_nothing(contracts, founding_plan):
    """V-13"""
    with pytest.raises(SystemExit, match="holds no power"):
        wiring.hand_over(contracts, accounts[9], 0)


def test_wire_asks_for_a_vote_when_something_is_missing_after_the_hand_over(governed, consortium):
    """V-13"""
    authority, members = governed.contracts.Authority, governed.contracts.MemberRegistry
    governed.by_vote((authority, "setTargetFunctionRole", members, [members.signatures["admit"]], 0))
    with pytest.raises(SystemExit, match="need its vote"):
        wiring.wire(vars(governed.contracts), consortium)


def test_found_stops_when_chain_says_otherwise(contracts, consortium, founding_plan):
    """V-13"""
    founding.found(contracts, consortium, founding_plan | {"handOver": False}, 0)
    moved = json.loads(json.dumps(founding_plan))
    moved["members"][0]["chamber"] = "ethics-board"
    with pytest.raises(SystemExit, match="has a seat in institutions"):
        founding.found(contracts, consortium, moved, 0)
    renamed = json.loads(json.dumps(founding_plan))
    renamed["members"][0]["name"] = "Other Hospital"
    with pytest.raises(SystemExit, match="another name"):
        founding.found(contracts, consortium, renamed, 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"members": []}, "list of members"),
        ({"members": [NO_SEAT]}, "lacks its account"),
        ({"members": [NO_SEAT | {"account": "0x1", "chamber": "court"}]}, "a chamber is"),
        ({"members": [NO_SEAT | {"account": "0x1"}] * 2}, "same name"),
        ({"regulator": "Nobody"}, "'Nobody'"),
        ({"committee": {"keepers": [{"member": "Insurer"}]}}, "has no chamber"),
    ],
)
def test_read_plan_stops_when_file_is_wrong(tmp_path, founding_plan, change, said):
    """V-13"""
    members = [*founding_plan["members"], NO_SEAT | {"account": "0x1"}]
    path = tmp_path / "founding.json"
    path.write_text(json.dumps(founding_plan | {"members": members} | change), "utf-8")
    with pytest.raises(SystemExit, match=said):
        founding.read_plan(path)
    path.write_text("{", "utf-8")
    with pytest.raises(SystemExit, match="founding.json"):
        founding.read_plan(path)
    with pytest.raises(SystemExit, match="no founding file"):
        founding.read_plan(tmp_path / "nothing.json")
