"""Directory keys of members (M-5, D-1)."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from tests.contracts.reverts import reverts_with

P = 2**255 - 19
HIGHEST_BIT = 2**255
# the two points of order 8: RFC 7748's curve, https://cr.yp.to/ecdh.html#validate
ORDER_8 = (
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
)
LOW_ORDER = {
    "0": 0,
    "1": 1,
    "order 8": ORDER_8[0],
    "order 8, other": ORDER_8[1],
    "p - 1": P - 1,
    "p": P,
    "p + 1": P + 1,
}
MOST = 8


def encoded(u: int) -> bytes:
    return u.to_bytes(32, "little")


def key(number: int) -> str:
    return "0x" + hashlib.sha256(f"directory key {number}".encode()).hexdigest()


def test_add_directory_key_keeps_former_keys_when_repeatedly_called(members, mercy_hospital, city_hospital):
    """D-1, M-5: up to the eighth."""
    keys = [key(number) for number in range(MOST)]
    for one in keys:
        tx = members.addDirectoryKey(one, {"from": mercy_hospital})
        assert tx.events["DirectoryKeyAdded"]["member"] == mercy_hospital
        assert str(tx.events["DirectoryKeyAdded"]["directoryKey"]) == one
    assert [str(one) for one in members.directoryKeysOf(mercy_hospital)] == keys
    with reverts_with("MemberDirectoryKeysFull", mercy_hospital, MOST):
        members.addDirectoryKey(key(MOST), {"from": mercy_hospital})
    # each member has its own eight, and a key that stands at another one is no repetition
    members.addDirectoryKey(keys[0], {"from": city_hospital})


def test_add_directory_key_reverts_when_repeated(members, mercy_hospital):
    """M-5"""
    members.addDirectoryKey(key(0), {"from": mercy_hospital})
    members.addDirectoryKey(key(1), {"from": mercy_hospital})
    with reverts_with("DirectoryKeyRepeated", mercy_hospital, key(0)):
        members.addDirectoryKey(key(0), {"from": mercy_hospital})


@pytest.mark.parametrize("highest_bit", [0, HIGHEST_BIT], ids=["canonical", "highest bit set"])
@pytest.mark.parametrize("u", LOW_ORDER.values(), ids=LOW_ORDER.keys())
def test_add_directory_key_reverts_when_of_low_order(members, mercy_hospital, u, highest_bit):
    """M-5: exactly those with which X25519 gives zero, as OpenSSL finds too."""
    bad = encoded(u + highest_bit)
    with pytest.raises(ValueError):
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(bad))
    with reverts_with("DirectoryKeyLowOrder", mercy_hospital, "0x" + bad.hex()):
        members.addDirectoryKey(bad, {"from": mercy_hospital})


@pytest.mark.parametrize("u", [2, 9, P - 2, P + 2, ORDER_8[0] + 1, ORDER_8[1] - 1, HIGHEST_BIT - 1])
def test_add_directory_key_takes_the_neighbours_of_low_order(members, mercy_hospital, u):
    """M-5"""
    good = encoded(u)
    assert any(X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(good)))
    members.addDirectoryKey(good, {"from": mercy_hospital})
    assert bytes(members.directoryKeysOf(mercy_hospital)[0]) == good
