"""Vetoing and finishing a recovery (I-5, I-6). One test per leaf of recovery.tree."""

import brownie
import pytest

from tests.contracts.consents import REPRESENTATIVE
from tests.contracts.identity.guardians import DELAY, ZERO_ADDRESS, veto
from tests.contracts.reverts import reverts_with

DAY = 86400


@pytest.fixture(params=["direct", "signature"])
def stop(request, identities, alice, relayer, moves, now):
    """Alice's veto on either path."""

    def signed():
        deadline = now + 9 * DELAY
        signature = alice.sign(veto(identities, alice.address, deadline))
        return identities.vetoRecoveryBySignature(alice.address, deadline, signature, {"from": relayer})

    return {"direct": moves.stop, "signature": signed}[request.param]


def test_finish_gives_control_and_ends_delegates_when_due(
    identities, alice, alices_daughter, fresh, guarded, moves, wait
):
    """I-5"""
    delegate = (alice.address, REPRESENTATIVE, alices_daughter.address)
    before = identities.addDelegate(*delegate, 365 * DAY, {"from": alice.account})
    moves.start()
    wait()
    assert identities.validDelegate(*delegate)
    tx = moves.finish()
    assert dict(tx.events["RecoveryFinished"]) == {"identity": alice.address, "newOwner": fresh.address}
    assert dict(tx.events["DIDOwnerChanged"]) == {
        "identity": alice.address,
        "owner": fresh.address,
        "previousChange": before.block_number,
    }
    assert identities.identityOwner(alice.address) == fresh.address
    assert identities.changed(alice.address) == tx.block_number
    assert identities.nonce(alice.address) == 1
    assert not identities.validDelegate(*delegate)
    assert tuple(identities.recoveryOf(alice.address)) == (ZERO_ADDRESS, 0, 1, False)
    assert str(identities.guardiansOf(alice.address)[0]) == guarded
    identities.addDelegate(*delegate, DAY, {"from": fresh.account})
    assert identities.validDelegate(*delegate)


def test_finish_reverts_when_none_is_pending(alice, guarded, moves, wait):
    """I-5"""
    with reverts_with("RecoveryNotPending", alice):
        moves.finish()
    moves.start()
    wait()
    moves.finish()
    with reverts_with("RecoveryNotPending", alice):
        moves.finish()


def test_veto_ends_the_recovery_when_in_time(identities, alice, fresh, guarded, moves, stop, wait):
    """I-6"""
    moves.start()
    tx = stop()
    assert dict(tx.events["RecoveryVetoed"]) == {"identity": alice.address, "newOwner": fresh.address}
    assert tuple(identities.recoveryOf(alice.address)) == (ZERO_ADDRESS, 0, 1, True)
    wait()
    with reverts_with("RecoveryNotPending", alice):
        moves.finish()


def test_veto_reverts_when_none_is_pending_or_it_is_spent_or_late(alice, guarded, moves, stop, wait):
    """I-6"""
    with reverts_with("RecoveryNotPending", alice):
        stop()
    due = moves.start().events["RecoveryStarted"]["executableAt"]
    wait()
    with reverts_with("RecoveryVetoTooLate", alice, due):
        stop()
    moves.start()
    stop()
    moves.start()
    with reverts_with("RecoveryVetoSpent", alice):
        stop()


def test_veto_reverts_when_caller_is_not_the_controller(alice, mallory, friends, guarded, moves):
    """I-6"""
    moves.start()
    for person in (mallory, friends[0]):
        with reverts_with("IdentityActorNotOwner", alice, person):
            moves.stop(person)


def test_delay_is_public_and_bounded_when_deployed(identities, consortium):
    """I-4"""
    assert identities.recoveryDelay() == DELAY
    for delay in (0, 365 * DAY + 1, 2**64 - 1):
        with reverts_with("RecoveryDelayOutOfRange", delay):
            brownie.IdentityRegistry.deploy(delay, {"from": consortium})
