"""What an author keeps of a record that cannot be filed yet: its entry, encrypted under the author's own key (D-9).

AES-256-GCM under HKDF-SHA256(content key, info = `consentry/v1/waiting`), a random nonce of 12 bytes before the ciphertext,
bound to the content's id. The record key is not among what is kept: the entry holds sealed shares and a sealed copy only.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from consentry.domain import fields
from consentry.domain.entries import Entry
from consentry.errors import SealInvalid

_INFO = b"consentry/v1/waiting"
_NONCE_BYTES = 12


def seal_waiting(content_key: bytes, content_id: bytes, entry: Entry) -> bytes:
    """The encrypted entry; both others are 32 bytes."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _aead(content_key).encrypt(nonce, entry.to_plaintext(), content_id)


def open_waiting(content_key: bytes, content_id: bytes, sealed: bytes) -> Entry:
    """Raises SealInvalid when it was sealed under another key or for another content."""
    nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        plaintext = _aead(content_key).decrypt(nonce, ciphertext, content_id)
    except (InvalidTag, ValueError):
        raise SealInvalid("a waiting record was kept under another content key") from None
    return Entry.parse(plaintext)


def _aead(content_key: bytes) -> AESGCM:
    key = fields.raw_bytes(content_key, "contentKey")
    return AESGCM(HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_INFO).derive(key))
