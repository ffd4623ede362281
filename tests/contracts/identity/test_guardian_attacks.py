"""What a thief with alice's key tries, and what guardians do about it (I-4 … I-7)."""

import pytest

from tests.contracts.consents import REPRESENTATIVE
from tests.contracts.identity.changes import BY_NAME
from tests.contracts.identity.guardians import DELAY, ZERO_ADDRESS, Circle
from tests.contracts.reverts import reverts_with

DAY = 86400
CARER = BY_NAME["changeOwner"].arguments[0]


@pytest.fixture
def thief(alice):
    """Whoever holds alice's key: the chain can't tell them from alice."""
    return alice


@pytest.fixture
def thiefs(identities, alice, mallory):
    """The commitment to guardians of the thief's."""
    return Circle.of(1, mallory).commitment(identities, alice.address)


def test_thief_cannot_swap_guardians_when_they_act_within_the_delay(
    identities, alice, fresh, guarded, moves, thief, thiefs, wait
):
    """I-4, I-5"""
    moves.name(thiefs, thief)
    wait(DELAY - 60)
    moves.start()
    wait()
    assert str(identities.guardiansOf(alice.address)[0]) == guarded
    moves.finish()
    assert identities.identityOwner(alice.address) == fresh.address


def test_thief_cannot_block_for_ever_when_guardians_insist(
    identities, alice, fresh, guarded, moves, thief, thiefs, wait
):
    """I-6: one veto, and no way to a second one"""
    moves.start()
    wait(DELAY - 60)
    moves.stop(thief)
    moves.name(thiefs, thief)
    wait(DELAY - 60)
    due = moves.start().events["RecoveryStarted"]["executableAt"]
    with reverts_with("RecoveryVetoSpent", alice):
        moves.stop(thief)
    with reverts_with("RecoveryPending", alice, due):
        moves.name(thiefs, thief)
    wait()
    moves.finish()
    assert identities.identityOwner(alice.address) == fresh.address
    assert identities.recoveryOf(alice.address)[3] is False


def test_thief_cannot_void_the_guardians_signatures_when_changing_everything(
    identities, alice, fresh, friends, guarded, moves, thief, thiefs, now
):
    """I-5: the attempt moves only when a recovery starts"""
    before = identities.recoveryOf(alice.address)[2]
    identities.setAttribute(alice.address, thiefs, b"x", DAY, {"from": thief.account})
    moves.name(thiefs, thief)
    change = BY_NAME["addDelegate"]
    signature = thief.sign(change.typed(identities, alice.address, now + DAY))
    identities.addDelegateBySignature(
        alice.address, *change.arguments, now + DAY, signature, {"from": thief.account}
    )
    identities.changeOwner(alice.address, CARER, {"from": thief.account})
    assert identities.recoveryOf(alice.address)[2] == before
    moves.start(number=before)


def test_thief_cannot_escape_by_handing_the_identity_on_when_guardians_act(
    identities, alice, mallory, fresh, guarded, moves, thief, wait
):
    """I-5: guardians belong to the identity"""
    moves.start()
    identities.changeOwner(alice.address, mallory.address, {"from": thief.account})
    moves.stop(mallory)
    identities.changeOwner(alice.address, CARER, {"from": mallory.account})
    moves.start()
    wait()
    moves.finish()
    assert identities.identityOwner(alice.address) == fresh.address


def test_thief_cannot_deactivate_when_guardians_are_in_force(
    identities, alice, guarded, moves, thief, relayer, wait, now
):
    """I-7: that would block for ever"""
    direct = (alice.address, ZERO_ADDRESS, {"from": thief.account})
    with reverts_with("IdentityGuarded", alice):
        identities.changeOwner(*direct)
    moves.name("0x" + "00" * 32, thief)
    with reverts_with("IdentityGuarded", alice):
        identities.changeOwner(*direct)
    moves.start()
    with reverts_with("IdentityGuarded", alice):
        identities.changeOwner(*direct)


def test_thief_keeps_no_representative_when_recovered(
    identities, alice, mallory, fresh, guarded, moves, thief, wait, consents
):
    """I-5"""
    identities.addDelegate(alice.address, REPRESENTATIVE, mallory.address, 10**9, {"from": thief.account})
    assert consents.actsFor(alice.address, mallory.address)
    moves.start()
    wait()
    moves.finish()
    assert not consents.actsFor(alice.address, mallory.address)
    assert not consents.actsFor(alice.address, thief.address)
    assert consents.actsFor(alice.address, fresh.address)


def test_a_minority_of_guardians_cannot_start_when_threshold_is_two(alice, friends, guarded, moves):
    """I-5"""
    for one in friends:
        with reverts_with("GuardianSignaturesTooFew", alice, 1, 2):
            moves.start(people=[one])


def test_old_signatures_cannot_start_again_when_vetoed(alice, circle, friends, guarded, moves, now):
    """I-5: a relayer who kept them gains nothing"""
    moves.start(number=0)
    moves.stop()
    first = next(one for one in circle.guardians if one in {friends[0].address, friends[1].address})
    with reverts_with("GuardianSignatureInvalid", alice, first):
        moves.start(number=0)


def test_veto_comes_back_when_guardians_changed(identities, alice, guarded, moves, circle, wait):
    """I-6"""
    moves.start()
    moves.stop()
    moves.name(guarded)
    wait()
    assert identities.recoveryOf(alice.address)[3] is False
    moves.start()
    moves.stop()
