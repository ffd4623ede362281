"""Orders to erase a record's entries, and the certificates that stores answer with (specification X-3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from consentry.domain import canonical, fields, times
from consentry.domain.addresses import Address
from consentry.domain.canonical import keccak
from consentry.domain.cids import digest_of_raw
from consentry.domain.headers import record_digest

MAX_ENTRIES = 64
MAX_ORDER_BYTES = 16_384
MAX_CERTIFICATE_BYTES = 16_384
REASON = "erased"
_ORDER_KEYS = ("author", "chainId", "entries", "headerHash", "reason", "recordId", "time", "version")
_CERTIFICATE_KEYS = ("absent", "author", "chainId", "deleted", "kept", "member", "order", "time", "version")


@dataclass(frozen=True)
class OrderedEntry:
    """One entry of the record: its CID, and the hash (32 bytes) of the sealing that it carries."""

    cid: str
    sealing_hash: bytes

    def __post_init__(self) -> None:
        digest_of_raw(self.cid, "order.entries")
        fields.raw_bytes(self.sealing_hash, "order.entries")


@dataclass(frozen=True)
class ErasureOrder:
    """An author's word that these entries of its record are erased. Record id, header hash and sealing hash give the digest that
    was anchored with each (L-4), so that the order is about this record and no other; `time` in seconds."""

    author: Address
    chain_id: int
    entries: tuple[OrderedEntry, ...]
    header_hash: bytes
    record_id: bytes
    time: int

    def __post_init__(self) -> None:
        fields.address(self.author, "order.author")
        fields.integer(self.chain_id, "order.chainId", 1)
        fields.raw_bytes(self.record_id, "order.recordId")
        times.iso(self.time)
        fields.raw_bytes(self.header_hash, "order.headerHash")
        if not 1 <= len(self.entries) <= MAX_ENTRIES or len(set(self.cids)) != len(self.entries):
            fields.refuse("order.entries", f"be 1 to {MAX_ENTRIES} different CIDs")

    @property
    def cids(self) -> tuple[str, ...]:
        return tuple(one.cid for one in self.entries)

    def digest_of(self, entry: OrderedEntry) -> bytes:
        """The record digest that was anchored with this entry."""
        return record_digest(self.record_id, self.header_hash, entry.sealing_hash)

    @cached_property
    def raw(self) -> bytes:
        return canonical.dumps(
            {
                "author": self.author,
                "chainId": self.chain_id,
                "entries": [[one.cid, fields.to_hex(one.sealing_hash)] for one in self.entries],
                "headerHash": fields.to_hex(self.header_hash),
                "reason": REASON,
                "recordId": fields.to_hex(self.record_id),
                "time": times.iso(self.time),
                "version": 1,
            }
        )

    def digest(self) -> bytes:
        """What the author's account signs, 32 bytes."""
        return _digest(b"consentry/v1/erasure", self.chain_id, self.raw)

    @classmethod
    def parse(cls, raw: bytes) -> ErasureOrder:
        """Raises LayoutInvalid naming the field."""
        if not isinstance(raw, bytes) or len(raw) > MAX_ORDER_BYTES:
            fields.refuse("order", f"be at most {MAX_ORDER_BYTES} bytes")
        got = fields.exact(raw, _ORDER_KEYS, "order")
        fields.integer(got["version"], "order.version", 1, 1)
        fields.member_of(got["reason"], (REASON,), "order.reason")
        return cls(
            author=got["author"],
            chain_id=got["chainId"],
            entries=tuple(
                _entry(one) for one in fields.array(got["entries"], "order.entries", 1, MAX_ENTRIES)
            ),
            header_hash=fields.hex_bytes(got["headerHash"], "order.headerHash"),
            record_id=fields.hex_bytes(got["recordId"], "order.recordId"),
            time=times.seconds(got["time"], "order.time"),
        )


@dataclass(frozen=True)
class ErasureCertificate:
    """A member's word on the entries that an order (its 32-byte digest) names: its store deleted some, had some not, and kept
    those that are no entries of this record; `time` in seconds."""

    absent: tuple[str, ...]
    author: Address
    chain_id: int
    deleted: tuple[str, ...]
    kept: tuple[str, ...]
    member: Address
    order: bytes
    time: int

    def __post_init__(self) -> None:
        fields.address(self.author, "certificate.author")
        fields.address(self.member, "certificate.member")
        fields.integer(self.chain_id, "certificate.chainId", 1)
        fields.raw_bytes(self.order, "certificate.order")
        times.iso(self.time)
        for cid in (*self.absent, *self.deleted, *self.kept):
            digest_of_raw(cid, "certificate.deleted")

    @cached_property
    def raw(self) -> bytes:
        return canonical.dumps(
            {
                "absent": list(self.absent),
                "author": self.author,
                "chainId": self.chain_id,
                "deleted": list(self.deleted),
                "kept": list(self.kept),
                "member": self.member,
                "order": fields.to_hex(self.order),
                "time": times.iso(self.time),
                "version": 1,
            }
        )

    def digest(self) -> bytes:
        """What the member's account signs, 32 bytes."""
        return _digest(b"consentry/v1/erasure-certificate", self.chain_id, self.raw)

    @classmethod
    def parse(cls, raw: bytes) -> ErasureCertificate:
        """Raises LayoutInvalid naming the field."""
        if not isinstance(raw, bytes) or len(raw) > MAX_CERTIFICATE_BYTES:
            fields.refuse("certificate", f"be at most {MAX_CERTIFICATE_BYTES} bytes")
        got = fields.exact(raw, _CERTIFICATE_KEYS, "certificate")
        fields.integer(got["version"], "certificate.version", 1, 1)
        return cls(
            absent=tuple(fields.array(got["absent"], "certificate.absent", 0, MAX_ENTRIES)),
            author=got["author"],
            chain_id=got["chainId"],
            deleted=tuple(fields.array(got["deleted"], "certificate.deleted", 0, MAX_ENTRIES)),
            kept=tuple(fields.array(got["kept"], "certificate.kept", 0, MAX_ENTRIES)),
            member=got["member"],
            order=fields.hex_bytes(got["order"], "certificate.order"),
            time=times.seconds(got["time"], "certificate.time"),
        )


def _entry(obj: Any) -> OrderedEntry:
    cid, sealing_hash = fields.array(obj, "order.entries", 2, 2)
    return OrderedEntry(cid, fields.hex_bytes(sealing_hash, "order.entries"))


def _digest(domain: bytes, chain_id: int, raw: bytes) -> bytes:
    return keccak(domain, chain_id.to_bytes(32, "big"), raw)
