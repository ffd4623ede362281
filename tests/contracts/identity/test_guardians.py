"""Naming guardians (I-4). One test per leaf of set_guardians.tree; bad signatures are in tests/contracts/signatures."""

import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.contracts.consents import Person
from tests.contracts.identity.guardians import DELAY, NONE, SALT, ZERO_ADDRESS, Circle, naming
from tests.contracts.reverts import reverts_with

OTHER = "0x" + "c0" * 32
THIRD = "0x" + "c1" * 32
TYPE = "GuardianSet(address identity,uint8 threshold,address[] guardians,bytes32 salt)"


@pytest.fixture(params=["direct", "signature"])
def name(request, identities, alice, relayer, now):
    """Names guardians of alice on either path."""

    def signed(commitment):
        signature = alice.sign(naming(identities, alice.address, commitment, now + DELAY * 9))
        sent = (alice.address, commitment, now + DELAY * 9, signature)
        return identities.setGuardiansBySignature(*sent, {"from": relayer})

    def direct(commitment):
        return identities.setGuardians(alice.address, commitment, {"from": alice.account})

    return {"direct": direct, "signature": signed}[request.param]


def guardians_of(identities, identity):
    commitment, following, effective_at = identities.guardiansOf(identity.address)
    return str(commitment), str(following), int(effective_at)


def test_set_guardians_works_at_once_when_first(identities, alice, name):
    """I-4"""
    assert guardians_of(identities, alice) == (NONE, NONE, 0)
    tx = name(OTHER)
    assert guardians_of(identities, alice) == (OTHER, NONE, 0)
    event = tx.events["GuardiansSet"]
    assert (event["identity"], str(event["commitment"]), event["effectiveAt"]) == (
        alice.address,
        OTHER,
        tx.timestamp,
    )


@pytest.mark.parametrize("following", [THIRD, NONE], ids=["others", "none"])
def test_set_guardians_waits_when_some_are_in_force(identities, alice, name, wait, following):
    """I-4"""
    name(OTHER)
    tx = name(following)
    effective_at = tx.timestamp + DELAY
    assert tx.events["GuardiansSet"]["effectiveAt"] == effective_at
    assert guardians_of(identities, alice) == (OTHER, following, effective_at)
    wait(DELAY - 60)
    assert guardians_of(identities, alice)[0] == OTHER
    wait(60)
    assert guardians_of(identities, alice) == (following, NONE, 0)


def test_set_guardians_starts_the_delay_again_when_a_change_is_replaced(identities, alice, name, wait):
    """I-4"""
    name(OTHER)
    name(THIRD)
    wait(DELAY - 60)
    tx = name(NONE)
    assert guardians_of(identities, alice) == (OTHER, NONE, tx.timestamp + DELAY)
    wait(60)
    assert guardians_of(identities, alice)[0] == OTHER


def test_set_guardians_works_at_once_when_the_former_have_ended(identities, alice, name, wait):
    """I-4"""
    name(OTHER)
    name(NONE)
    wait()
    tx = name(THIRD)
    assert tx.events["GuardiansSet"]["effectiveAt"] == tx.timestamp
    assert guardians_of(identities, alice) == (THIRD, NONE, 0)


def test_set_guardians_follows_on_a_change_when_its_delay_is_over(identities, alice, name, wait):
    """I-4"""
    name(OTHER)
    name(THIRD)
    wait()
    tx = name(OTHER)
    assert guardians_of(identities, alice) == (THIRD, OTHER, tx.timestamp + DELAY)


def test_set_guardians_reverts_when_there_is_nobody_to_end(alice, name):
    """I-4"""
    with reverts_with("GuardiansAbsent", alice):
        name(NONE)


def test_set_guardians_reverts_when_a_recovery_is_pending(identities, alice, guarded, moves, name):
    """I-4, I-6"""
    moves.start()
    due = identities.recoveryOf(alice.address)[1]
    with reverts_with("RecoveryPending", alice, due):
        name(OTHER)


def test_set_guardians_reverts_when_caller_is_not_the_controller(identities, alice, mallory, fresh):
    """I-4"""
    with reverts_with("IdentityActorNotOwner", alice, mallory):
        identities.setGuardians(alice.address, OTHER, {"from": mallory.account})
    identities.changeOwner(alice.address, fresh.address, {"from": alice.account})
    with reverts_with("IdentityActorNotOwner", alice, alice):
        identities.setGuardians(alice.address, OTHER, {"from": alice.account})


def test_set_guardians_leaves_the_history_alone_when_called(identities, alice, guarded):
    """I-2, I-4: `changed` leads to events of ERC-1056 only"""
    assert identities.changed(alice.address) == 0


def test_commitment_is_the_documented_hash_when_set_is_valid(identities, alice, circle):
    """I-4"""
    words = (keccak(text=TYPE), alice.address, 2, list(circle.guardians), bytes.fromhex(SALT[2:]))
    expected = keccak(encode(["bytes32", "address", "uint8", "address[]", "bytes32"], words))
    assert circle.commitment(identities, alice.address) == "0x" + expected.hex()
    assert circle.commitment(identities, circle.guardians[0]) != "0x" + expected.hex()


def people(count):
    return [Person.named(f"guardian {number}") for number in range(count)]


@pytest.mark.parametrize("count", [1, 10])
def test_commitment_exists_when_set_is_smallest_or_largest(identities, alice, count):
    """I-4"""
    assert int(Circle.of(count, *people(count)).commitment(identities, alice.address), 16)


@pytest.mark.parametrize("count", [0, 11])
def test_commitment_reverts_when_there_are_too_few_or_many(identities, alice, count):
    """I-4"""
    with reverts_with("GuardianCountOutOfRange", count):
        identities.guardianCommitment(alice.address, Circle.of(1, *people(count)).revealed)


@pytest.mark.parametrize("threshold", [0, 3, 255])
def test_commitment_reverts_when_threshold_is_out_of_range(identities, alice, threshold):
    """I-4"""
    with reverts_with("GuardianThresholdOutOfRange", threshold, 2):
        identities.guardianCommitment(alice.address, Circle.of(threshold, *people(2)).revealed)


def test_commitment_reverts_when_guardians_are_out_of_order(identities, alice, circle):
    """I-4"""
    first, second, third = circle.guardians
    for listed, index in (
        ((first, third, second), 2),
        ((first, first, second), 1),
        ((ZERO_ADDRESS, first, second), 0),
    ):
        with reverts_with("GuardianOutOfOrder", index, listed[index]):
            identities.guardianCommitment(alice.address, (2, list(listed), SALT))
