"""What an author keeps encrypted under its own key, in its own database.

AES-256-GCM under HKDF-SHA256(content key, info), a random nonce of 12 bytes before the ciphertext, bound to a name.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from consentry.domain import fields
from consentry.errors import SealInvalid

_NONCE_BYTES = 12


def seal_kept(content_key: bytes, info: bytes, name: bytes, plaintext: bytes) -> bytes:
    """`info` says what kind of thing it is, `name` which one; the key has 32 bytes."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _aead(content_key, info).encrypt(nonce, plaintext, name)


def open_kept(content_key: bytes, info: bytes, name: bytes, sealed: bytes) -> bytes:
    """Raises SealInvalid when it was sealed under another key, or is another thing."""
    nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return _aead(content_key, info).decrypt(nonce, ciphertext, name)
    except (InvalidTag, ValueError):
        raise SealInvalid("what is kept here was sealed under another content key") from None


def _aead(content_key: bytes, info: bytes) -> AESGCM:
    key = fields.raw_bytes(content_key, "contentKey")
    return AESGCM(HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(key))
