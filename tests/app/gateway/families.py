"""What patients and guardians sign about an identity, as their wallets do."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from typing import Any

from consentry.domain import fields, guardians, identity_typed
from consentry.domain.addresses import Address
from consentry.domain.guardians import GuardianSet
from tests.app.gateway.people import Person
from tests.app.gateway.world import World

HOUR = 3600


def soon() -> int:
    return int(time.time()) + HOUR


class Family:
    """Alice and three people who guard her, any two of them; all signed in at City's gateway."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.registry = Address(world.ledger.address_of("IdentityRegistry"))
        self.alice, *self.guardians = (self.signed_in() for _ in range(4))
        addresses = [Address(one.wallet.address) for one in self.guardians]
        self.set = GuardianSet.of(2, addresses, secrets.token_bytes(32))

    def signed_in(self) -> Person:
        person = self.world.person(self.world.city)
        person.sign_in()
        return person

    def state(self) -> dict[str, Any]:
        return dict(self.alice.send("GET", "/api/identity").json)

    def representative(self, account: str, seconds: int = HOUR, name: str = "") -> dict[str, Any]:
        deadline = soon()
        data = identity_typed.add_delegate(
            self.world.ledger.chain_id,
            self.registry,
            identity=Address(self.alice.wallet.address),
            delegate_type="consent",
            delegate=Address(account),
            validity=seconds,
            nonce=self.state()["nonce"],
            deadline=deadline,
        )
        body = {"account": account, "name": name, "validity": seconds, "deadline": deadline}
        return body | {"signature": fields.to_hex(self.alice.wallet.sign_typed(data))}

    def ending(self, account: str) -> dict[str, Any]:
        deadline = soon()
        data = identity_typed.revoke_delegate(
            self.world.ledger.chain_id,
            self.registry,
            identity=Address(self.alice.wallet.address),
            delegate_type="consent",
            delegate=Address(account),
            nonce=self.state()["nonce"],
            deadline=deadline,
        )
        signature = fields.to_hex(self.alice.wallet.sign_typed(data))
        return {"account": account, "deadline": deadline, "signature": signature}

    def naming(self, commitment: bytes | None = None) -> dict[str, Any]:
        deadline, identity = soon(), Address(self.alice.wallet.address)
        named = self.set.commitment(identity) if commitment is None else commitment
        data = guardians.name_guardians(
            self.world.ledger.chain_id,
            self.registry,
            identity=identity,
            commitment=named,
            nonce=self.state()["nonce"],
            deadline=deadline,
        )
        signature = fields.to_hex(self.alice.wallet.sign_typed(data))
        return {"commitment": fields.to_hex(named), "deadline": deadline, "signature": signature}

    def agreement(self, guardian: Person, new_owner: str, deadline: int, attempt: int = 0) -> dict[str, Any]:
        data = guardians.recovery(
            self.world.ledger.chain_id,
            self.registry,
            identity=Address(self.alice.wallet.address),
            new_owner=Address(new_owner),
            attempt=attempt,
            deadline=deadline,
        )
        signature = fields.to_hex(guardian.wallet.sign_typed(data))
        return self.letter() | {"newOwner": new_owner, "deadline": deadline, "signature": signature}

    def veto(self, new_owner: str) -> dict[str, Any]:
        deadline, state = soon(), self.state()
        data = guardians.veto(
            self.world.ledger.chain_id,
            self.registry,
            identity=Address(self.alice.wallet.address),
            new_owner=Address(new_owner),
            attempt=state["recovery"]["attempt"],
            nonce=state["nonce"],
            deadline=deadline,
        )
        return {"deadline": deadline, "signature": fields.to_hex(self.alice.wallet.sign_typed(data))}

    def letter(self) -> dict[str, Any]:
        """What the patient gave each guardian."""
        return {"identity": self.alice.did, "guardianSet": self.set.to_json()}

    def named(self) -> None:
        answer = self.alice.send("POST", "/api/identity/guardians", self.naming())
        assert answer.status_code == 200, answer.text

    def started(self, new_owner: str, who: Sequence[Person]) -> dict[str, Any]:
        deadline, attempt = soon(), self.state()["recovery"]["attempt"]
        for one in who:
            body = self.agreement(one, new_owner, deadline, attempt)
            answer = one.send("POST", "/api/recoveries/agreements", body)
            assert answer.status_code == 200, answer.text
        return dict(answer.json)
