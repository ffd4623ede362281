"""What an author keeps of each of its own records (specification K-35): header and sealed copy, for its offline copy key alone.

An entry is sealed to the patient's directory, which its author cannot open; without this nobody but a reader could seal
a record's key again.
"""

from __future__ import annotations

from dataclasses import dataclass

from consentry.crypto import hpke
from consentry.crypto.sealing import open_copy
from consentry.domain import canonical, fields, infos
from consentry.domain.entries import SEALED_KEY_BYTES, Entry
from consentry.domain.headers import Header
from consentry.errors import LayoutInvalid


@dataclass(frozen=True)
class OwnRecord:
    """A record's header, its key (32 bytes), and the key sealed to the copy key as every entry of it carries it."""

    header: Header
    key: bytes
    copy: bytes


def seal_own(copy_key: bytes, chain_id: int, entry: Entry) -> bytes:
    """Header and copy of an entry, sealed to the public copy key."""
    kept = canonical.dumps({"copy": fields.to_base64(entry.copy), "header": entry.header.to_json()})
    return hpke.seal(copy_key, infos.own_info(chain_id, entry.header.record_id), kept)


def open_own(seed: bytes, chain_id: int, record_id: bytes, sealed: bytes) -> OwnRecord:
    """Raises SealInvalid, LayoutInvalid when this is not what was kept of the record."""
    got = fields.exact(
        hpke.open_(seed, infos.own_info(chain_id, record_id), sealed), ("copy", "header"), "kept"
    )
    header = Header.parse(got["header"], "kept.header")
    copy = fields.base64_bytes(got["copy"], "kept.copy", SEALED_KEY_BYTES)
    if header.record_id != record_id:
        raise LayoutInvalid("kept.header: must be of the record that it was kept for")
    return OwnRecord(header, open_copy(seed, record_id, copy), copy)
