"""What reached the chain and whose answer was lost is sent again, and two who act at once are both told that it is done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from consentry.domain.ledger import TxReceipt
from consentry.gateway.app import create_app
from consentry.ports import Sender
from tests.app.gateway.families import HOUR, Family, soon
from tests.app.gateway.people import Person
from tests.app.gateway.world import World

CAROL = "0x" + "ca" * 20
REPRESENTATIVES = "/api/identity/representatives"
AGREEMENTS = "/api/recoveries/agreements"


@dataclass(frozen=True)
class Overtaken:
    """Whatever is sent has just been mined: by another one's hand, or by a try whose answer was lost."""

    sender: Sender

    def check(self, contract: str, function: str, *arguments: Any) -> None:
        self.sender.check(contract, function, *arguments)

    def transact(self, contract: str, function: str, *arguments: Any) -> TxReceipt:
        self.sender.transact(contract, function, *arguments)
        return self.sender.transact(contract, function, *arguments)


@pytest.fixture
def family(world: World) -> Family:
    return Family(world)


def overtaken(world: World, who: Person, path: str, body: Any) -> Any:
    gateway = world.city.gateway
    identity = replace(gateway.identity, sender=Overtaken(gateway.identity.sender))
    client = create_app(replace(gateway, identity=identity)).test_client()
    return client.post(path, json=body, headers={"Authorization": f"Bearer {who.token}"})


def done_again(world: World, family: Family, path: str, body: Any) -> None:
    """Mined, answer dropped; and once more."""
    for answer in (overtaken(world, family.alice, path, body), family.alice.send("POST", path, body)):
        assert answer.status_code == 200, answer.text
        assert answer.json == {"transaction": None, "block": None, "gasUsed": 0}


def test_changes_whose_answer_was_lost_are_told_as_done(world: World, family: Family) -> None:
    """W-48, W-49: a representative, the end of one, guardians and others in their place, a veto."""
    done_again(world, family, REPRESENTATIVES, family.representative(CAROL, name="Carol"))
    (shown,) = family.state()["representatives"]
    assert (shown["account"], shown["name"]) == (CAROL, "Carol")
    done_again(world, family, f"{REPRESENTATIVES}/ending", family.ending(CAROL))
    assert family.state()["representatives"] == []
    done_again(world, family, "/api/identity/guardians", family.naming())
    done_again(world, family, "/api/identity/guardians", family.naming(b"\x07" * 32))
    assert family.state()["guardians"]["nextCommitment"] == "0x" + "07" * 32
    thief = "0x" + "7e" * 20
    family.started(thief, family.guardians[:2])
    done_again(world, family, "/api/identity/veto", family.veto(thief))
    assert family.state()["recovery"]["newOwner"] is None


def test_what_the_chain_has_not_is_not_told_as_done(family: Family) -> None:
    """W-48, W-49: a longer time, another account, other guardians, a recovery that goes on; and no word is changed unsigned."""
    alice, named = family.alice, family.representative(CAROL, name="Carol")
    assert alice.send("POST", REPRESENTATIVES, named).status_code == 200
    family.named()
    family.started("0x" + "7e" * 20, family.guardians[:2])
    other = {"commitment": "0x" + "07" * 32}
    for path, body in (
        (REPRESENTATIVES, named | {"validity": 2 * 24 * HOUR}),
        (REPRESENTATIVES, named | {"account": "0x" + "cb" * 20}),
        (f"{REPRESENTATIVES}/ending", {name: named[name] for name in ("account", "deadline", "signature")}),
        ("/api/identity/guardians", family.naming() | other),
        ("/api/identity/veto", {name: named[name] for name in ("deadline", "signature")}),
    ):
        assert alice.send("POST", path, body).json["code"] == "signature-invalid", path
    assert alice.send("POST", REPRESENTATIVES, named | {"name": "Mallory"}).status_code == 200
    assert [one["name"] for one in family.state()["representatives"]] == ["Carol"]


def test_guardians_who_agree_at_once_are_all_told_that_it_has_started(world: World, family: Family) -> None:
    """W-50: the slower one too, one who sends again, and one whose word came after it was enough."""
    family.named()
    first, second, third = family.guardians
    new_owner, deadline = str(family.signed_in().wallet.address), soon()
    words = {one.did: family.agreement(one, new_owner, deadline) for one in family.guardians}
    assert first.send("POST", AGREEMENTS, words[first.did]).json["started"] is None
    answers = [overtaken(world, second, AGREEMENTS, words[second.did])]
    answers += [one.send("POST", AGREEMENTS, words[one.did]) for one in (second, third)]
    for answer in answers:
        assert answer.status_code == 200, answer.text
        assert answer.json["recovery"]["newOwner"] == new_owner and answer.json["started"] is None
    elsewhere = family.agreement(third, str(first.wallet.address), deadline)
    assert third.send("POST", AGREEMENTS, elsewhere).json["code"] == "signature-invalid"
