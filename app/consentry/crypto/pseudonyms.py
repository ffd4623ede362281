"""Pseudonyms of patients in a keeper's feed (specification A-11): another one at each keeper and in each month."""

from __future__ import annotations

import hmac

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from consentry.domain import fields, times
from consentry.domain.addresses import Address, to_bytes
from consentry.domain.feeds import PSEUDONYM_BYTES

_INFO = b"consentry/v1/feed-key"
_MONTH = len("2026-11")


def feed_key(account_key: bytes, chain_id: int) -> bytes:
    """A keeper's own key for pseudonyms, 32 bytes.

    From its account's key, not from the sealing key: that one passes to whoever takes over the seat.
    """
    info = _INFO + fields.integer(chain_id, "chainId", 1).to_bytes(32, "big")
    own = fields.raw_bytes(account_key, "accountKey")
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(own)


def pseudonym(key: bytes, patient: Address, seconds: int) -> bytes:
    """The patient's in the month (UTC) of a time in seconds, 16 bytes."""
    month = times.iso(seconds)[:_MONTH].encode("ascii")
    return hmac.digest(fields.raw_bytes(key, "feedKey"), month + to_bytes(patient), "sha256")[
        :PSEUDONYM_BYTES
    ]
