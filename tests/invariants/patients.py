"""Patients, those who act for them, and their consents."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from scripts.settings import text32
from tests.invariants.acting import Acting, keys, likely, patients, some, starts
from tests.invariants.model import Consent
from tests.invariants.world import DAY

REPRESENTATIVE = text32("consent")


class Patients(Acting):
    @rule(patient=patients, key=likely(keys), again=some, starts=starts, days=st.sampled_from([40, 60, 1, 0]))
    def grant(self, patient: int, key: int | None, again: int, starts: int, days: int) -> None:
        model, now = self.model, self.world.now()
        if not (again == 6 and model.consents) and len(model.consents) < 6:
            begin = now + starts * DAY
            model.consents.append(Consent(patient, len(model.consents), begin, begin + days * DAY))
        one = model.consents[-1 - again % len(model.consents)] if again == 6 else model.consents[-1]
        key = self._controller(one.patient) if key is None else key
        registry = self.world.contracts.ConsentRegistry
        grant = self.world.draft(one).grant(registry)
        should = model.may_grant(one, key, now)
        self._act(registry, "grant", grant, should=should, sender=self.world.person(key).account)
        one.granted |= should

    @rule(which=some, key=likely(keys))
    def revoke(self, which: int, key: int | None) -> None:
        if not self.model.consents or which < 4:
            return
        one = self.model.consents[which % len(self.model.consents)]
        key = self._controller(one.patient) if key is None else key
        registry = self.world.contracts.ConsentRegistry
        draft = self.world.draft(one)
        should = self.model.may_act(one.patient, key, self.world.now()) and not one.revoked
        arguments = (draft.patient, draft.consent_id(registry))
        self._act(registry, "revoke", *arguments, should=should, sender=self.world.person(key).account)
        one.revoked |= should

    @rule(patient=patients, by=likely(keys), to=keys, days=st.integers(0, 20))
    def add_delegate(self, patient: int, by: int | None, to: int, days: int) -> None:
        arguments = (self.world.person(patient).address, REPRESENTATIVE, self.world.person(to).address)
        if self._identity("addDelegate", patient, by, *arguments, days * DAY):
            self.model.delegates[patient, to] = self.world.now() + days * DAY

    @rule(patient=patients, by=likely(keys), to=keys)
    def change_owner(self, patient: int, by: int | None, to: int) -> None:
        arguments = (self.world.person(patient).address, self.world.person(to).address)
        if self._identity("changeOwner", patient, by, *arguments):
            self.model.controllers[patient] = to

    @rule(patient=patients, by=likely(keys), sure=some)
    def deactivate(self, patient: int, by: int | None, sure: int) -> None:
        if sure == 6 and self._identity(
            "changeOwner", patient, by, self.world.person(patient).address, "0x" + "00" * 20
        ):
            self.model.deactivated.add(patient)
            self.done["deactivate"] += 1

    def _controller(self, patient: int) -> int:
        return self.model.controllers.get(patient, patient)

    def _identity(self, function: str, patient: int, by: int | None, *arguments: Any) -> bool:
        by = self._controller(patient) if by is None else by
        should = patient not in self.model.deactivated
        should = should and self._controller(patient) == by
        registry, sender = self.world.contracts.IdentityRegistry, self.world.person(by).account
        self._act(registry, function, *arguments, should=should, sender=sender)
        return should
