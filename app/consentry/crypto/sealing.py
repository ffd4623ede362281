"""Sealing keys to a committee and getting them back (L-3, L-8 to L-10, L-15, L-20, K-4, S-1, S-2)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import NamedTuple

from consentry.crypto import envelope, hpke, shamir
from consentry.crypto.seeds import seed_commitment_of
from consentry.domain import fields, infos
from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.directory import CategoryKeys, DirectoryDocument
from consentry.domain.headers import SUITE, Sealing, share_hash
from consentry.domain.ledger import CommitteeInfo
from consentry.errors import KeepersInsufficient, KeyCommitmentMismatch, ShareInvalid


class SealedKey(NamedTuple):
    """A sealing and its sealed shares, by seat."""

    sealing: Sealing
    shares: tuple[bytes, ...]


class SortedShares(NamedTuple):
    """Shares that match their hash, by seat, and the seats whose share does not."""

    good: dict[int, bytes]
    lying: tuple[int, ...]


def seal_record_key(
    record_key: bytes, record_id: bytes, header_hash: bytes, committee: CommitteeInfo, chain_id: int
) -> SealedKey:
    """Split a record key and seal each share to its seat."""
    info = infos.record_share_info(chain_id, committee.version, record_id, header_hash)
    return seal_shares(record_key, record_id, info, committee)


def seal_shares(secret: bytes, salt: bytes, info: bytes, committee: CommitteeInfo) -> SealedKey:
    """Split 32 bytes and seal each share under `info`; `salt` goes into the share hashes (L-3)."""
    shares = shamir.split(secret, len(committee.keepers), committee.threshold)
    hashes = tuple(share_hash(salt, seat, share) for seat, share in enumerate(shares))
    keys = [keeper.sealing_key for keeper in sorted(committee.keepers, key=lambda keeper: keeper.seat)]
    sealed = tuple(hpke.seal(key, info, share) for key, share in zip(keys, shares, strict=True))
    return SealedKey(Sealing(committee.version, committee.threshold, hashes), sealed)


def open_record_share(
    key: bytes | hpke.Opener,
    sealed: bytes,
    *,
    sealing: Sealing,
    seat: int,
    record_id: bytes,
    header_hash: bytes,
    chain_id: int,
) -> bytes:
    """A keeper opens its share of a record with its X-Wing key. Raises SealInvalid, ShareInvalid (K-4)."""
    info = infos.record_share_info(chain_id, sealing.committee_version, record_id, header_hash)
    share = hpke.open_(key, info, sealed)
    check_share(sealing, record_id, seat, share)
    return share


def open_seed_share(
    key: bytes | hpke.Opener, *, document: DirectoryDocument, category: Category, seat: int
) -> bytes:
    """A keeper opens its share of a category's seed, from the directory document.

    Raises SealInvalid, ShareInvalid.
    """
    keys = document.categories[category]
    sealing = document.sealing_of(category)
    if not 0 <= seat < len(keys.shares):
        raise ShareInvalid(f"there is no share for seat {seat}")
    share = hpke.open_(key, seed_info(document, category), keys.shares[seat])
    check_share(sealing, keys.seed_commitment, seat, share)
    return share


def seed_info(document: DirectoryDocument, category: Category) -> bytes:
    """L-9 of one category in a document."""
    keys = document.categories[category]
    return _seed_info(
        document.chain_id, document.committee_version, document.patient, category, document.version, keys
    )


def check_share(sealing: Sealing, salt: bytes, seat: int, share: bytes) -> None:
    """Raise ShareInvalid naming the seat unless the share matches its hash in the sealing."""
    if not share_is_good(sealing, salt, seat, share):
        raise ShareInvalid(f"the share of seat {seat} does not match its hash", expression=(f"seat {seat}",))


def share_is_good(sealing: Sealing, salt: bytes, seat: int, share: bytes) -> bool:
    """Whether the share matches its hash; `salt` is the record id or the seed commitment."""
    if not 0 <= seat < len(sealing.share_hashes):
        return False
    return hmac.compare_digest(share_hash(salt, seat, share), sealing.share_hashes[seat])


def sort_shares(sealing: Sealing, salt: bytes, shares: Mapping[int, bytes]) -> SortedShares:
    """Tell honest shares from lying ones."""
    good = {seat: share for seat, share in shares.items() if share_is_good(sealing, salt, seat, share)}
    return SortedShares(good, tuple(sorted(shares.keys() - good.keys())))


def combine_record_key(
    sealing: Sealing,
    record_id: bytes,
    shares: Mapping[int, bytes],
    key_commitment: bytes,
    suite: str = SUITE,
) -> bytes:
    """The record key of shares by seat; lying shares are left out while `threshold` good ones remain.

    Raises ShareInvalid naming the lying seats, KeepersInsufficient, KeyCommitmentMismatch (before any
    decryption, S-2).
    """
    key = _combine(sealing, record_id, shares)
    if not hmac.compare_digest(envelope.derive(key, record_id, suite).commitment, key_commitment):
        raise KeyCommitmentMismatch()
    return key


def combine_seed(sealing: Sealing, seed_commitment: bytes, shares: Mapping[int, bytes]) -> bytes:
    """The category seed of shares by seat. Raises like combine_record_key."""
    seed = _combine(sealing, seed_commitment, shares)
    if not hmac.compare_digest(seed_commitment_of(seed), seed_commitment):
        raise KeyCommitmentMismatch("The combined seed is not the one the directory document commits to.")
    return seed


def seal_released(seal_to: bytes, request_digest: bytes, named: bytes, seat: int, share: bytes) -> bytes:
    """A keeper seals an opened share to the request's key (L-20)."""
    return hpke.seal(seal_to, infos.released_info(request_digest, named, seat), share)


def open_released(
    key: bytes | hpke.Opener, request_digest: bytes, named: bytes, seat: int, sealed: bytes
) -> bytes:
    """The reader opens what a keeper released. Raises SealInvalid."""
    return hpke.open_(key, infos.released_info(request_digest, named, seat), sealed)


def seal_copy(copy_key: bytes, record_id: bytes, record_key: bytes) -> bytes:
    """The author's own copy of a record key, sealed to its offline copy key (L-15)."""
    fields.raw_bytes(record_key, "recordKey")
    return hpke.seal(copy_key, infos.copy_info(record_id), record_key)


def open_copy(seed: bytes, record_id: bytes, sealed: bytes) -> bytes:
    """The record key of an author's copy. Raises SealInvalid."""
    return hpke.open_(seed, infos.copy_info(record_id), sealed)


def _combine(sealing: Sealing, salt: bytes, shares: Mapping[int, bytes]) -> bytes:
    good, lying = sort_shares(sealing, salt, shares)
    if len(good) < sealing.threshold:
        if lying:
            seats = ", ".join(map(str, lying))
            named = tuple(f"seat {seat}" for seat in lying)
            raise ShareInvalid(f"shares that do not match their hash: seats {seats}", expression=named)
        raise KeepersInsufficient(f"{len(good)} shares of {sealing.threshold} that are needed")
    return shamir.combine(list(good.values())[: sealing.threshold])


def _seed_info(
    chain_id: int, committee_version: int, patient: Address, category: str, version: int, keys: CategoryKeys
) -> bytes:
    return infos.seed_share_info(
        chain_id,
        committee_version,
        patient,
        category,
        version,
        keys.channel_key,
        keys.entry_key,
        keys.seed_commitment,
    )
