"""Mandates: what representatives grant under them, and that nothing of it outlives them."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.invariants.acting import keys, luck, numbers, patients, pick
from tests.invariants.model import DAY, Mandate
from tests.invariants.patients import Patients
from tests.invariants.world import DOCTORS, KEYS

MOST = 3


class Mandates(Patients):
    @rule(patient=patients, to=keys, number=numbers, length=st.sampled_from([90, 40, 0]), narrow=luck)
    @precondition(lambda self: len(self.model.mandates) < MOST)
    def grant_mandate(self, patient: int, to: int, number: int, length: int, narrow: int) -> None:
        """C-17: only the controller, no representative."""
        begin = self.model.now - 2 * DAY
        salt = 100 + len(self.model.mandates)
        one = Mandate(patient, salt, begin, begin + length * DAY, representative=to, narrow=narrow % 6 == 5)
        self.model.mandates.append(one)
        key = self.owner(number, patient)
        should = self.model.is_grantable(one) and self.identity(patient).may_change(key)
        carried, sender = self.world.carried(one), self.world.person(key)
        self.act("ConsentRegistry", "grantMandate", carried, should=should, sender=sender)
        one.granted |= should

    @rule(
        which=luck, number=numbers, begin=st.sampled_from([-1, 0, -3]), length=st.sampled_from([30, 20, 200])
    )
    @precondition(lambda self: self.model.mandates and self.has_room())
    def grant_under(self, which: int, number: int, begin: int, length: int) -> None:
        """C-18"""
        mandate = self._mandate(which)
        one = self.consent(mandate.patient, begin, length)
        key = pick(number, [mandate.representative], range(KEYS))
        should = self.model.may_grant_under(one, mandate, key)
        carried, sender = (self.world.carried(one), self.world.carried(mandate)), self.world.person(key)
        self.act("ConsentRegistry", "grantUnderMandate", *carried, should=should, sender=sender)
        if should:
            one.granted, one.mandate = True, mandate

    @rule(which=luck, number=numbers)
    @precondition(lambda self: self.model.mandates and self.model.consents)
    def revoke_under(self, which: int, number: int) -> None:
        """C-19: what was granted under this mandate, and nothing else."""
        under = [one for one in self.model.consents if one.mandate is not None and not one.revoked]
        one = pick(which, under, self.model.consents)
        mandate = one.mandate or self._mandate(which)
        key = pick(number, [mandate.representative], range(KEYS))
        should = one.mandate is not None and key == mandate.representative and not one.revoked
        carried, sender = self.world.carried(mandate), self.world.person(key)
        identifier = self.world.paper_id(one)
        self.act("ConsentRegistry", "revokeUnderMandate", identifier, carried, should=should, sender=sender)
        one.revoked |= should

    @rule(which=luck, number=numbers)
    @precondition(lambda self: any(one.granted and not one.revoked for one in self.model.mandates))
    def revoke_mandate(self, which: int, number: int) -> None:
        """C-17, C-20: from then on nothing that was granted under it permits anything."""
        one = self._mandate(which)
        if not self.take_back(one, number, "revokeMandate"):
            return
        under = [consent for consent in self.model.consents if consent.mandate is one]
        asked = [self.world.asks_consent(consent, doctor) for consent in under for doctor in range(DOCTORS)]
        assert all(int.from_bytes(answer, "big") != 0 for answer in self.world.node.ask(asked))
        self.done["endedWithMandate"] += len(under)

    def _mandate(self, which: int) -> Mandate:
        good = [one for one in self.model.mandates if one.holds(self.model.now)]
        return pick(which, good, self.model.mandates)
