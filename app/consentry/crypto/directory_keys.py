"""Category seeds, channels and sealed entries (specification L-11 to L-15, D-1)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from consentry.crypto import hpke
from consentry.crypto.sealing import seal_shares
from consentry.crypto.seeds import CategorySecret as CategorySecret
from consentry.crypto.seeds import derive as derive
from consentry.crypto.seeds import directory_public as directory_public
from consentry.domain import fields, infos
from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.directory import CategoryKeys, DirectoryDocument
from consentry.domain.entries import Entry
from consentry.domain.ledger import CommitteeInfo
from consentry.errors import LayoutInvalid


@dataclass(frozen=True, repr=False)
class NewDirectory:
    """A directory document and the 32-byte seeds behind it, which only the patient's client holds whole."""

    document: DirectoryDocument
    seeds: dict[Category, bytes]


def generate_directory_key() -> bytes:
    """An author's private X25519 directory key, 32 bytes."""
    return secrets.token_bytes(32)


def channel(private: bytes, public: bytes, info: bytes) -> bytes:
    """L-13: the 32-byte channel of either side's private key, the other's public key and the channel's info.

    Raises LayoutInvalid when the Diffie-Hellman result is all zero.
    """
    own = X25519PrivateKey.from_private_bytes(fields.raw_bytes(private, "privateKey"))
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(fields.raw_bytes(public, "publicKey")))
    except ValueError:
        raise LayoutInvalid("publicKey: must not be a degenerate point", expression=("publicKey",)) from None
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(shared)


def author_channel(
    directory_private: bytes, author: Address, document: DirectoryDocument, category: Category
) -> bytes:
    """The channel as the author computes it, from the patient's directory document."""
    channel_key = document.categories[category].channel_key
    info = infos.channel_info(
        document.chain_id,
        document.patient,
        category,
        document.version,
        author,
        directory_public(directory_private),
        channel_key,
    )
    return channel(directory_private, channel_key, info)


def reader_channel(
    secret: CategorySecret,
    author: Address,
    author_key: bytes,
    document: DirectoryDocument,
    category: Category,
) -> bytes:
    """The same channel as a reader computes it, from the seed and the author's public directory key."""
    info = infos.channel_info(
        document.chain_id,
        document.patient,
        category,
        document.version,
        author,
        author_key,
        secret.channel_public,
    )
    return channel(secret.channel_private, author_key, info)


def seal_entry(entry: Entry, tag: bytes, entry_key: bytes, chain_id: int) -> bytes:
    """An entry sealed to the category's entry key (L-15)."""
    return hpke.seal(entry_key, infos.entry_info(chain_id, tag), entry.to_plaintext())


def open_entry(sealed: bytes, tag: bytes, entry_key: bytes | hpke.Opener, chain_id: int) -> Entry:
    """With the entry seed, or what was made ready of it.

    Raises SealInvalid if it is not for this key and tag, LayoutInvalid if what is inside is no entry.
    """
    return Entry.parse(hpke.open_(entry_key, infos.entry_info(chain_id, tag), sealed))


def new_directory(
    patient: Address,
    chain_id: int,
    committee: CommitteeInfo,
    *,
    version: int = 1,
    previous: str | None = None,
    categories: Iterable[Category] = tuple(Category),
) -> NewDirectory:
    """Fresh seeds for every category, sealed to the committee; `previous` is the CID of the one before."""
    seeds = {category: secrets.token_bytes(32) for category in categories}
    keys = {}
    for category, seed in seeds.items():
        secret = derive(seed)
        info = infos.seed_share_info(
            chain_id,
            committee.version,
            patient,
            category,
            version,
            secret.channel_public,
            secret.entry_public,
            secret.commitment,
        )
        sealed = seal_shares(seed, secret.commitment, info, committee)
        keys[category] = CategoryKeys(
            channel_key=secret.channel_public,
            entry_key=secret.entry_public,
            seed_commitment=secret.commitment,
            share_hashes=sealed.sealing.share_hashes,
            shares=sealed.shares,
        )
    document = DirectoryDocument(
        chain_id=chain_id,
        patient=patient,
        version=version,
        previous=previous,
        committee_version=committee.version,
        threshold=committee.threshold,
        categories=keys,
    )
    return NewDirectory(document, seeds)
