"""Deactivation sticks (I-7). One test per leaf of deactivate.tree."""

import pytest

from tests.contracts.consents import REPRESENTATIVE
from tests.contracts.identity.changes import CARER, CHANGES, DAY, Change
from tests.contracts.identity.guardians import DELAY, NONE, ZERO_ADDRESS, naming
from tests.contracts.reverts import reverts_with

each_change = pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.call)
ENDING = Change(
    "changeOwner",
    "ChangeOwner",
    [("newOwner", "address")],
    {"newOwner": ZERO_ADDRESS},
    (ZERO_ADDRESS,),
    "DIDOwnerChanged",
)


@pytest.fixture(params=["direct", "signature"])
def deactivate(request, identities, alice, relayer, now):
    """End alice's identity on either path."""

    def signed():
        signature = alice.sign(ENDING.typed(identities, alice.address, now + DELAY * 9))
        sent = (alice.address, ZERO_ADDRESS, now + DELAY * 9, signature)
        return identities.changeOwnerBySignature(*sent, {"from": relayer})

    def direct():
        return identities.changeOwner(alice.address, ZERO_ADDRESS, {"from": alice.account})

    return {"direct": direct, "signature": signed}[request.param]


def test_deactivation_leaves_nobody_in_control_when_called(identities, alice, consents, deactivate):
    """I-7"""
    delegate = (alice.address, REPRESENTATIVE, CARER)
    identities.addDelegate(*delegate, DAY, {"from": alice.account})
    before = identities.changed(alice.address)
    tx = deactivate()
    assert dict(tx.events["DIDOwnerChanged"]) == {
        "identity": alice.address,
        "owner": ZERO_ADDRESS,
        "previousChange": before,
    }
    assert identities.identityOwner(alice.address) == ZERO_ADDRESS
    assert not identities.validDelegate(*delegate)
    for account in (alice.address, CARER, ZERO_ADDRESS):
        assert not consents.actsFor(alice.address, account)


@each_change
def test_deactivated_reverts_when_changed_in_any_way(identities, alice, relayer, deactivate, change, now):
    """I-7"""
    deactivate()
    with reverts_with("IdentityActorNotOwner", alice, alice):
        getattr(identities, change.call)(alice.address, *change.arguments, {"from": alice.account})
    deadline = now + 9 * DELAY
    for signature in (alice.sign(change.typed(identities, alice.address, deadline)), bytes(65), b""):
        with reverts_with("IdentitySignatureInvalid", alice):
            getattr(identities, change.twin)(
                alice.address, *change.arguments, deadline, signature, {"from": relayer}
            )


def test_deactivated_takes_no_guardians_when_asked(
    identities, alice, circle, relayer, deactivate, moves, now
):
    """I-7"""
    deactivate()
    commitment = circle.commitment(identities, alice.address)
    with reverts_with("IdentityActorNotOwner", alice, alice):
        moves.name(commitment)
    signature = alice.sign(naming(identities, alice.address, commitment, now + DAY))
    with reverts_with("IdentitySignatureInvalid", alice):
        identities.setGuardiansBySignature(alice.address, commitment, now + DAY, signature, {"from": relayer})
    with reverts_with("GuardianSetNotInForce", alice, commitment):
        moves.start()
    with reverts_with("IdentityActorNotOwner", alice, alice):
        moves.stop()
    with reverts_with("RecoveryNotPending", alice):
        moves.finish()


def test_deactivation_reverts_when_guarded(alice, guarded, deactivate):
    """I-7"""
    with reverts_with("IdentityGuarded", alice):
        deactivate()


def test_deactivation_works_when_guardians_have_ended(identities, alice, guarded, moves, deactivate, wait):
    """I-7"""
    moves.name(NONE)
    with reverts_with("IdentityGuarded", alice):
        deactivate()
    wait()
    deactivate()
    assert identities.identityOwner(alice.address) == ZERO_ADDRESS


def test_change_owner_gives_back_to_the_own_key_when_named(identities, alice, relayer):
    """I-1, I-7"""
    identities.changeOwner(alice.address, relayer, {"from": alice.account})
    identities.changeOwner(alice.address, alice.address, {"from": relayer})
    assert identities.identityOwner(alice.address) == alice.address
