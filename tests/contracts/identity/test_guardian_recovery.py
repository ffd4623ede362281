"""Starting a recovery (I-4, I-5). One test per leaf of recovery.tree."""

from dataclasses import replace

import brownie
import pytest

from tests.contracts.consents import Person
from tests.contracts.identity.guardians import DELAY, NONE, ZERO_ADDRESS, Circle, recovery
from tests.contracts.reverts import reverts_with

DAY = 86400
OTHER = "0x" + "c0" * 32


def test_start_gives_notice_when_enough_guardians_signed(identities, alice, fresh, guarded, moves):
    """I-5"""
    tx = moves.start()
    assert dict(tx.events["RecoveryStarted"]) == {
        "identity": alice.address,
        "newOwner": fresh.address,
        "executableAt": tx.timestamp + DELAY,
    }
    assert tuple(identities.recoveryOf(alice.address)) == (fresh.address, tx.timestamp + DELAY, 1, False)
    assert identities.identityOwner(alice.address) == alice.address


def test_start_works_when_guardians_are_wallets(identities, alice, friends, guarded, moves, consortium, wait):
    """I-5, C-3"""
    wallet = brownie.WalletMock.deploy(friends[0].address, {"from": consortium})
    using = Circle.of(2, wallet, friends[1])
    moves.name(using.commitment(identities, alice.address))
    wait()
    deadline = brownie.chain[-1].timestamp + DAY
    typed = recovery(identities, alice.address, friends[2].address, deadline)
    keys = {wallet.address: friends[0], friends[1].address: friends[1]}
    signatures = [keys[one].sign(typed) for one in using.guardians]
    arguments = (alice.address, friends[2].address, using.revealed, signatures, deadline)
    assert "RecoveryStarted" in identities.startRecovery(*arguments, {"from": friends[2].account}).events


def test_start_replaces_the_pending_recovery_when_repeated(identities, alice, mallory, guarded, moves, wait):
    """I-5"""
    moves.start(mallory.address)
    wait(DELAY - 60)
    tx = moves.start()
    assert tuple(identities.recoveryOf(alice.address))[1:3] == (tx.timestamp + DELAY, 2)
    with reverts_with("RecoveryNotDue", alice, tx.timestamp + DELAY):
        moves.finish()


def test_start_discards_a_change_of_guardians_when_pending(identities, alice, guarded, moves, wait):
    """I-5"""
    moves.name(OTHER)
    moves.start()
    wait(2 * DELAY)
    assert tuple(str(one) for one in identities.guardiansOf(alice.address)) == (guarded, NONE, "0")


def test_start_reverts_when_too_few_signed(alice, friends, guarded, moves):
    """I-5"""
    for signed in ([], friends[:1]):
        with reverts_with("GuardianSignaturesTooFew", alice, len(signed), 2):
            moves.start(people=signed)


def test_start_reverts_when_a_signature_is_for_another_attempt(alice, circle, guarded, moves):
    """I-5"""
    for number in (1, 2**256 - 1):
        with pytest.raises(brownie.exceptions.VirtualMachineError, match="GuardianSignatureInvalid"):
            moves.start(number=number)
    moves.start()
    with pytest.raises(brownie.exceptions.VirtualMachineError, match="GuardianSignatureInvalid"):
        moves.start(number=0)


def test_start_reverts_when_signatures_stand_beside_the_wrong_guardians(
    identities, alice, circle, friends, fresh, guarded, relayer, now
):
    """I-5"""
    typed = recovery(identities, alice.address, fresh.address, now + DAY)
    good = circle.signed(typed, *friends)
    head = (alice.address, fresh.address, circle.revealed)
    for listed in (good[:2], [*good, b""], []):
        with reverts_with("GuardianSignaturesMisaligned", len(listed), 3):
            identities.startRecovery(*head, listed, now + DAY, {"from": relayer})
    with reverts_with("GuardianSignatureInvalid", alice, circle.guardians[0]):
        identities.startRecovery(*head, good[::-1], now + DAY, {"from": relayer})
    with reverts_with("GuardianSignatureInvalid", alice, circle.guardians[1]):
        identities.startRecovery(*head, [good[0], good[0], b""], now + DAY, {"from": relayer})


def test_start_reverts_when_set_is_not_the_one_in_force(identities, alice, circle, friends, guarded, moves):
    """I-5"""
    for other in (replace(circle, salt=OTHER), replace(circle, threshold=1), Circle.of(1, friends[0])):
        commitment = other.commitment(identities, alice.address)
        with reverts_with("GuardianSetNotInForce", alice, commitment):
            moves.start(using=other)


def test_start_reverts_when_nobody_is_named(identities, alice, circle, moves):
    """I-5"""
    with reverts_with("GuardianSetNotInForce", alice, circle.commitment(identities, alice.address)):
        moves.start()


def test_start_follows_the_change_when_its_delay_is_over(identities, alice, circle, guarded, moves, wait):
    """I-4, I-5"""
    others = Circle.of(1, Person.named("aunt"))
    moves.name(others.commitment(identities, alice.address))
    wait()
    with reverts_with("GuardianSetNotInForce", alice, guarded):
        moves.start()
    moves.start(using=others, people=[Person.named("aunt")])


def test_start_reverts_when_set_could_never_act(identities, alice, guarded, relayer, fresh, now):
    """I-5"""
    with reverts_with("GuardianCountOutOfRange", 0):
        identities.startRecovery(
            alice.address, fresh.address, (0, [], NONE), [], now + DAY, {"from": relayer}
        )


def test_start_reverts_when_late_or_for_nobody(alice, guarded, moves, now):
    """I-5"""
    with reverts_with("RecoverySignatureExpired", alice, now - 10):
        moves.start(deadline=now - 10)
    with reverts_with("RecoveryNewOwnerZero", alice):
        moves.start(ZERO_ADDRESS)
