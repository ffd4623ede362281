"""The chain learns nothing of what a consent or a mandate says (C-7, P-1): calldata, logs and storage, searched."""

from dataclasses import replace

import brownie
import pytest
from eth_utils import keccak

from tests.contracts.mandates import SCOPE_SALT, scope
from tests.contracts.typed import iso

STORAGE_SLOTS = 8
MANDATES_SLOT = 1


@pytest.fixture
def granted_and_revoked(consents, paths, path, draft, alice):
    """Everything that granting and revoking left on chain, as one piece of bytes."""
    left = on_chain(path("grant", draft))
    if consents.actsFor(alice.address, alice.address):
        left += on_chain(paths["direct"]("revoke", draft))
    return left + stored(consents, slot_of(draft.patient, draft.consent_id(consents)))


def on_chain(tx):
    raw = brownie.web3.eth.get_transaction(tx.txid)
    receipt = brownie.web3.eth.get_transaction_receipt(tx.txid)
    logs = b"".join(b"".join(bytes(t) for t in log["topics"]) + bytes(log["data"]) for log in receipt["logs"])
    return bytes(raw["input"]) + logs


def stored(consents, *slots):
    return b"".join(
        bytes(brownie.web3.eth.get_storage_at(consents.address, slot))
        for slot in (*range(STORAGE_SLOTS), *slots)
    )


def slot_of(patient, one):
    """Where `mapping(patient => id => slot)` at slot 0 keeps a consent or a mandate."""
    outer = keccak(bytes(12) + bytes.fromhex(patient[2:]) + bytes(32))
    return int.from_bytes(keccak(bytes.fromhex(one[2:]) + outer), "big")


def mandate_slot_of(consent_id):
    """Where `mapping(consentId => mandateId)` at slot 1 names the mandate."""
    return int.from_bytes(keccak(bytes.fromhex(consent_id[2:]) + MANDATES_SLOT.to_bytes(32, "big")), "big")


def assert_silent(trail, *said):
    """No word of these provisions' texts, nor a bare hash of one, nor a salt, is in the trail."""
    for what in said:
        texts = [what.get("recipientName", "City Hospital"), *what.get("roles", [])]
        for one in what["provisions"]:
            texts += [*one["purposes"], *one["categories"], one["dataFrom"], one["dataUntil"]]
            texts += [*one["authors"], *one["records"]]
        for text in texts:
            assert text.encode() not in trail
            assert keccak(text.encode()) not in trail
        if "recipient" in what:
            assert bytes.fromhex(what["recipient"][2:]) not in trail
        assert bytes.fromhex(what["salt"][2:]) not in trail


def test_chain_data_holds_no_term_when_granted_and_revoked(granted_and_revoked, draft):
    """C-7, P-1"""
    assert_silent(granted_and_revoked, draft.terms)
    assert iso(draft.valid_from).encode() not in granted_and_revoked


def test_chain_data_holds_no_term_when_replaced(consents, paths, path, granted, draft):
    """C-7, C-15, P-1"""
    other = replace(draft, terms=draft.terms | {"roles": ["resident"]})
    old, new = granted.consent_id(consents), other.consent_id(consents)
    left = on_chain(path("replace", other, old))
    assert_silent(
        left + stored(consents, slot_of(draft.patient, old), slot_of(draft.patient, new)), other.terms
    )


def test_chain_data_holds_no_term_when_many_are_granted(consents, draft, alice, relayer):
    """C-7, C-16, P-1"""
    drafts = [replace(draft, valid_until=draft.valid_until + number) for number in range(3)]
    signatures = [alice.sign(one.typed(consents)) for one in drafts]
    tx = consents.grantMany([one.grant(consents) for one in drafts], signatures, {"from": relayer})
    assert_silent(on_chain(tx), draft.terms)


def test_chain_data_holds_no_scope_when_granted_under_a_mandate(
    consents, draft, alice, mandate, under_mandate, relayer
):
    """C-7, C-17 … C-19, P-1"""
    narrow = replace(mandate, scope=scope(provisions=draft.terms["provisions"], salt=SCOPE_SALT))
    signature = alice.sign(narrow.typed(consents))
    left = on_chain(consents.grantMandateBySignature(narrow.carried(consents), signature, {"from": relayer}))
    left += on_chain(under_mandate["mandate-signature"]("grant", draft, narrow))
    left += on_chain(under_mandate["mandate-signature"]("revoke", draft, narrow))
    consent_id, mandate_id = draft.consent_id(consents), narrow.mandate_id(consents)
    named = mandate_slot_of(consent_id)
    assert stored(consents, named).endswith(bytes.fromhex(mandate_id[2:]))
    left += stored(consents, named, slot_of(draft.patient, consent_id), slot_of(draft.patient, mandate_id))
    assert_silent(left, draft.terms, narrow.scope)


def test_storage_is_one_slot_when_granted(consents, granted):
    """C-7"""
    slot = slot_of(granted.patient, granted.consent_id(consents))
    number = int.from_bytes(bytes(brownie.web3.eth.get_storage_at(consents.address, slot)), "big")
    assert (number & 0xFF, (number >> 8) & (2**40 - 1), (number >> 48) & (2**40 - 1)) == (
        1,
        granted.valid_from,
        granted.valid_until,
    )
    assert number >> 128 == 0
    assert not any(stored(consents, mandate_slot_of(granted.consent_id(consents))))
