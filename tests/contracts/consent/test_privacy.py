"""The chain learns nothing of what a consent says (C-7, P-1): calldata, logs and storage, searched."""

import brownie
import pytest
from eth_utils import keccak

from tests.contracts.consents import iso

STORAGE_SLOTS = 8


@pytest.fixture
def trail(consents, paths, path, draft, alice):
    """Everything that granting and revoking left on chain, as one piece of bytes."""
    left = on_chain(path("grant", draft))
    if consents.actsFor(alice.address, alice.address):
        left += on_chain(paths["direct"]("revoke", draft))
    slots = [*range(STORAGE_SLOTS), slot_of(draft, consents)]
    return left + b"".join(bytes(brownie.web3.eth.get_storage_at(consents.address, slot)) for slot in slots)


def on_chain(tx):
    raw = brownie.web3.eth.get_transaction(tx.txid)
    receipt = brownie.web3.eth.get_transaction_receipt(tx.txid)
    logs = b"".join(b"".join(bytes(t) for t in log["topics"]) + bytes(log["data"]) for log in receipt["logs"])
    return bytes(raw["input"]) + logs


def slot_of(draft, consents):
    """Where `mapping(patient => id => slot)` at slot 0 keeps the consent."""
    outer = keccak(bytes(12) + bytes.fromhex(draft.patient[2:]) + bytes(32))
    return int.from_bytes(keccak(bytes.fromhex(draft.consent_id(consents)[2:]) + outer), "big")


def test_chain_data_holds_no_term_when_granted_and_revoked(trail, draft):
    """C-7, P-1"""
    said = draft.terms
    texts = [said["recipientName"], *said["roles"]]
    for one in said["provisions"]:
        texts += [*one["purposes"], *one["categories"], one["dataFrom"], one["dataUntil"], *one["authors"]]
    for text in texts:
        raw = text.encode()
        assert raw not in trail
        assert keccak(raw) not in trail
    assert bytes.fromhex(said["recipient"][2:]) not in trail
    assert bytes.fromhex(said["salt"][2:]) not in trail
    assert iso(draft.valid_from).encode() not in trail


def test_storage_is_one_slot_when_granted(consents, granted):
    """C-7"""
    word = bytes(brownie.web3.eth.get_storage_at(consents.address, slot_of(granted, consents)))
    number = int.from_bytes(word, "big")
    assert (number & 0xFF, (number >> 8) & (2**40 - 1), (number >> 48) & (2**40 - 1)) == (
        1,
        granted.valid_from,
        granted.valid_until,
    )
    for slot in range(STORAGE_SLOTS):
        assert not any(brownie.web3.eth.get_storage_at(consents.address, slot))
