"""The HPKE and HKDF contexts (`info`) that bind a sealed value to what it is for (L-6 to L-20)."""

from __future__ import annotations

from consentry.domain import fields
from consentry.domain.addresses import Address, to_bytes

CHANNEL_KEY = b"consentry/v1/channel-key"
ENTRY_KEY = b"consentry/v1/entry-key"
SEED_COMMITMENT = b"consentry/v1/seed-commitment"


def envelope_info(suite: str) -> bytes:
    """L-6."""
    return b"consentry/v1/envelope" + _str(suite)


def record_share_info(chain_id: int, committee_version: int, record_id: bytes, header_hash: bytes) -> bytes:
    """L-8: a record's share, sealed to a keeper."""
    return b"".join(
        (
            b"consentry/v1/share/record",
            _u(chain_id, 32),
            _u(committee_version, 8),
            fields.raw_bytes(record_id, "recordId"),
            fields.raw_bytes(header_hash, "headerHash"),
        )
    )


def seed_share_info(
    chain_id: int,
    committee_version: int,
    patient: Address,
    category: str,
    version: int,
    channel_key: bytes,
    entry_key: bytes,
    seed_commitment: bytes,
) -> bytes:
    """L-9: a category seed's share, sealed to a keeper; `version` is the directory document's."""
    return b"".join(
        (
            b"consentry/v1/share/seed",
            _u(chain_id, 32),
            _u(committee_version, 8),
            to_bytes(fields.address(patient, "patient")),
            _str(category),
            _u(version, 8),
            fields.raw_bytes(channel_key, "channelKey"),
            fields.raw_bytes(entry_key, "entryKey", 1216),
            fields.raw_bytes(seed_commitment, "seedCommitment"),
        )
    )


def channel_info(
    chain_id: int,
    patient: Address,
    category: str,
    version: int,
    author: Address,
    author_key: bytes,
    channel_key: bytes,
) -> bytes:
    """L-13: the HKDF info of the channel between an author (its X25519 directory key) and a category."""
    return b"".join(
        (
            b"consentry/v1/channel",
            _u(chain_id, 32),
            to_bytes(fields.address(patient, "patient")),
            _str(category),
            _u(version, 8),
            to_bytes(fields.address(author, "author")),
            fields.raw_bytes(author_key, "authorKey"),
            fields.raw_bytes(channel_key, "channelKey"),
        )
    )


def entry_info(chain_id: int, tag: bytes) -> bytes:
    """L-15: an entry, sealed to the category's entry key."""
    return b"consentry/v1/entry" + _u(chain_id, 32) + fields.raw_bytes(tag, "tag")


def copy_info(record_id: bytes) -> bytes:
    """L-15: the record key, sealed to the author's offline copy key."""
    return b"consentry/v1/copy" + fields.raw_bytes(record_id, "recordId")


def own_info(chain_id: int, record_id: bytes) -> bytes:
    """K-35: what an author keeps of its own record, sealed to its offline copy key."""
    return b"consentry/v1/own" + _u(chain_id, 32) + fields.raw_bytes(record_id, "recordId")


def hand_over_info(
    chain_id: int, contract: Address, version: int, seat: int, to_version: int, to: Address
) -> bytes:
    """K-31: the key of a seat of `version`, sealed to the successor's key as `to_version` names it."""
    return b"".join(
        (
            b"consentry/v1/hand-over",
            _u(chain_id, 32),
            to_bytes(fields.address(contract, "contract")),
            _u(version, 8),
            _u(seat, 4),
            _u(to_version, 8),
            to_bytes(fields.address(to, "to")),
        )
    )


def released_info(request_digest: bytes, named: bytes, seat: int) -> bytes:
    """L-20: a released share; `named` is the record id, or the seed commitment of a category seed."""
    return b"".join(
        (
            b"consentry/v1/released",
            fields.raw_bytes(request_digest, "requestDigest"),
            fields.raw_bytes(named, "named"),
            _u(seat, 4),
        )
    )


def backup_info(salt: bytes) -> bytes:
    """U-2: the key of a back-up's archive."""
    return b"consentry/v1/backup" + fields.raw_bytes(salt, "salt")


def receipts_info(query_digest: bytes) -> bytes:
    """L-21: a page of receipts, sealed to the query's key."""
    return b"consentry/v1/receipts" + fields.raw_bytes(query_digest, "queryDigest")


def feed_info(query_digest: bytes) -> bytes:
    """A-10: a page of a keeper's feed, sealed to the query's key."""
    return b"consentry/v1/feed" + fields.raw_bytes(query_digest, "queryDigest")


def _u(value: int, size: int) -> bytes:
    return fields.integer(value, "number", 0, 2 ** (8 * size) - 1).to_bytes(size, "big")


def _str(text: str) -> bytes:
    raw = fields.code(text, "text").encode("ascii")
    return bytes((len(raw),)) + raw
