"""Who may do what on a fresh deployment, and how the deployer gives it all up.

Before the hand-over the deployer holds the consortium's role and AccessManager's own. After it the Timelock holds both,
FastSuspension holds its one role, the Consortium alone schedules in the Timelock, and the deployer holds nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from brownie import web3

from scripts import settings
from scripts.sending import call, confirm, send

ANYBODY = "0x" + "00" * 20
TIMELOCK_ADMIN = "0x" + "00" * 32
TIMELOCK_ROLES = ("PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE")
UNKNOWN, ACTIVE, CLOSED = range(3)
CHAMBERS = 3
CHAMBERS_NEEDED = 2  # fewer could never carry a proposal

Contracts = dict[str, Any]
# (contract, role, account)
Holding = tuple[str, Any, str]


def wire(contracts: Contracts, deployer: Any) -> int:
    """Open functions to their roles, list registries, set ceilings nobody set. Returns how many were written.

    Exits when something is missing that only the consortium's vote can write any more.
    """
    authority, members = contracts["Authority"], contracts["MemberRegistry"]
    calls = _role_calls(contracts, deployer) + _registry_calls(contracts)
    if not _holds(contracts, settings.ADMIN_ROLE, deployer.address):
        if calls:
            sys.exit(f"The consortium has taken over: {len(calls)} missing settings need its vote.")
        return 0  # ceilings are the consortium's business, also those that let a role see nothing
    if calls:
        confirm(send(deployer, authority.multicall.encode_input(calls), authority.address))
    granted = [
        confirm(send(deployer, data, contracts["Timelock"].address)) for data in _timelock_calls(contracts)
    ]
    missing = {
        role: ceiling
        for role, ceiling in settings.CEILINGS.items()
        if tuple(members.ceilingOf(settings.text32(role))) == (settings.NOTHING, False, False)
    }
    sent = [
        send(deployer, members.setCeiling.encode_input(settings.text32(role), ceiling), members.address)
        for role, ceiling in missing.items()
    ]
    for transaction in sent:
        confirm(transaction)
    return len(calls) + len(granted) + len(sent)


def hand_over(contracts: Contracts, deployer: Any, first_block: int) -> int:
    """Give every power to the Timelock and FastSuspension. Returns how many transactions it took, 0 when done before.

    Exits with a sentence when the consortium could not act by itself, or somebody else holds a power.
    """
    before = set(holdings(contracts, first_block))
    own = {one for one in before if one[2] == deployer.address.lower()}
    if not own:
        if not _holds(contracts, settings.ADMIN_ROLE, contracts["Timelock"].address):
            sys.exit(f"{deployer.address} holds no power that it could hand over.")
        return 0  # what the consortium changed since is its business
    _require_able(contracts)
    wanted = set(_wanted(contracts))
    if strangers := before - own - wanted:
        sys.exit(f"Others hold powers: {_named(strangers)}. Take them back first.")
    _require_wired(contracts, first_block)
    if _logs(contracts["Timelock"], "CallScheduled", first_block):
        sys.exit("Something was scheduled in the Timelock before the consortium took over: deploy anew.")
    sent = 0
    timelock, authority = contracts["Timelock"], contracts["Authority"]
    if ("Timelock", TIMELOCK_ADMIN, deployer.address.lower()) in own:
        call(deployer, timelock, "renounceRole", TIMELOCK_ADMIN, deployer.address)
        sent += 1
    if any(contract == "Authority" for contract, _, _ in own):
        # in one transaction, so that there is no moment in which nobody or both may act
        calls = [
            authority.grantRole.encode_input(role, account, 0)
            for contract, role, account in sorted(wanted - before)
            if contract == "Authority"
        ] + [
            authority.renounceRole.encode_input(role, deployer.address)
            for contract, role, _ in sorted(own, reverse=True)
            if contract == "Authority"
        ]
        call(deployer, authority, "multicall", calls)
        sent += 1
    after = set(holdings(contracts, first_block))
    if after != wanted:
        sys.exit(f"The hand-over is incomplete: {_named(after ^ wanted)}.")
    return sent


def holdings(contracts: Contracts, first_block: int) -> Iterator[Holding]:
    """Every role of Authority and Timelock with whoever holds it, now or from a later time on, from their events since
    `first_block`."""
    authority, timelock = contracts["Authority"], contracts["Timelock"]
    for role, account in _granted(authority, first_block):
        # since when; `hasRole` leaves out who holds it from later on
        if authority.getAccess(int(role, 16), account)[0]:
            yield "Authority", int(role, 16), account
    for role, account in _granted(timelock, first_block):
        if timelock.hasRole(role, account):
            yield "Timelock", role, account


def _holds(contracts: Contracts, role: int, account: str) -> bool:
    return bool(contracts["Authority"].hasRole(role, account)[0])


def _wanted(contracts: Contracts) -> Iterator[Holding]:
    timelock, consortium = contracts["Timelock"], contracts["Consortium"]
    yield "Authority", settings.ADMIN_ROLE, timelock.address.lower()
    yield "Authority", settings.CONSORTIUM_ROLE, timelock.address.lower()
    yield "Authority", settings.SUSPENSION_ROLE, contracts["FastSuspension"].address.lower()
    yield "Timelock", TIMELOCK_ADMIN, timelock.address.lower()
    for name in TIMELOCK_ROLES:
        account = ANYBODY if name == "EXECUTOR_ROLE" else consortium.address.lower()
        yield "Timelock", _timelock_role(timelock, name), account


def _require_able(contracts: Contracts) -> None:
    """The consortium has to be able to decide, and somebody to act fast."""
    seated = [chamber for chamber in range(CHAMBERS) if contracts["MemberSeat"].seatsOf(chamber)]
    if len(seated) < CHAMBERS_NEEDED:
        sys.exit(
            f"Only {len(seated)} of three chambers have seats: {CHAMBERS_NEEDED} must, or nothing would ever pass."
        )
    if contracts["FastSuspension"].regulatorOf() == ANYBODY:
        sys.exit("No regulator is set: nobody could stop a member at once.")


def _require_wired(contracts: Contracts, first_block: int) -> None:
    """Every contract obeys the Authority, and every function opens to whom the wiring says: else roles mean little."""
    authority = contracts["Authority"]
    wanted = {
        (contracts[name].address.lower(), contracts[name].signatures[function]): role
        for role, opened in (
            (settings.CONSORTIUM_ROLE, settings.CONSORTIUM_FUNCTIONS),
            (settings.SUSPENSION_ROLE, settings.SUSPENSION_FUNCTIONS),
        )
        for name, functions in opened.items()
        for function in functions
    }
    for name, contract in contracts.items():
        if "setAuthority" in contract.signatures and contract.authority() != authority.address:
            sys.exit(f"{name} obeys {contract.authority()} instead of the Authority.")
        if authority.isTargetClosed(contract.address):
            sys.exit(f"{name} is closed by the Authority: nobody could change anything there.")
    touched = {
        ("0x" + bytes(log["topics"][1]).hex()[24:], "0x" + bytes(log["data"]).hex()[:8])
        for log in _logs(authority, "TargetFunctionRoleUpdated", first_block)
    }
    for target, selector in touched | wanted.keys():
        role = authority.getTargetFunctionRole(target, selector)
        if role != wanted.get((target, selector), settings.ADMIN_ROLE):
            sys.exit(f"Function {selector} of {target} is open to role {role}, not as the wiring says.")


def _role_calls(contracts: Contracts, deployer: Any) -> list[str]:
    authority = contracts["Authority"]
    calls = []
    for role, opened, holder in (
        (settings.CONSORTIUM_ROLE, settings.CONSORTIUM_FUNCTIONS, deployer.address),
        (settings.SUSPENSION_ROLE, settings.SUSPENSION_FUNCTIONS, contracts["FastSuspension"].address),
    ):
        opening = []
        for name, functions in opened.items():
            target = contracts[name]
            selectors = [target.signatures[function] for function in functions]
            closed = [s for s in selectors if authority.getTargetFunctionRole(target.address, s) != role]
            if closed:
                opening.append(authority.setTargetFunctionRole.encode_input(target.address, closed, role))
        if opening:  # a fresh Authority: later on, who holds the role is the consortium's business
            opening.append(authority.labelRole.encode_input(role, settings.ROLE_LABELS[role]))
            opening.append(authority.grantRole.encode_input(role, holder, 0))
        calls += opening
    return calls


def _registry_calls(contracts: Contracts) -> list[str]:
    """List what is not listed yet, and close a registry of the same kind that it replaces."""
    authority = contracts["Authority"]
    calls = []
    for name in settings.REGISTRIES:
        address, kind = contracts[name].address, settings.text32(name)
        if authority.registryStatusOf(address) != UNKNOWN:
            continue
        present = authority.activeOf(kind)
        if present != ANYBODY:
            calls.append(authority.setRegistry.encode_input(present, kind, CLOSED))
        calls.append(authority.setRegistry.encode_input(address, kind, ACTIVE))
    return calls


def _timelock_calls(contracts: Contracts) -> list[str]:
    timelock, consortium = contracts["Timelock"], contracts["Consortium"]
    calls = []
    for name in TIMELOCK_ROLES:
        role = _timelock_role(timelock, name)
        account = ANYBODY if name == "EXECUTOR_ROLE" else consortium.address
        if not timelock.hasRole(role, account):
            calls.append(timelock.grantRole.encode_input(role, account))
    return calls


def _timelock_role(timelock: Any, name: str) -> str:
    return "0x" + bytes(getattr(timelock, name)()).hex()


def _granted(contract: Any, first_block: int) -> set[tuple[str, str]]:
    """(role, account) pairs that were ever granted."""
    return {
        ("0x" + bytes(log["topics"][1]).hex(), "0x" + bytes(log["topics"][2]).hex()[24:])
        for log in _logs(contract, "RoleGranted", first_block)
    }


def _logs(contract: Any, event: str, first_block: int) -> list[Any]:
    return web3.eth.get_logs(
        {"address": contract.address, "fromBlock": first_block, "topics": [contract.topics[event]]}
    )


def _named(found: set[Holding]) -> str:
    return ", ".join(
        f"{account} has role {role} of {contract}" for contract, role, account in sorted(found, key=str)
    )
