"""What a member asked for before it was suspended or expelled is offered to no patient (C-25)."""

from __future__ import annotations

from typing import Any

from consentry.domain import fields
from tests.app.gateway.content import proposal
from tests.app.gateway.people import Person
from tests.app.gateway.world import World


def signed(who: Person, data: dict[str, Any]) -> dict[str, str]:
    return {"signature": fields.to_hex(who.wallet.sign_typed(data))}


def ids(answer: Any, which: str) -> set[str]:
    return {one["id"] for one in answer.json[which]}


class Asked:
    """Two consents that City asked alice for: `first` she has granted, `second` waits."""

    def __init__(self, world: World) -> None:
        self.world, self.alice = world, world.person(world.city)
        self.alice.sign_in()
        self.first, self.second = (
            world.city.send("POST", "/api/consents/proposals", proposal(self.alice.did)).json
            for _ in range(2)
        )
        path = f"/api/consents/{self.first['id']}/grant"
        granted = self.alice.send("POST", path, signed(self.alice, self.first["typedData"]))
        assert granted.status_code == 200

    def becomes(self, how: str) -> None:
        self.world.consortium.transact("MemberRegistry", how, self.world.city.account.address)

    def tries(self) -> list[tuple[int, str]]:
        """What comes of signing the second, alone and in the first one's place, and of asking once more."""
        alice, path = self.alice, f"/api/consents/{self.second['id']}"
        instead = f"{path}/replacement/{self.first['id']}"
        data = alice.send("GET", instead).json["typedData"]
        answers = (
            alice.send("POST", f"{path}/grant", signed(alice, self.second["typedData"])),
            alice.send("POST", instead, signed(alice, data)),
            self.world.city.send("POST", "/api/consents/proposals", proposal(alice.did)),
        )
        return [(one.status_code, one.json["code"]) for one in answers]

    def shown(self) -> set[str]:
        return ids(self.alice.send("GET", "/api/consents"), "consents")

    def told(self) -> bool:
        """Whether the second is among what is new."""
        return self.second["id"] in ids(self.alice.send("GET", "/api/notifications"), "news")


def test_what_a_member_without_standing_asked_for_waits_unseen(world: World) -> None:
    """C-24, C-25: nor is it relayed, or told as new; what was granted is there still. Reinstated, the member's waits again."""
    asked = Asked(world)
    first, both = {asked.first["id"]}, {asked.first["id"], asked.second["id"]}
    assert (asked.shown(), asked.told()) == (both, True)
    asked.becomes("suspend")
    assert (asked.shown(), asked.told()) == (first, False)
    assert asked.tries() == [(403, "member-suspended")] * 3
    asked.becomes("reinstate")
    assert (asked.shown(), asked.told()) == (both, True)
    asked.becomes("expel")  # for good: this world is undone at its end
    assert (asked.shown(), asked.told()) == (first, False)
    assert asked.tries() == [(403, "member-expelled")] * 3
