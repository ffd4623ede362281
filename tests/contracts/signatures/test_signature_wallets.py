"""Signatures by wallet contracts, well-behaved and not, for every signed function (C-3, C-4, I-8)."""

import pytest

from tests.contracts.consents import text32
from tests.contracts.reverts import reverts_with

BEHAVIOURS = {
    "reverts": 1,
    "burns all gas": 2,
    "answers short": 3,
    "answers much": 4,
    "answers garbage": 5,
}


@pytest.fixture
def ask(case, world, wallet):
    """The call, with the wallet as signatory."""
    case.prepare(world, wallet.address)
    return case.ask(world, wallet.address)


def test_signed_call_works_when_the_wallet_accepts(case, ask, owner):
    """I-8"""
    assert case.event in ask.send(owner.sign(ask.typed)).events


def test_signed_call_reverts_when_the_wallet_does_not_accept(ask, alice, mallory, owner):
    """I-8, C-4: neither does it take the former key"""
    good = owner.sign(ask.typed)
    for signature in (alice.sign(ask.typed), mallory.sign(ask.typed), good[:64], bytes(65), b"", b"\1" * 900):
        with reverts_with(*ask.refusal(signature)):
            ask.send(signature)


def test_signed_call_reverts_when_replayed_by_a_wallet(ask, owner):
    """I-3, I-8"""
    signature = owner.sign(ask.typed)
    ask.send(signature)
    with reverts_with(*ask.replayed):
        ask.send(signature)


@pytest.mark.parametrize("behaviour", BEHAVIOURS.values(), ids=BEHAVIOURS)
def test_signed_call_reverts_when_the_wallet_misbehaves(ask, owner, wallet, consortium, behaviour):
    """I-8"""
    wallet.setBehaviour(behaviour, {"from": consortium})
    with reverts_with(*ask.refused):
        ask.send(owner.sign(ask.typed))


def test_signed_call_reverts_when_the_wallet_is_gone(ask, owner, wallet, set_code):
    """I-8: destroyed, or never deployed on this chain"""
    set_code(wallet.address, "0x")
    with reverts_with(*ask.refused):
        ask.send(owner.sign(ask.typed))


def test_signed_call_is_done_once_when_the_wallet_calls_back(case, ask, world, owner, wallet, consortium):
    """I-8: what the wallet could do as controller at any other time fails while it is asked"""
    name = text32("did/pub/back")
    data = world.identities.setAttribute.encode_input(world.alice.address, name, b"", 60)
    wallet.setCallBack(world.identities, data, {"from": consortium})
    tx = ask.send(owner.sign(ask.typed))
    assert case.event in tx.events
    assert tx.events.count("DIDAttributeChanged") == (case.event == "DIDAttributeChanged")


def test_wallet_that_calls_back_would_succeed_when_not_asked_by_a_static_call(
    world, wallet, alice, owner, consortium
):
    """I-8: so that the test before does not pass for want of gas or of rights"""
    world.identities.changeOwner(alice.address, wallet, {"from": alice.account})
    data = world.identities.setAttribute.encode_input(alice.address, text32("did/pub/back"), b"", 60)
    wallet.setCallBack(world.identities, data, {"from": consortium})
    tx = wallet.isValidSignature("0x" + "00" * 32, b"", {"from": owner.account})
    assert str(tx.events["DIDAttributeChanged"]["name"]) == text32("did/pub/back")


def test_signed_call_is_done_once_when_the_wallet_relays_it_itself(
    case, ask, world, owner, wallet, consortium
):
    """I-8: the wallet is sender, signatory and caller back at once"""
    data = world.identities.changeOwner.encode_input(world.alice.address, owner.address)
    back = wallet.execute.encode_input(world.identities.address, data)
    wallet.setCallBack(wallet.address, back, {"from": consortium})
    before = world.identities.identityOwner(world.alice.address)
    signature = owner.sign(ask.typed)
    target = ask.typed["domain"]["verifyingContract"]
    tx = wallet.execute(target, ask.encoded(signature), {"from": owner.account})
    assert case.event in tx.events
    if case.event != "DIDOwnerChanged":
        assert world.identities.identityOwner(world.alice.address) == before
    else:
        assert len(tx.events["DIDOwnerChanged"]) == 1
