"""Signed twins (I-3). One test per leaf of signed.tree."""

import brownie
import pytest

from tests.contracts.consents import Person
from tests.contracts.identity.changes import BY_NAME, CHANGES
from tests.contracts.reverts import reverts_with

each_change = pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.call)


@pytest.fixture
def deadline(now):
    return now + 1000


def relay(identities, relayer, change, identity, deadline, signature):
    arguments = (identity, *change.arguments, deadline, signature)
    return getattr(identities, change.twin)(*arguments, {"from": relayer})


@each_change
def test_twin_does_what_the_direct_call_does_when_controller_signed(
    identities, alice, relayer, deadline, change
):
    """I-3"""
    bob = Person.named("bob")
    direct = getattr(identities, change.call)(bob.address, *change.arguments, {"from": bob.account})
    signature = alice.sign(change.typed(identities, alice.address, deadline))
    tx = relay(identities, relayer, change, alice.address, deadline, signature)
    expected, got = dict(direct.events[change.event]), dict(tx.events[change.event])
    assert (expected.pop("identity"), got.pop("identity")) == (bob.address, alice.address)
    if expected.get("validTo"):
        expected["validTo"] += tx.timestamp - direct.timestamp
    assert got == expected
    assert identities.nonce(bob.address) == 0
    assert identities.nonce(alice.address) == 1
    assert identities.changed(alice.address) == tx.block_number


@each_change
def test_twin_reverts_when_replayed(identities, alice, relayer, deadline, change):
    """I-3"""
    signature = alice.sign(change.typed(identities, alice.address, deadline))
    relay(identities, relayer, change, alice.address, deadline, signature)
    with reverts_with("IdentitySignatureInvalid", alice):
        relay(identities, relayer, change, alice.address, deadline, signature)


@each_change
def test_twin_reverts_when_deadline_has_passed(identities, alice, relayer, now, change):
    """I-3"""
    past = now - 10
    signature = alice.sign(change.typed(identities, alice.address, past))
    with reverts_with("IdentitySignatureExpired", alice, past):
        relay(identities, relayer, change, alice.address, past, signature)


@each_change
def test_twin_works_until_its_deadline_is_over(identities, alice, relayer, now, change):
    """I-3: asked as a call, which runs in the newest block's second."""
    ask = getattr(identities, change.twin).call
    late, exact = (
        (alice.address, *change.arguments, time, alice.sign(change.typed(identities, alice.address, time)))
        for time in (now - 1, now)
    )
    with reverts_with("IdentitySignatureExpired", alice, now - 1):
        ask(*late, {"from": relayer})
    ask(*exact, {"from": relayer})


@each_change
def test_twin_reverts_when_signature_is_another(identities, alice, mallory, relayer, deadline, change):
    """I-3, C-4"""
    typed = change.typed(identities, alice.address, deadline)
    other_chain = typed | {"domain": typed["domain"] | {"chainId": 1}}
    other_contract = typed | {"domain": typed["domain"] | {"verifyingContract": relayer.address}}
    good = alice.sign(typed)
    for signature in (
        mallory.sign(typed),
        alice.sign(other_chain),
        alice.sign(other_contract),
        alice.sign(change.typed(identities, alice.address, deadline, nonce=1)),
        alice.sign(change.typed(identities, mallory.address, deadline)),
        good[:64],
        good + b"\0",
        bytes(65),
        b"",
    ):
        with reverts_with("IdentitySignatureInvalid", alice):
            relay(identities, relayer, change, alice.address, deadline, signature)
    with reverts_with("IdentitySignatureInvalid", alice):
        relay(identities, relayer, change, alice.address, deadline + 1, good)


@pytest.fixture
def wallet(identities, alice, consortium):
    """Alice's identity is controlled by a wallet contract whose key is her guardian's."""
    guardian = Person.named("guardian")
    contract = brownie.WalletMock.deploy(guardian.address, {"from": consortium})
    identities.changeOwner(alice.address, contract, {"from": alice.account})
    return guardian, contract


@each_change
def test_twin_works_when_controller_is_a_wallet(identities, alice, relayer, deadline, wallet, change):
    """I-3"""
    guardian, _ = wallet
    typed = change.typed(identities, alice.address, deadline)
    with reverts_with("IdentitySignatureInvalid", alice):
        relay(identities, relayer, change, alice.address, deadline, alice.sign(typed))
    tx = relay(identities, relayer, change, alice.address, deadline, guardian.sign(typed))
    assert change.event in tx.events


@pytest.mark.parametrize("behaviour", [1, 2, 3, 4], ids=["reverts", "burns gas", "short", "much"])
def test_twin_reverts_when_wallet_misbehaves(
    identities, alice, relayer, deadline, wallet, consortium, behaviour
):
    """I-3"""
    guardian, contract = wallet
    contract.setBehaviour(behaviour, {"from": consortium})
    change = BY_NAME["setAttribute"]
    signature = guardian.sign(change.typed(identities, alice.address, deadline))
    with reverts_with("IdentitySignatureInvalid", alice):
        relay(identities, relayer, change, alice.address, deadline, signature)


def test_domain_is_public_when_asked(identities):
    """I-3"""
    fields, name, version, chain, contract, salt, extensions = identities.eip712Domain()
    assert (str(fields), name, version) == ("0x0f", "Consentry Identity", "1")
    assert (chain, contract) == (brownie.web3.eth.chain_id, identities.address)
    assert int(str(salt), 16) == 0
    assert len(extensions) == 0
