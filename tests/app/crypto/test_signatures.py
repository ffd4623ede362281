"""Signatures of accounts and of session keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_account import Account
from hypothesis import given, settings
from hypothesis import strategies as st

from consentry.crypto import signatures
from consentry.domain.requests import signed_bytes
from consentry.errors import LayoutInvalid, SignatureInvalid
from tests.vectors import samples
from tests.vectors.samples import ALICE, CHAIN_ID, filler

KEY = filler("account alice")
DIGEST = filler("digest")
SIGNATURE = signatures.sign_digest(KEY, DIGEST)


def test_sign_digest_is_what_eth_account_signs() -> None:
    """C-4: deterministic, low s, v 27 or 28."""
    for i in range(20):
        digest = filler(f"digest {i}")
        own = signatures.sign_digest(KEY, digest)
        assert own == bytes(Account.unsafe_sign_hash(digest, KEY).signature)
        assert signatures.recover(digest, own) == ALICE == Account.from_key(KEY).address.lower()


def test_recover_refuses_the_twin_with_high_s() -> None:
    """C-4."""
    r, s, v = SIGNATURE[:32], int.from_bytes(SIGNATURE[32:64], "big"), SIGNATURE[64]
    twin = r + (signatures.ORDER - s).to_bytes(32, "big") + bytes((27 + 28 - v,))
    with pytest.raises(SignatureInvalid, match="low s"):
        signatures.recover(DIGEST, twin)


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        SIGNATURE[:64],
        SIGNATURE + b"\0",
        SIGNATURE[:64] + b"\0",
        SIGNATURE[:64] + b"\1",
        SIGNATURE[:64] + b"\x1d",
        bytes(64) + b"\x1b",
        bytes(32) + SIGNATURE[32:],
        SIGNATURE[:32] + bytes(32) + SIGNATURE[64:],
        b"\xff" * 32 + SIGNATURE[32:],
    ],
)
def test_recover_refuses_what_is_no_signature(signature: bytes) -> None:
    """C-4."""
    with pytest.raises(SignatureInvalid):
        signatures.recover(DIGEST, signature)


@given(signature=st.binary(min_size=65, max_size=65), digest=st.binary(min_size=31, max_size=33))
@settings(max_examples=200, deadline=None)
def test_recover_gives_an_account_or_refuses(signature: bytes, digest: bytes) -> None:
    """C-4: nothing else escapes, and it is never alice."""
    for last in (signature, signature[:32] + b"\0" + signature[33:64] + b"\x1b"):
        try:
            assert signatures.recover(digest, last) != ALICE
        except SignatureInvalid:
            continue


def test_keys_outside_the_curve_are_refused() -> None:
    """C-4."""
    for scalar in (bytes(32), signatures.ORDER.to_bytes(32, "big"), bytes(31)):
        with pytest.raises(LayoutInvalid):
            signatures.account_of(scalar)
    for scalar in (bytes(32), b"\xff" * 32, bytes(33)):
        with pytest.raises(LayoutInvalid):
            signatures.SessionKey.from_bytes(scalar)
    assert len({signatures.account_of(signatures.generate_account_key()) for _ in range(3)}) == 3


def test_session_key_signs_requests_only_as_requests() -> None:
    """L-19: the prefix is part of what is signed."""
    key = signatures.SessionKey.generate()
    signature = key.sign(b"request")
    assert len(signature) == 64
    assert signatures.verify_session(key.public, signed_bytes(b"request"), signature)
    assert not signatures.verify_session(key.public, b"request", signature)
    assert not signatures.verify_session(key.public, signed_bytes(b"another"), signature)
    assert not signatures.verify_session(samples.session_key().public, signed_bytes(b"request"), signature)
    for wrong in (b"", signature[:63], signature + b"\0", bytes(64), b"\xff" * 64):
        assert not signatures.verify_session(key.public, signed_bytes(b"request"), wrong)


def test_verify_session_refuses_a_point_off_the_curve() -> None:
    """K-2."""
    off = "0x04" + "11" * 64
    assert not signatures.verify_session(off, signed_bytes(b"request"), bytes(64))
    with pytest.raises(LayoutInvalid):
        signatures.verify_session("0x04", b"", bytes(64))


@pytest.mark.parametrize("kind", ["staff", "system", "patient"])
def test_session_signer_is_the_account_that_signed(kind: str) -> None:
    """K-2: on this chain."""
    certificate = samples.certificate(kind)
    expected = {"staff": samples.DR_BOSE, "system": samples.HIS, "patient": ALICE}[kind]
    assert signatures.session_signer(certificate, CHAIN_ID) == expected
    if kind == "patient":
        assert signatures.session_signer(certificate, 1) != expected
    else:
        with pytest.raises(SignatureInvalid, match="another account"):
            signatures.session_signer(certificate, 1)


def test_session_signer_refuses_a_session_changed_afterwards() -> None:
    """K-2."""
    certificate = samples.certificate()
    longer = replace(certificate.fields, expires=samples.NOW + 8 * 3600)
    with pytest.raises(SignatureInvalid):
        signatures.session_signer(replace(certificate, fields=longer), CHAIN_ID)
