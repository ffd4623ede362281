"""Who controls identities: delegates, owners, guardians and recoveries."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.contracts.consents import REPRESENTATIVE, ZERO_ADDRESS
from tests.contracts.identity.guardians import recovery
from tests.invariants.acting import keys, luck, numbers, patients, pick
from tests.invariants.identities import NOBODY
from tests.invariants.mandates import Mandates
from tests.invariants.model import DAY
from tests.invariants.world import CIRCLES, KEYS, PATIENTS

circles = st.integers(NOBODY, CIRCLES)


class Guardians(Mandates):
    @rule(patient=patients, number=numbers, to=keys, length=st.sampled_from([20, 5, 60, 0]))
    def add_delegate(self, patient: int, number: int, to: int, length: int) -> None:
        arguments = (REPRESENTATIVE, self.world.person(to).address, length * DAY)
        if self._change("addDelegate", patient, number, *arguments):
            self.model.identities[patient].delegates[to] = self.model.now + length * DAY

    @rule(patient=patients, number=numbers, to=keys)
    def change_owner(self, patient: int, number: int, to: int) -> None:
        if self._change("changeOwner", patient, number, self.world.person(to).address):
            self.model.identities[patient].controller = to

    @rule(patient=st.just(PATIENTS - 1), number=numbers, sure=luck)
    @precondition(lambda self: not self.model.identities[PATIENTS - 1].deactivated)
    def deactivate(self, patient: int, number: int, sure: int) -> None:
        """I-7: for ever, and not while guardians are in force."""
        if sure % 4:
            return
        allowed = self.identity(patient).circle == NOBODY
        said = {"allowed": allowed, "called": "deactivate"}
        if self._change("changeOwner", patient, number, ZERO_ADDRESS, **said):
            self.model.identities[patient].deactivated = True

    @rule(patient=patients, number=numbers, circle=circles)
    def set_guardians(self, patient: int, number: int, circle: int) -> None:
        identity, key = self.identity(patient), self.owner(number, patient)
        should = identity.may_name(key, circle)
        commitment = self.world.commitment(circle, patient)
        self._act("setGuardians", patient, commitment, should=should, sender=self.world.person(key))
        if should:
            identity.name(circle, self.model.now)

    @rule(patient=patients, other=circles, to=keys, number=numbers)
    @precondition(lambda self: any(one.circle for one in self.model.identities.values()))
    def start_recovery(self, patient: int, other: int, to: int, number: int) -> None:
        """I-5: two of three guardians of the set in force, and no others."""
        guarded = [one for one in range(PATIENTS) if self.identity(one).circle]
        patient = pick(number + patient, guarded, range(PATIENTS))
        identity, registry = self.identity(patient), self.world.contracts.IdentityRegistry
        circle = pick(number, [identity.circle or 1], [max(other, 1)])
        signed = 1 if number % 8 == 7 else 2
        address, new_owner = self.world.person(patient).address, self.world.person(to).address
        deadline = self.model.now + DAY
        typed = recovery(registry, address, new_owner, deadline)
        signatures = self._signed(circle, typed, signed)
        arguments = (new_owner, self.world.circle(circle).revealed, signatures, deadline)
        should = identity.may_start(circle, signed)
        self._act("startRecovery", patient, *arguments, should=should, sender=self.world.guardian(0))
        if should:
            identity.start(to, self.model.now)

    @rule(patient=patients, number=numbers)
    @precondition(lambda self: self._recovering())
    def veto_recovery(self, patient: int, number: int) -> None:
        """I-6: once, and before the delay is over."""
        patient = pick(patient, self._recovering(), range(PATIENTS))
        identity, key = self.identity(patient), self.owner(number, patient)
        should = identity.may_veto(key, self.model.now)
        self._act("vetoRecovery", patient, should=should, sender=self.world.person(key))
        if should:
            identity.veto()

    @rule(patient=patients, number=numbers)
    @precondition(lambda self: self._recovering())
    def finish_recovery(self, patient: int, number: int) -> None:
        """I-5: by anybody after the delay; then the old key can do nothing, nor any delegate of before."""
        patient = pick(patient, self._recovering(), range(PATIENTS))
        identity = self.identity(patient)
        if number % 6 != 5 and self.model.now < identity.due_at:
            self.world.node.wait(identity.due_at - self.model.now)
        should = identity.may_finish(self.model.now)
        self._act("finishRecovery", patient, should=should, sender=self.world.guardian(0))
        if should:
            identity.finish()
            self._nobody_else_can(patient, identity.controller)

    def _nobody_else_can(self, patient: int, owner: int) -> None:
        address = self.world.person(patient).address
        for key in (one for one in range(KEYS) if one != owner):
            sender = self.world.person(key)
            revoking = self.world.error_of(
                "ConsentRegistry", "revoke", address, "0x" + "01" * 32, sender=sender
            )
            assert revoking == "ConsentActorUnauthorized"
            for function, more in (("changeOwner", [sender.address]), ("setGuardians", ["0x" + "02" * 32])):
                error = self.world.error_of("IdentityRegistry", function, address, *more, sender=sender)
                assert error == "IdentityActorNotOwner", function
        self.done["lockedOut"] += 1

    def _recovering(self) -> list[int]:
        return [one for one in range(PATIENTS) if self.model.identities[one].new_owner is not None]

    def _signed(self, circle: int, typed: dict[str, Any], count: int) -> list[bytes]:
        people = [self.world.guardian(circle + place) for place in range(count)]
        return self.world.circle(circle).signed(typed, *people)

    def _change(
        self, function: str, patient: int, number: int, *more: Any, allowed: bool = True, called: str = ""
    ) -> bool:
        key = self.owner(number, patient)
        should = allowed and self.identity(patient).may_change(key)
        return self._act(
            function, patient, *more, should=should, sender=self.world.person(key), called=called
        )

    def _act(
        self, function: str, patient: int, *more: Any, should: bool, sender: Any, called: str = ""
    ) -> bool:
        address = self.world.person(patient).address
        return self.act(
            "IdentityRegistry", function, address, *more, should=should, sender=sender, called=called
        )
