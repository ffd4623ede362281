"""A lost key on chain: guardians named, shown, and the identity given to a new key (I-4, I-5)."""

from __future__ import annotations

import secrets
import time

import pytest

from consentry.chain.guardianships import ChainGuardianships
from consentry.crypto.signatures import account_of, generate_account_key, sign_typed
from consentry.domain import guardians
from consentry.domain.addresses import Address
from consentry.domain.guardians import GuardianSet
from consentry.errors import SignatureInvalid, TransactionReverted
from consentry.services import recovery
from consentry.services.recovery import NameGuardians, StartRecovery
from tests.app.chain.world import World


class Family:
    """A patient, three guardians of whom two are enough, and the key that comes after the lost one."""

    def __init__(self, world: World) -> None:
        self.world, self.chain = world, ChainGuardianships(world.ledger)
        self.registry = Address(world.ledger.address_of("IdentityRegistry"))
        self.key, self.next_key = generate_account_key(), generate_account_key()
        self.patient, self.next_owner = account_of(self.key), account_of(self.next_key)
        self.keys = {account_of(key): key for key in (generate_account_key() for _ in range(3))}
        self.guarding = GuardianSet.of(2, tuple(self.keys), secrets.token_bytes(32))
        self.deadline = int(time.time()) + 3600

    def name(self) -> None:
        commitment = self.guarding.commitment(self.patient)
        nonce = self.world.ledger.identity_nonce(self.patient)
        data = guardians.name_guardians(
            self.chain.chain_id,
            self.registry,
            identity=self.patient,
            commitment=commitment,
            nonce=nonce,
            deadline=self.deadline,
        )
        command = NameGuardians(self.patient, commitment, self.deadline, sign_typed(self.key, data))
        recovery.name(command, self.world.mercy_hospital)

    def agreed(self, *who: Address) -> StartRecovery:
        attempt = self.chain.recovery_of(self.patient).attempt
        data = guardians.recovery(
            self.chain.chain_id,
            self.registry,
            identity=self.patient,
            new_owner=self.next_owner,
            attempt=attempt,
            deadline=self.deadline,
        )
        signatures = {one: sign_typed(self.keys[one], data) for one in who}
        return StartRecovery(self.patient, self.next_owner, self.guarding, signatures, self.deadline)


@pytest.fixture
def family(each_world: World) -> Family:
    made = Family(each_world)
    made.name()
    return made


def test_recovery_gives_the_identity_to_a_new_key_when_enough_guardians_agree(family: Family) -> None:
    """I-4, I-5: nobody sees who the guardians are until two of them show it."""
    world, first, second = family.world, *family.guarding.guardians[:2]
    commitment = family.guarding.commitment(family.patient)
    assert family.chain.commitment_of(family.patient) == commitment
    assert family.chain.recovery_of(family.patient).new_owner is None
    with world.chain.undone():
        recovery.start(family.agreed(first, second), family.chain, world.city_hospital)
        pending = family.chain.recovery_of(family.patient)
        assert (pending.new_owner, pending.attempt) == (family.next_owner, 1)
        with pytest.raises(TransactionReverted, match="RecoveryNotDue"):
            recovery.finish(family.patient, world.city_hospital)
        rpc = world.ledger.connection.rpc
        rpc.call("evm_increaseTime", pending.executable_at - world.ledger.head().timestamp + 1)
        rpc.call("evm_mine")
        recovery.finish(family.patient, world.city_hospital)
        assert world.ledger.identity_owner(family.patient) == family.next_owner
        assert world.ledger.acts_for(family.patient, family.next_owner)
        assert not world.ledger.acts_for(family.patient, family.patient)


def test_recovery_is_not_published_when_it_could_not_count(family: Family) -> None:
    """I-5: one of two, somebody else's guardians, a guardian who signed something else: nothing is sent."""
    first, second, _ = family.guarding.guardians
    before = family.world.ledger.head().number
    with pytest.raises(TransactionReverted, match="GuardianSignaturesTooFew"):
        recovery.start(family.agreed(first), family.chain, family.world.city_hospital)
    good = family.agreed(first, second)
    other = GuardianSet.of(1, (first, second), family.guarding.salt)
    strange = StartRecovery(good.identity, good.new_owner, other, good.signatures, good.deadline)
    with pytest.raises(SignatureInvalid, match="not the guardians"):
        recovery.start(strange, family.chain, family.world.city_hospital)
    turned = StartRecovery(good.identity, family.patient, family.guarding, good.signatures, family.deadline)
    with pytest.raises(SignatureInvalid, match="something else"):
        recovery.start(turned, family.chain, family.world.city_hospital)
    assert family.chain.recovery_of(family.patient).new_owner is None
    assert before <= family.world.ledger.head().number
