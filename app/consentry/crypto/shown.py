"""What a session was shown, while it is kept for paging: encrypted under a key that the gateway does not hold (design §8).

AES-256-GCM under HKDF-SHA256(the caller's bearer token, 32 random bytes, `consentry/v1/shown`). Each set has a salt and so a key
of its own; a plaintext's number in the set is its nonce, used once, and its name is bound to it. Between requests only salt and
ciphertext are in memory: without the token nobody opens them.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from consentry.errors import SealInvalid

SALT_BYTES = 32
_INFO = b"consentry/v1/shown"


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


class ShownCipher:
    """Seals and opens one set for whoever shows the token that made it."""

    def __init__(self, token: bytes, salt: bytes) -> None:
        key = HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=_INFO).derive(token)
        self._aead = AESGCM(key)

    def seal(self, number: int, name: bytes, plaintext: bytes) -> bytes:
        """`number` is used once in a set."""
        return self._aead.encrypt(number.to_bytes(12, "big"), plaintext, name)

    def open_(self, number: int, name: bytes, sealed: bytes) -> bytes:
        """Raises SealInvalid for another token's, another set's or another thing's."""
        try:
            return self._aead.decrypt(number.to_bytes(12, "big"), sealed, name)
        except (InvalidTag, ValueError):
            raise SealInvalid("what is kept here was sealed for another session") from None
