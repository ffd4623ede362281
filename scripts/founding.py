"""Founds the consortium: admits and seats the first members, names the regulator, publishes the first keepers, and
gives every power of the deployer to the Timelock.

    CONSENTRY_FOUNDING=founding.json tools/brownie run founding --network consentry-local      (after `run deploy`)

Run it again at any time: what was done is kept, and whatever the file says differently from the chain stops it, before
anything is handed over. `"handOver": false` founds only.

    {
      "members": [
        {"account": "0x…", "name": "Mercy Hospital", "kind": "hospital", "chamber": "institutions"},
        {"account": "0x…", "name": "Ethics Board", "kind": "ethics-board", "chamber": "ethics-board"}
      ],
      "regulator": "Ethics Board",
      "committee": {"threshold": 2, "keepers": [{"account": "0x…", "member": "Mercy Hospital", "url": "https://…",
                    "sealingKey": "…"}, …]},
      "handOver": true
    }

`chamber` is institutions, ethics-board or patients-council; a member without one has no seat and no vote. `committee`
may be left out. A keeper sits in its member's chamber; its account and sealing key are as `consentry keeper new` prints them.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from pathlib import Path
from typing import Any

from scripts import deploy, wiring
from scripts.sending import call

CHAMBERS = ("institutions", "ethics-board", "patients-council")
UNKNOWN = 0
SEALING_KEY_BYTES = 1216


def main() -> None:
    """Found as the file says. Exits with a sentence when it must stop."""
    plan = read_plan(Path(os.environ.get("CONSENTRY_FOUNDING", "founding.json")))
    deployment = deploy.recorded_deployment()
    found(deploy.contracts_of(deployment), deploy.deployer_account(), plan, deployment["block"])


def found(contracts: dict[str, Any], deployer: Any, plan: dict[str, Any], first_block: int) -> int:
    """Carry the plan out; returns how many transactions that took. Exits when the chain says something else."""
    sent = 0
    for member in plan["members"]:
        sent += _admit(contracts, deployer, member) + _seat(contracts, deployer, member)
    sent += _set_regulator(contracts, deployer, _account_of(plan, plan["regulator"]))
    if "committee" in plan:
        sent += _publish(contracts, deployer, plan)
    print(f"founded: {len(plan['members'])} members, {sent} transactions")
    if plan.get("handOver", True):
        handed = wiring.hand_over(contracts, deployer, first_block)
        print("handed over to the consortium" if handed else "the consortium has taken over before")
        sent += handed
    return sent


def read_plan(path: Path) -> dict[str, Any]:
    """The founding file. Exits naming what is wrong in it, before anything is sent."""
    try:
        plan = json.loads(path.read_text(encoding="utf-8"))
        check_plan(plan)
    except OSError:
        sys.exit(f"There is no founding file {path}: name it in CONSENTRY_FOUNDING.")
    except ValueError as problem:
        sys.exit(f"{path.name}: {problem}")
    return plan


def check_plan(plan: Any) -> None:
    """Raises ValueError when something is missing or of the wrong kind."""
    if not isinstance(plan, dict) or not isinstance(plan.get("members"), list) or not plan["members"]:
        raise ValueError("a founding file is an object with a list of members")
    for member in plan["members"]:
        for field in ("account", "name", "kind"):
            if not isinstance(member, dict) or not isinstance(member.get(field), str):
                raise ValueError(f"a member lacks its {field}")
        if member.get("chamber") not in (None, *CHAMBERS):
            raise ValueError(f"{member['name']}: a chamber is {', '.join(CHAMBERS)}, or none")
    if len({member["name"] for member in plan["members"]}) != len(plan["members"]):
        raise ValueError("two members have the same name")
    _account_of(plan, plan.get("regulator"))
    for keeper in plan.get("committee", {}).get("keepers", []):
        if _member_of(plan, keeper.get("member")).get("chamber") is None:
            raise ValueError(f"the keeper of {keeper['member']} has no chamber: give the member a seat")
        sealing_key(keeper)


def sealing_key(keeper: dict[str, Any]) -> bytes:
    """The key in base64, as `consentry keeper new` prints it. Raises ValueError for anything else."""
    try:
        key = base64.b64decode(keeper["sealingKey"], validate=True)
    except (KeyError, TypeError, ValueError):
        key = b""
    if len(key) != SEALING_KEY_BYTES:
        raise ValueError(
            f"the keeper of {keeper['member']}: a sealing key is {SEALING_KEY_BYTES} bytes in base64"
        )
    return key


def _member_of(plan: dict[str, Any], name: Any) -> dict[str, Any]:
    for member in plan["members"]:
        if member["name"] == name:
            return member
    raise ValueError(f"no member of this file has the name {name!r}")


def _account_of(plan: dict[str, Any], name: Any) -> str:
    return _member_of(plan, name)["account"]


def _admit(contracts: dict[str, Any], deployer: Any, member: dict[str, Any]) -> int:
    registry, account = contracts["MemberRegistry"], member["account"]
    holder = registry.memberByName(member["name"])
    if registry.memberOf(account)["status"] == UNKNOWN:
        call(deployer, registry, "admit", account, member["name"], member["kind"])
        print(f"  admitted {member['name']}")
        return 1
    if holder.lower() != account.lower():
        sys.exit(f"{account} was admitted under another name than {member['name']}.")
    return 0


def _seat(contracts: dict[str, Any], deployer: Any, member: dict[str, Any]) -> int:
    seats = contracts["MemberSeat"]
    wanted = member.get("chamber")
    seated, chamber = seats.chamberOf(member["account"])
    if seated and (wanted is None or chamber != CHAMBERS.index(wanted)):
        sys.exit(
            f"{member['name']} has a seat in {CHAMBERS[chamber]} on chain, and {wanted or 'none'} in the file."
        )
    if seated or wanted is None:
        return 0
    call(deployer, seats, "give", member["account"], CHAMBERS.index(wanted))
    print(f"  seated {member['name']} in {wanted}")
    return 1


def _set_regulator(contracts: dict[str, Any], deployer: Any, account: str) -> int:
    suspensions = contracts["FastSuspension"]
    if suspensions.regulatorOf().lower() == account.lower():
        return 0
    call(deployer, suspensions, "setRegulator", account)
    print("  set the regulator")
    return 1


def _publish(contracts: dict[str, Any], deployer: Any, plan: dict[str, Any]) -> int:
    """The first committee; later ones are the consortium's."""
    committee = contracts["KeeperCommittee"]
    if committee.currentVersion() > 0:
        return 0
    keepers = [
        (
            keeper["account"],
            _account_of(plan, keeper["member"]),
            CHAMBERS.index(_member_of(plan, keeper["member"])["chamber"]),
            keeper["url"],
            sealing_key(keeper),
        )
        for keeper in plan["committee"]["keepers"]
    ]
    call(deployer, committee, "publish", keepers, plan["committee"]["threshold"])
    print(f"  published {len(keepers)} keepers, any {plan['committee']['threshold']} of them open a record")
    return 1
