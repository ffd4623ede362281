"""The whole set of contracts as a state machine: what anybody does is done on the chain and in the model."""

from __future__ import annotations

from typing import Any

from brownie import accounts
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from scripts import settings
from tests.invariants.acting import MEMBERS, luck
from tests.invariants.consortium import REGISTRY_ACTIVE, REGISTRY_CLOSED, Consortium
from tests.invariants.identities import Identity
from tests.invariants.model import KEEPERS, Model, Paper
from tests.invariants.world import DOCTORS, KEYS, PATIENTS

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
REVOKED = 2


class Machine(Consortium):
    """Each example begins with three doctors, a consent, a mandate and guardians."""

    def __init__(self) -> None:
        super().__init__()
        self.world.begin()
        identities = {patient: Identity(controller=patient) for patient in range(PATIENTS)}
        committed = dict.fromkeys(range(len(KEEPERS)), 0)
        self.model = Model(self.world.node.now, identities, version=1, committed=committed)
        for doctor in range(DOCTORS):
            self.enrol(0, doctor, 400)
        self.grant(0, 0, -1, 60)
        self.grant_mandate(0, KEYS - 1, 0, 90, 0)
        self.set_guardians(0, 0, 1)

    def teardown(self) -> None:
        self.world.node.undo()

    @rule(who=luck, door=st.integers(0, len(DOORS) - 1))
    def intrude(self, who: int, door: int) -> None:
        """V-12: whoever it is, the deployer of old included, no door opens."""
        people: list[Any] = [
            accounts[0],
            *map(self.member, (0, 1, 3)),
            self.world.keeper(0),
            self.world.doctor(0),
        ]
        name, function = DOORS[door]
        contract, sender = getattr(self.world.contracts, name), people[who % len(people)]
        data = contract.signatures[function] + "00" * 32 * 12
        assert self.world.error_of_data(contract.address, data, sender) in DOOR_ERRORS, (name, function)
        self.done["intrude"] += 1

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        self.world.node.wait(hours * 3600)

    @invariant()
    def no_permit_without_a_live_ground(self) -> None:
        """C-9, C-20, E-10; and no paper that was revoked comes back (C-5, C-6)."""
        model, registry, questions, expected = self.model, "ConsentRegistry", [], []
        for one in model.consents:
            for doctor in range(2):
                questions.append(self.world.asks_consent(one, doctor))
                expected.append(model.permits(one, doctor))
        self.done["permits"] += sum(expected)
        for box in model.openings:
            for doctor in range(DOCTORS):
                questions.append(self.world.asks_opening(box, doctor))
                expected.append(model.opens(box, doctor))
        answers = [int.from_bytes(one, "big") == 0 for one in self.world.node.ask(questions)]
        assert answers == expected
        self.done["opens"] += sum(expected[2 * len(model.consents) :])
        papers: list[Paper] = [*model.consents, *model.mandates]
        asked = [
            self.world.asks(
                registry, "consentOf", self.world.person(one.patient).address, self.world.paper_id(one)
            )
            for one in papers
        ]
        statuses = [int.from_bytes(one[:32], "big") for one in self.world.node.ask(asked)]
        assert statuses == [REVOKED if one.revoked else int(one.granted) for one in papers]

    @invariant()
    def identities_follow_controllers_and_recoveries(self) -> None:
        """I-1, I-5, I-7, C-3: nobody else becomes an owner, and nobody of before stays one."""
        world, model = self.world, self.model
        pairs = [(patient, key) for patient in range(PATIENTS) for key in range(KEYS)]
        owners = [("IdentityRegistry", "identityOwner", world.person(one).address) for one in range(PATIENTS)]
        acting = [
            ("ConsentRegistry", "actsFor", world.person(patient).address, world.person(key).address)
            for patient, key in pairs
        ]
        found = self._numbers([*owners, *acting])
        controllers = [model.identities[patient] for patient in range(PATIENTS)]
        wanted = [
            0 if one.deactivated else int(world.person(one.controller).address, 16) for one in controllers
        ]
        assert found == wanted + [int(model.may_act(*pair)) for pair in pairs]

    @invariant()
    def ranges_are_contiguous_and_standing_is_by_vote(self) -> None:
        """A-1, M-7, M-8, V-12: standing, keys, committee and registry are what votes, regulator and time made of them."""
        world, model = self.world, self.model
        keepers = [world.keeper(one).address for one in range(len(KEEPERS))]
        members = [str(one) for one in world.members]
        found = self._numbers(
            [
                *(("AuditLog", "nextSeqOf", one) for one in keepers),
                *(("KeeperCommittee", "isKeeper", one) for one in keepers),
                *(("MemberRegistry", "isActive", one) for one in members),
                *(("MemberRegistry", "keyOf", one) for one in members),
                ("KeeperCommittee", "currentVersion"),
                ("Authority", "registryStatusOf", world.contracts.ConsentRegistry.address),
            ]
        )
        assert found == [
            *(model.committed[one] for one in range(len(KEEPERS))),
            *(one < model.keepers and model.is_active(its) for one, its in enumerate(KEEPERS)),
            *(model.is_active(one) for one in MEMBERS),
            *(int(str(self.member(one).address), 16) for one in MEMBERS),
            model.version,
            REGISTRY_ACTIVE if model.listed else REGISTRY_CLOSED,
        ]
        for member, fast in model.fast.items():
            if not (fast.confirmed or fast.lapsed) and fast.until <= model.now and model.is_active(member):
                fast.lapsed = True
                self.done["lapse"] += 1

    def _numbers(self, questions: list[tuple[Any, ...]]) -> list[int]:
        answers = self.world.node.ask([self.world.asks(*one) for one in questions])
        return [int.from_bytes(one, "big") for one in answers]
