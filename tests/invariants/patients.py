"""Patients, those who act for them, and their consents."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.contracts.mandates import replacement
from tests.invariants.acting import Acting, luck, numbers, patients, pick
from tests.invariants.model import DAY, Consent, Paper
from tests.invariants.world import KEYS, PATIENTS

MOST = 8
starts, lengths = st.sampled_from([0, -1, 0, -2, 2]), st.sampled_from([60, 40, 90, 1, 0])


class Patients(Acting):
    def consent(self, patient: int, begin: int, length: int) -> Consent:
        """A new one that is not granted yet; times in days from now."""
        valid_from, number = self.model.now + begin * DAY, len(self.model.consents)
        one = Consent(patient, number, valid_from, valid_from + length * DAY)
        self.model.consents.append(one)
        return one

    def has_room(self) -> bool:
        return len(self.model.consents) < MOST

    @rule(patient=patients, number=numbers, begin=starts, length=lengths)
    @precondition(has_room)
    def grant(self, patient: int, number: int, begin: int, length: int) -> None:
        self._grant(self.consent(patient, begin, length), number)

    @rule(number=numbers, which=luck)
    @precondition(lambda self: self.model.consents)
    def grant_again(self, number: int, which: int) -> None:
        """C-5: never an id that was seen."""
        model = self.model
        good = [one for one in model.consents if model.is_grantable(one)]
        self._grant(pick(which, good, model.consents), number)

    @rule(first=luck, count=st.integers(1, 3), number=numbers, length=lengths)
    @precondition(lambda self: len(self.model.consents) <= MOST - 3)
    def grant_many(self, first: int, count: int, number: int, length: int) -> None:
        """C-16: all of them or none."""
        ones = [self.consent((first + i) % PATIENTS, -1, length) for i in range(count)]
        signers = [self.actor(number, one.patient) for one in ones]
        should = all(map(self._may_grant, ones, signers))
        registry = self.world.contracts.ConsentRegistry
        signatures = [
            self.world.person(key).sign(self.world.draft(one).typed(registry))
            for one, key in zip(ones, signers, strict=True)
        ]
        carried = [self.world.carried(one) for one in ones]
        relayer = self.world.guardian(0)
        self.act("ConsentRegistry", "grantMany", carried, signatures, should=should, sender=relayer)
        for one in ones:
            one.granted |= should

    @rule(which=luck, number=numbers, length=lengths)
    @precondition(lambda self: self.model.consents and self.has_room())
    def replace(self, which: int, number: int, length: int) -> None:
        """C-15: the old one ends and the new one begins, or neither."""
        good = [one for one in self.model.consents if one.granted and not one.revoked]
        old = pick(which, good, self.model.consents)
        new = self.consent(old.patient, -1, length)
        key = self.actor(number, old.patient)
        should = self._may_grant(new, key) and old.granted and not old.revoked
        typed = replacement(
            self.world.paper_id(old), self.world.draft(new), self.world.contracts.ConsentRegistry
        )
        arguments = (self.world.paper_id(old), self.world.carried(new), self.world.person(key).sign(typed))
        relayer = self.world.guardian(0)
        self.act("ConsentRegistry", "replaceBySignature", *arguments, should=should, sender=relayer)
        old.revoked |= should
        new.granted |= should

    @rule(which=luck, number=numbers)
    @precondition(lambda self: self.model.consents)
    def revoke(self, which: int, number: int) -> None:
        """C-6: whatever the registry's status (C-21)."""
        good = [one for one in self.model.consents if not one.revoked]
        self.take_back(pick(which, good, self.model.consents), number, "revoke")

    def take_back(self, one: Paper, number: int, called: str) -> bool:
        key = self.actor(number, one.patient)
        should = self.model.may_act(one.patient, key) and not one.revoked
        arguments = (self.world.person(one.patient).address, self.world.paper_id(one))
        sender = self.world.person(key)
        self.act("ConsentRegistry", "revoke", *arguments, should=should, sender=sender, called=called)
        one.revoked |= should
        return should

    def _grant(self, one: Consent, number: int) -> None:
        key = self.actor(number, one.patient)
        should, sender = self._may_grant(one, key), self.world.person(key)
        self.act("ConsentRegistry", "grant", self.world.carried(one), should=should, sender=sender)
        one.granted |= should

    def _may_grant(self, one: Consent, key: int) -> bool:
        assert key in range(KEYS)
        return self.model.is_grantable(one) and self.model.may_act(one.patient, key)
