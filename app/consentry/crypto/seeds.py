"""What a category seed gives (specification L-11, L-12), and X25519 public keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from consentry.crypto import hpke
from consentry.domain import fields, infos


@dataclass(frozen=True, repr=False)
class CategorySecret:
    """What a category seed gives: an X25519 channel key, an X-Wing entry seed and the commitment (32 bytes
    each).
    """

    channel_private: bytes
    entry_seed: bytes
    commitment: bytes

    @cached_property
    def channel_public(self) -> bytes:
        """32 bytes."""
        return directory_public(self.channel_private)

    @cached_property
    def entry_public(self) -> bytes:
        """1,216 bytes."""
        return hpke.public_key(self.entry_seed)

    @cached_property
    def entry_opener(self) -> hpke.Opener:
        """The entry seed, made ready to open many entries."""
        return hpke.Opener(self.entry_seed)


def derive(seed: bytes) -> CategorySecret:
    """L-11, L-12. Raises LayoutInvalid unless the seed has 32 bytes."""
    return CategorySecret(
        channel_private=_expand(seed, infos.CHANNEL_KEY),
        entry_seed=_expand(seed, infos.ENTRY_KEY),
        commitment=seed_commitment_of(seed),
    )


def seed_commitment_of(seed: bytes) -> bytes:
    """L-12, 32 bytes."""
    return _expand(seed, infos.SEED_COMMITMENT)


def directory_public(private: bytes) -> bytes:
    """The public X25519 key, 32 bytes."""
    key = X25519PrivateKey.from_private_bytes(fields.raw_bytes(private, "directoryKey"))
    return key.public_key().public_bytes_raw()


def _expand(seed: bytes, info: bytes) -> bytes:
    fields.raw_bytes(seed, "seed")
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(seed)
