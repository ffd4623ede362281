"""The chain learns nothing of the patient (E-2, P-1): calldata, logs and storage, searched and compared."""

import brownie
import pytest
from eth_utils import keccak

from tests.contracts.consents import Person
from tests.contracts.emergency.openings import JUSTIFIED

SLOTS = 6
LANE_WORDS = 3


def on_chain(tx):
    """Arguments and logs of a transaction, as one piece of bytes in words of 32."""
    raw = brownie.web3.eth.get_transaction(tx.txid)
    receipt = brownie.web3.eth.get_transaction_receipt(tx.txid)
    logs = b"".join(b"".join(bytes(t) for t in log["topics"]) + bytes(log["data"]) for log in receipt["logs"])
    return bytes(raw["input"])[4:] + logs


@pytest.fixture
def live(emergencies, open_box, dr_bose, dr_chen, city_hospital):
    """Opens, closes and reviews; returns all that it left: transactions, and the storage words it may touch."""

    def live(box):
        opening_id = box.opening_id(emergencies)
        # no two openings close in the same second
        brownie.chain.sleep(100)
        left = on_chain(open_box(box))
        left += on_chain(emergencies.close(opening_id, {"from": dr_bose.account}))
        left += on_chain(emergencies.review(opening_id, JUSTIFIED, {"from": dr_chen.account}))
        return left + storage(opening_id)

    def storage(opening_id):
        words = [*range(SLOTS)]
        for base in range(SLOTS):
            words.append(keyed(bytes.fromhex(opening_id[2:]), base))
            book = keyed(bytes(12) + bytes.fromhex(str(city_hospital)[2:]), base)
            lane = keyed(bytes(32), book + 1)
            words += [book, *(lane + word for word in range(LANE_WORDS))]
        return b"".join(bytes(brownie.web3.eth.get_storage_at(emergencies.address, word)) for word in words)

    return live


def keyed(key, slot):
    """Where a mapping at `slot` keeps `key`."""
    return int.from_bytes(keccak(key + slot.to_bytes(32, "big")), "big")


def test_chain_data_holds_no_patient_when_opened_closed_and_reviewed(live, box, emergencies):
    """E-2, P-1"""
    trail = live(box)
    assert bytes.fromhex(box.opening_id(emergencies)[2:]) in trail
    patient, salt = bytes.fromhex(box.patient[2:]), bytes.fromhex(box.salt[2:])
    for secret in (patient, salt, keccak(patient), keccak(bytes(12) + patient), b"emergency"):
        assert secret not in trail


def test_chain_data_links_no_openings_when_patient_is_the_same(live, another, box, emergencies):
    """E-2: the 32-byte words that two openings share are the same whether their patients are or not."""
    alices, alices_too = words(live(box)), words(live(another()))
    bobs = words(live(another(patient=Person.named("bob").address)))
    assert alices & alices_too == alices & bobs
    assert alices & alices_too


def words(trail):
    """Its words, except those of one byte: the last byte of a signature has two values, and agrees by chance."""
    cut = (trail[at : at + 32] for at in range(0, len(trail), 32))
    return {word for word in cut if len(word.replace(b"\0", b"")) > 1}
