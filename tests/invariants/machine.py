"""The whole set of contracts as a state machine: what anybody does is done on the chain and in the model."""

from __future__ import annotations

from typing import Any

from brownie import accounts, chain
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from scripts import settings
from tests.contracts.governing import ACTIVE as VOTING
from tests.contracts.governing import AGAINST, FOR, SUCCEEDED
from tests.invariants.acting import some
from tests.invariants.institutions import Institutions
from tests.invariants.model import ACTIVE, EXPELLED, SUSPENDED, Model
from tests.invariants.patients import Patients
from tests.invariants.world import DOCTORS, wait

DOOR_ERRORS = {
    "AccessManagedUnauthorized",
    "AccessManagerUnauthorizedAccount",
    "AccessManagerUnauthorizedCall",
    "AccessControlUnauthorizedAccount",
    "TimelockUnauthorizedCaller",
}
DOORS = [
    *((name, function) for name, open_ in settings.CONSORTIUM_FUNCTIONS.items() for function in open_),
    *((name, function) for name, open_ in settings.SUSPENSION_FUNCTIONS.items() for function in open_),
    *(("Authority", function) for function in ("grantRole", "setTargetClosed", "updateAuthority")),
    *(("Timelock", function) for function in ("schedule", "grantRole", "updateDelay")),
]


class Machine(Patients, Institutions):
    """Each example begins with three doctors and a consent."""

    def __init__(self) -> None:
        super().__init__()
        chain.snapshot()
        chambers = ((0, 1, 2), (3, 4), (5, 6))
        self.model = Model(dict.fromkeys(range(7), ACTIVE), chambers, committed=dict.fromkeys(range(3), 0))
        for doctor in range(DOCTORS):
            self.enrol(0, doctor, 100)
        self.grant(0, None, 0, -1, 60)

    def teardown(self) -> None:
        chain.revert()

    @rule(member=some, by=some, all_for=st.integers(0, 3))
    def decide(self, member: int, by: int, all_for: int) -> None:
        """Suspend the active, reinstate the suspended, expel the last: the only way to any of it is a vote."""
        model, support = self.model, FOR if all_for else AGAINST
        before = model.members[member]
        if before == EXPELLED or not model.is_active(by):
            return
        function, after = ("suspend", SUSPENDED) if before == ACTIVE else ("reinstate", ACTIVE)
        if member == 6:
            function, after = "expel", EXPELLED
        target, governed = self.world.contracts.MemberRegistry, self.world.governed
        text = f"{function} {self.world.now()}"
        proposal = governed.propose(
            [(target, function, self.world.members[member])], self.world.members[by], text
        )
        voters = [self.world.members[number] for number in model.members if model.is_active(number)]
        for voter in voters:
            if governed.state(proposal) == VOTING:
                governed.vote(proposal, {voter: support})
        if governed.state(proposal) == VOTING:
            wait(settings.PROFILES["production"]["votingPeriod"] + 1)
        carried = governed.state(proposal) == SUCCEEDED
        assert carried == model.carries(support == FOR)
        if carried:
            governed.queue(proposal)
            governed.execute(proposal)
            model.members[member] = after
            self.done[function] += 1

    @rule(who=some, door=st.integers(0, len(DOORS) - 1))
    def intrude(self, who: int, door: int) -> None:
        """Whoever it is, the deployer of old included: no door opens, and no member's standing changes."""
        people: list[Any] = [accounts[0], *self.world.members[:2], self.world.keeper(0), self.world.doctor(0)]
        name, function = DOORS[door]
        contract, sender = getattr(self.world.contracts, name), people[who % len(people)]
        data = contract.signatures[function] + "00" * 32 * 12
        address = getattr(sender, "address", sender)
        assert self.world.error_of_data(contract, data, address) in DOOR_ERRORS, (name, function)
        self.done["intrude"] += 1

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        wait(hours * 3600)

    @invariant()
    def no_permit_without_a_live_ground(self) -> None:
        now = self.world.now()
        for one in self.model.consents:
            permitted = [self.model.permits(one, doctor, now) for doctor in range(2)]
            assert permitted == [self.world.is_permitted(one, doctor) for doctor in range(2)], one
            self.done["permits"] += sum(permitted)
        for box in self.model.openings:
            opened = [self.model.opens(box, doctor, now) for doctor in range(DOCTORS)]
            assert opened == [self.world.is_open(box, doctor) for doctor in range(DOCTORS)], box
            self.done["opens"] += sum(opened)

    @invariant()
    def revoked_never_revives(self) -> None:
        registry = self.world.contracts.ConsentRegistry
        for one in self.model.consents:
            draft = self.world.draft(one)
            status = registry.consentOf(draft.patient, draft.consent_id(registry))[0]
            assert status == (2 if one.revoked else int(one.granted)), one

    @invariant()
    def ranges_are_contiguous_and_standing_is_by_vote(self) -> None:
        for keeper, committed in self.model.committed.items():
            assert self.world.contracts.AuditLog.nextSeqOf(self.world.keeper(keeper).address) == committed
        for number, member in enumerate(self.world.members):
            assert self.world.contracts.MemberRegistry.isActive(member) == self.model.is_active(number)
