"""After the hand-over no single key administers anything (V-12, M-1).

Walks every function that writes of every deployed contract, from the build's ABIs.
"""

import brownie
import pytest
from brownie import accounts, web3
from eth_abi import encode
from eth_utils.abi import collapse_if_tuple

from scripts import settings, wiring
from tests.contracts.deployment.powers import OPEN
from tests.contracts.reverts import reverts_with

# Errors by which a contract refuses a caller; all of them name the caller first.
GUARDS = {
    bytes(web3.keccak(text=text))[:4]
    for text in (
        "AccessManagedUnauthorized(address)",
        "AccessManagerUnauthorizedAccount(address,uint64)",
        "AccessControlUnauthorizedAccount(address,bytes32)",
        "TimelockUnauthorizedCaller(address)",
        "GovernorOnlyExecutor(address)",
    )
}
# Who gets through where it is not the Timelock.
HOLDERS = {
    ("MemberRegistry", "suspendUntil"): "FastSuspension",
    ("MemberRegistry", "confirmSuspension"): "FastSuspension",
    ("Timelock", "schedule"): "Consortium",
    ("Timelock", "scheduleBatch"): "Consortium",
    ("Timelock", "cancel"): "Consortium",
}


def writing(name):
    """ABI entries of the functions that write, `receive` and `fallback` included."""
    return [
        entry
        for entry in getattr(brownie, name).abi
        if entry["type"] in ("receive", "fallback")
        or (entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure"))
    ]


def name_of(entry):
    return entry.get("name", entry["type"])


CLOSED = [
    (name, entry)
    for name in settings.CONTRACTS
    for entry in writing(name)
    if name_of(entry) not in OPEN.get(name, {})
]


def plain(entry):
    """A value of this type that decodes everywhere: a guard is asked before any value is judged."""
    kind = entry["type"]
    if kind.endswith("]"):
        return []
    if kind == "tuple":
        return tuple(plain(one) for one in entry["components"])
    if kind == "address":
        return "0x" + "11" * 20
    if kind == "string":
        return ""
    if kind == "bool":
        return False
    if kind == "bytes":
        return b""
    return b"\1" * int(kind[5:]) if kind.startswith("bytes") else 1


def refused(contract, entry, caller):
    """Whether a guard refuses this caller, naming it."""
    types = [collapse_if_tuple(one) for one in entry["inputs"]]
    selector = bytes(web3.keccak(text=f"{entry['name']}({','.join(types)})"))[:4]
    data = selector + encode(types, [plain(one) for one in entry["inputs"]])
    call = {"from": caller.lower(), "to": contract.address, "data": "0x" + data.hex()}
    answer = web3.provider.make_request("eth_call", [call, "latest"])
    if "error" not in answer:
        return False
    said = bytes.fromhex(str(answer["error"].get("data") or "").removeprefix("0x"))
    return said[:4] in GUARDS and said[16:36].hex() == caller.lower().removeprefix("0x")


def holder_of(name, entry, contracts):
    """The one address that gets through: `setAuthority` is the Authority's, which does what its administrator says."""
    if entry["name"] == "setAuthority":
        return contracts["Authority"].address
    return contracts[HOLDERS.get((name, entry["name"]), "Timelock")].address


@pytest.mark.parametrize("name", settings.CONTRACTS)
def test_every_open_function_is_there_and_has_a_reason(name):
    """V-12"""
    assert set(OPEN[name]) <= {name_of(entry) for entry in writing(name)}
    assert all(len(reason.split()) >= 3 for reason in OPEN[name].values())


def test_every_closed_function_opens_to_its_holder_alone(governed, consortium, mallory):
    """V-12, M-1: not to the deployer, a member, the regulator, or another contract of ours."""
    contracts = vars(governed.contracts)
    keys = [str(account) for account in (*accounts, mallory.address)]
    wrong = []
    for name, entry in CLOSED:
        holder = holder_of(name, entry, contracts)
        if refused(contracts[name], entry, holder):
            wrong.append(f"{name}.{entry['name']} refuses {holder}, whose power it is")
        others = [one.address for one in contracts.values() if one.address != holder] + keys
        wrong += [
            f"{name}.{entry['name']} lets {other} through"
            for other in others
            if not refused(contracts[name], entry, other)
        ]
    assert not wrong


def test_roles_are_held_by_contracts_alone(governed):
    """V-12"""
    contracts = vars(governed.contracts)
    ours = {one.address.lower() for one in contracts.values()} | {wiring.ANYBODY}
    assert {account for _, _, account in wiring.holdings(contracts, 0)} <= ours
    authority = governed.contracts.Authority
    for role in settings.ROLE_LABELS:
        assert authority.getRoleAdmin(role) == authority.getRoleGuardian(role) == settings.ADMIN_ROLE
        assert authority.getRoleGrantDelay(role) == 0


def test_access_manager_carries_nothing_out_for_a_key(governed, consortium):
    """V-12: `execute` and `schedule` of the Authority are no way round."""
    authority, members = governed.contracts.Authority, governed.contracts.MemberRegistry
    data = members.expel.encode_input(accounts[1])
    selector = bytes.fromhex(members.signatures["expel"].removeprefix("0x"))
    for key in (consortium, accounts[3], accounts[9]):
        with reverts_with("AccessManagerUnauthorizedCall", key, members, selector):
            authority.execute(members, data, {"from": key})
        with reverts_with("AccessManagerUnauthorizedCall", key, members, selector):
            authority.schedule(members, data, 0, {"from": key})
        inner = authority.grantRole.encode_input(0, key, 0)
        with reverts_with("AccessManagerUnauthorizedAccount", key, settings.ADMIN_ROLE):
            authority.multicall([inner], {"from": key})


def test_timelock_executes_nothing_that_was_not_scheduled(governed):
    """V-12"""
    timelock, zero = governed.contracts.Timelock, "0x" + "00" * 32
    arguments = (timelock, 0, timelock.updateDelay.encode_input(0), zero, zero)
    operation = timelock.hashOperation(*arguments)
    with reverts_with("TimelockUnexpectedOperationState", operation, "0x" + "00" * 31 + "04"):
        timelock.execute(*arguments, {"from": accounts[9]})


def test_consortium_takes_no_money_and_no_tokens(governed):
    """V-12"""
    consortium, zero = governed.contracts.Consortium, "0x" + "00" * 20
    with reverts_with("GovernorDisabledDeposit"):
        accounts[9].transfer(consortium, 0)
    with reverts_with("GovernorDisabledDeposit"):
        consortium.onERC721Received(zero, zero, 0, b"", {"from": accounts[9]})
