"""What only a vote does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eth_abi import encode
from eth_utils import keccak
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from scripts import settings
from tests.contracts.calls import view
from tests.contracts.governing import ACTIVE as VOTING
from tests.contracts.governing import AGAINST, FOR, SUCCEEDED, hash_of
from tests.invariants.acting import MEMBERS, luck, numbers, pick
from tests.invariants.emergencies import Emergencies
from tests.invariants.guardians import Guardians
from tests.invariants.institutions import Institutions
from tests.invariants.model import ACTIVE, EXPELLED, FIRST_COMMITTEE, KEEPERS, SUSPENDED
from tests.invariants.regulator import Regulator

TIMES = settings.PROFILES["production"]
REGISTRY_ACTIVE, REGISTRY_CLOSED = 1, 2
KIND = settings.text32("ConsentRegistry")
LOST = (2, 6)


class Consortium(Guardians, Institutions, Emergencies, Regulator):
    @rule(which=luck, number=numbers)
    @precondition(lambda self: len(self.standing(SUSPENDED)) < 2)
    def suspend(self, which: int, number: int) -> None:
        member = pick(which, self.standing(ACTIVE), MEMBERS)
        if self._decide_on(member, "suspend", number, lambda: self.model.members[member] == ACTIVE):
            self.model.set_standing(member, SUSPENDED)

    @rule(which=luck, number=numbers)
    @precondition(lambda self: self.standing(SUSPENDED))
    def reinstate(self, which: int, number: int) -> None:
        """M-3: also of what a fast suspension began, confirmed or not."""
        member = pick(which, self.standing(SUSPENDED), MEMBERS)
        waiting = self.model.members[member] == SUSPENDED
        if self._decide_on(member, "reinstate", number, lambda: waiting):
            self.model.set_standing(member, ACTIVE)

    @rule(member=st.sampled_from(LOST), number=numbers, sure=luck)
    @precondition(lambda self: not self.standing(EXPELLED))
    def expel(self, member: int, number: int, sure: int) -> None:
        if sure % 3 == 0 and self._decide_on(member, "expel", number, lambda: True):
            self.model.set_standing(member, EXPELLED)

    @rule(which=luck, key=st.integers(0, 2), number=numbers)
    def replace_key(self, which: int, key: int, number: int) -> None:
        """M-8: for whoever is not expelled; the former key can do nothing."""
        member = pick(which, self.standing(ACTIVE, SUSPENDED), MEMBERS)
        former, new = self.member(member), str(self.world.account(member, key).address)

        def should() -> bool:
            return self.model.members[member] != EXPELLED and key != self.model.keys[member]

        if self._decide_on(member, "replaceKey", number, should, new):
            self.model.keys[member] = key
            self.can_nothing(former)

    @rule(keepers=st.integers(FIRST_COMMITTEE, len(KEEPERS)), number=numbers)
    def publish(self, keepers: int, number: int) -> None:
        """K-12: every keeper's member is active."""

        def should() -> bool:
            return all(map(self.model.is_active, KEEPERS[:keepers]))

        if self._decide(
            "KeeperCommittee", "publish", *self.world.committee(keepers), number=number, should=should
        ):
            self.model.version += 1
            # who was in an earlier committee goes on committing
            self.model.keepers = max(self.model.keepers, keepers)

    @rule(number=numbers, which=luck)
    @precondition(lambda self: self.model.listed and self.model.consents)
    def close_registry(self, number: int, which: int) -> None:
        """C-21: no new grants, mandates or replacements; revoking goes on."""
        if not self._list(REGISTRY_CLOSED, number, "closeRegistry"):
            return
        one = self.model.consents[which % len(self.model.consents)]
        person = self.world.person(one.patient)
        for function in ("grant", "grantMany"):
            carried = self.world.carried(one)
            arguments = (carried,) if function == "grant" else ([carried], [b""])
            error = self.world.error_of("ConsentRegistry", function, *arguments, sender=person)
            assert error == "ConsentRegistryNotActive", function
        if number % 3:
            open_ones = [paper for paper in self.model.consents if not paper.revoked]
            self.done["revokeClosed"] += bool(open_ones) and self.take_back(open_ones[0], 0, "revoke")
        if which % 3:
            self.reopen_registry(number=0)

    @rule(number=numbers)
    @precondition(lambda self: not self.model.listed)
    def reopen_registry(self, number: int) -> None:
        self._list(REGISTRY_ACTIVE, number, "reopenRegistry")

    def _list(self, status: int, number: int, called: str) -> bool:
        arguments = (self.world.contracts.ConsentRegistry.address, KIND, status)
        decided = self._decide(
            "Authority", "setRegistry", *arguments, number=number, should=lambda: True, called=called
        )
        if decided:
            self.model.listed = status == REGISTRY_ACTIVE
        return decided

    def _decide_on(
        self, member: int, function: str, number: int, should: Callable[[], bool], *more: Any
    ) -> bool:
        address = str(self.world.members[member])
        return self._decide("MemberRegistry", function, address, *more, number=number, should=should)

    def _decide(
        self,
        contract: str,
        function: str,
        *arguments: Any,
        number: int,
        should: Callable[[], bool],
        called: str = "",
    ) -> bool:
        """Whether a vote carried it, and it was carried out: `should` speaks of that moment."""
        model, by = self.model, self.active(number)
        if not model.is_active(by):
            return False
        support = AGAINST if number % 12 == 11 else FOR
        target, data = self.world.asks(contract, function, *arguments)
        text = f"{function} at {model.now}"
        whole = ([target], [0], [data], hash_of(text))
        proposed = (*whole[:3], text)
        self.act("Consortium", "propose", *proposed, should=True, sender=self.member(by))
        self.world.node.wait(TIMES["votingDelay"] + 1)
        identifier = self._identifier(target, data, whole[3])
        carries = model.carries(support == FOR)
        for voter in MEMBERS:
            if self._state(identifier) == VOTING:
                may = model.is_active(voter)
                self.act("Consortium", "castVote", identifier, support, should=may, sender=self.member(voter))
        if self._state(identifier) == VOTING:
            self.world.node.wait(TIMES["votingPeriod"] + 1)
        carried = self._state(identifier) == SUCCEEDED
        assert carried == carries, f"{self._state(identifier)} {carries} {support}"
        if not carried:
            return False
        anybody = self.world.guardian(0)
        self.act("Consortium", "queue", *whole, should=True, sender=anybody)
        self.world.node.wait(TIMES["timelockDelay"] + 1)
        return self.act(
            "Consortium", "execute", *whole, should=should(), sender=anybody, called=called or function
        )

    def _state(self, identifier: int) -> int:
        return int(view(self.world.contracts.Consortium, "state", identifier))

    def _identifier(self, target: str, data: str, text_hash: str) -> int:
        """V-14"""
        parts = ([target], [0], [bytes.fromhex(data[2:])], bytes.fromhex(text_hash[2:]))
        return int.from_bytes(keccak(encode(["address[]", "uint256[]", "bytes[]", "bytes32"], parts)), "big")
