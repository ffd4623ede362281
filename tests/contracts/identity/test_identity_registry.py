"""ERC-1056 reads, writes and events (I-1, I-2)."""

import brownie
import pytest

from tests.contracts.consents import REPRESENTATIVE, text32
from tests.contracts.identity.changes import CARER, CHANGES, DAY, SERVICE, URL
from tests.contracts.reverts import reverts_with

LATEST = 253402300799


def test_reads_answer_when_identity_never_transacted(identities, alice):
    """I-1"""
    assert identities.identityOwner(alice.address) == alice.address
    assert identities.changed(alice.address) == identities.nonce(alice.address) == 0
    assert not identities.validDelegate(alice.address, REPRESENTATIVE, CARER)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.call)
def test_change_reverts_when_caller_is_not_the_owner(identities, alice, mallory, change):
    """I-2"""
    with reverts_with("IdentityActorNotOwner", alice, mallory):
        getattr(identities, change.call)(alice.address, *change.arguments, {"from": mallory.account})


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.call)
def test_change_names_the_block_before_when_called_twice(identities, alice, change):
    """I-2"""
    before = identities.setAttribute(alice.address, text32("did/pub/x"), b"1", DAY, {"from": alice.account})
    tx = getattr(identities, change.call)(alice.address, *change.arguments, {"from": alice.account})
    event = tx.events[change.event]
    assert event["identity"] == alice.address
    assert event["previousChange"] == before.block_number
    assert identities.changed(alice.address) == tx.block_number


def test_change_owner_moves_control_when_called(identities, alice, mallory, relayer):
    """I-2"""
    identities.changeOwner(alice.address, relayer, {"from": alice.account})
    assert identities.identityOwner(alice.address) == relayer
    with reverts_with("IdentityActorNotOwner", alice, alice):
        identities.changeOwner(alice.address, alice.address, {"from": alice.account})


def test_valid_delegate_ends_when_time_passes_or_revoked(identities, alice):
    """I-2"""
    tx = identities.addDelegate(alice.address, REPRESENTATIVE, CARER, DAY, {"from": alice.account})
    assert tx.events["DIDDelegateChanged"]["validTo"] == tx.timestamp + DAY
    assert identities.validDelegate(alice.address, REPRESENTATIVE, CARER)
    assert not identities.validDelegate(alice.address, text32("veriKey"), CARER)
    brownie.chain.sleep(DAY + 1)
    brownie.chain.mine()
    assert not identities.validDelegate(alice.address, REPRESENTATIVE, CARER)
    identities.addDelegate(alice.address, REPRESENTATIVE, CARER, DAY, {"from": alice.account})
    tx = identities.revokeDelegate(alice.address, REPRESENTATIVE, CARER, {"from": alice.account})
    assert tx.events["DIDDelegateChanged"]["validTo"] == tx.timestamp
    assert not identities.validDelegate(alice.address, REPRESENTATIVE, CARER)


def test_attribute_events_carry_the_value_when_set_and_revoked(identities, alice):
    """I-2"""
    tx = identities.setAttribute(alice.address, text32(SERVICE), URL.encode(), DAY, {"from": alice.account})
    event = tx.events["DIDAttributeChanged"]
    assert (str(event["name"]), bytes.fromhex(str(event["value"])[2:])) == (text32(SERVICE), URL.encode())
    assert event["validTo"] == tx.timestamp + DAY
    tx = identities.revokeAttribute(alice.address, text32(SERVICE), URL.encode(), {"from": alice.account})
    assert tx.events["DIDAttributeChanged"]["validTo"] == 0


@pytest.mark.parametrize("validity", [LATEST, 2**256 - 1])
def test_validity_reverts_when_no_date_can_name_its_end(identities, alice, validity):
    """I-2"""
    with reverts_with("IdentityValidityTooLong", alice, validity):
        identities.setAttribute(alice.address, text32(SERVICE), b"", validity, {"from": alice.account})
    with reverts_with("IdentityValidityTooLong", alice, validity):
        identities.addDelegate(alice.address, REPRESENTATIVE, CARER, validity, {"from": alice.account})
