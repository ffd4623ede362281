"""HPKE (RFC 9180, base mode) with X-Wing, HKDF-SHA256 and AES-256-GCM (specification L-7)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import lru_cache
from hashlib import shake_256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from consentry.domain import fields
from consentry.errors import LayoutInvalid, SealInvalid

SEED_BYTES = 32
PUBLIC_KEY_BYTES = 1216
_MLKEM_BYTES = 1184
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_ANY = X25519PrivateKey.generate()
"""Opens nothing: points are tried with it."""


@dataclass(frozen=True, repr=False)
class KeyPair:
    """An X-Wing key: the private 32-byte seed and the public 1,216 bytes."""

    seed: bytes
    public: bytes

    @classmethod
    def generate(cls) -> KeyPair:
        return cls.from_seed(generate_seed())

    @classmethod
    def from_seed(cls, seed: bytes) -> KeyPair:
        return cls(seed, public_key(seed))


def generate_seed() -> bytes:
    """32 random bytes: an X-Wing private key."""
    return secrets.token_bytes(SEED_BYTES)


def public_key(seed: bytes) -> bytes:
    """The 1,216-byte public key (ML-KEM-768, then X25519) of a seed."""
    return _public_bytes(*_private_parts(seed))


def check_public_key(public: bytes) -> None:
    """Raise LayoutInvalid unless something can be sealed to this key: both halves are keys, and the point is not degenerate,
    with which every private key agrees on zero. That costs a third of sealing."""
    fields.raw_bytes(public, "publicKey", PUBLIC_KEY_BYTES)
    _public(public)
    try:
        _ANY.exchange(X25519PublicKey.from_public_bytes(public[_MLKEM_BYTES:]))
    except ValueError:
        raise _degenerate() from None


def seal(public: bytes, info: bytes, plaintext: bytes) -> bytes:
    """enc (1,120 bytes) and ciphertext, openable with the seed and the same `info`.

    Raises LayoutInvalid for a bad key.
    """
    key = _public(fields.raw_bytes(public, "publicKey", PUBLIC_KEY_BYTES))
    try:
        return _SUITE.encrypt(plaintext, key, info=info)
    except ValueError:
        raise _degenerate() from None


class Opener:
    """A private key made ready: expanding the seed costs more than opening by it, so whoever opens much keeps one."""

    def __init__(self, seed: bytes) -> None:
        self._parts = _private_parts(seed)
        self._key = MLKEM768X25519PrivateKey(*self._parts)

    @property
    def public(self) -> bytes:
        """Its 1,216-byte public key."""
        return _public_bytes(*self._parts)

    def open_(self, info: bytes, sealed: bytes) -> bytes:
        """The plaintext. Raises SealInvalid if the key, the `info` or a byte of the sealed value is another."""
        try:
            return _SUITE.decrypt(sealed, self._key, info=info)
        except (InvalidTag, ValueError):
            raise SealInvalid() from None


def open_(key: bytes | Opener, info: bytes, sealed: bytes) -> bytes:
    """The same with a 32-byte seed, or with what was made ready of one."""
    return (Opener(key) if isinstance(key, bytes) else key).open_(info, sealed)


def _private_parts(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    expanded = shake_256(fields.raw_bytes(seed, "seed", SEED_BYTES)).digest(96)
    return MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), X25519PrivateKey.from_private_bytes(
        expanded[64:]
    )


def _public_bytes(mlkem: MLKEM768PrivateKey, x25519: X25519PrivateKey) -> bytes:
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def _degenerate() -> LayoutInvalid:
    return LayoutInvalid("publicKey: must not be a degenerate point", expression=("publicKey",))


@lru_cache(maxsize=256)
def _public(public: bytes) -> MLKEM768X25519PublicKey:
    try:
        mlkem = MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_BYTES])
        return MLKEM768X25519PublicKey(mlkem, X25519PublicKey.from_public_bytes(public[_MLKEM_BYTES:]))
    except ValueError:
        raise LayoutInvalid("publicKey: must be an X-Wing key", expression=("publicKey",)) from None
