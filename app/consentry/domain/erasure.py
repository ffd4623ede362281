"""Orders to erase a record's entries, and the certificates that stores answer with (specification X-3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from consentry.domain import canonical, fields, times
from consentry.domain.addresses import Address
from consentry.domain.canonical import keccak
from consentry.domain.cids import digest_of_raw

MAX_ENTRIES = 64
MAX_ORDER_BYTES = 16_384
MAX_CERTIFICATE_BYTES = 16_384
REASON = "erased"
_ORDER_KEYS = ("author", "chainId", "entries", "reason", "recordId", "time", "version")
_CERTIFICATE_KEYS = ("absent", "author", "chainId", "deleted", "member", "order", "time", "version")


@dataclass(frozen=True)
class ErasureOrder:
    """An author's word that these entries (CIDs of single raw blocks) of its record are erased; `time` in seconds."""

    author: Address
    chain_id: int
    entries: tuple[str, ...]
    record_id: bytes
    time: int

    def __post_init__(self) -> None:
        fields.address(self.author, "order.author")
        fields.integer(self.chain_id, "order.chainId", 1)
        fields.raw_bytes(self.record_id, "order.recordId")
        times.iso(self.time)
        if not 1 <= len(self.entries) <= MAX_ENTRIES or len(set(self.entries)) != len(self.entries):
            fields.refuse("order.entries", f"be 1 to {MAX_ENTRIES} different CIDs")
        for cid in self.entries:
            digest_of_raw(cid, "order.entries")

    @cached_property
    def raw(self) -> bytes:
        return canonical.dumps(
            {
                "author": self.author,
                "chainId": self.chain_id,
                "entries": list(self.entries),
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
            entries=tuple(fields.array(got["entries"], "order.entries", 1, MAX_ENTRIES)),
            record_id=fields.hex_bytes(got["recordId"], "order.recordId"),
            time=times.seconds(got["time"], "order.time"),
        )


@dataclass(frozen=True)
class ErasureCertificate:
    """A member's word that of the entries that an order (its 32-byte digest) names, its store deleted some and had not the
    others; `time` in seconds."""

    absent: tuple[str, ...]
    author: Address
    chain_id: int
    deleted: tuple[str, ...]
    member: Address
    order: bytes
    time: int

    def __post_init__(self) -> None:
        fields.address(self.author, "certificate.author")
        fields.address(self.member, "certificate.member")
        fields.integer(self.chain_id, "certificate.chainId", 1)
        fields.raw_bytes(self.order, "certificate.order")
        times.iso(self.time)
        for cid in (*self.absent, *self.deleted):
            digest_of_raw(cid, "certificate.deleted")

    @cached_property
    def raw(self) -> bytes:
        return canonical.dumps(
            {
                "absent": list(self.absent),
                "author": self.author,
                "chainId": self.chain_id,
                "deleted": list(self.deleted),
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
            member=got["member"],
            order=fields.hex_bytes(got["order"], "certificate.order"),
            time=times.seconds(got["time"], "certificate.time"),
        )


def _digest(domain: bytes, chain_id: int, raw: bytes) -> bytes:
    return keccak(domain, chain_id.to_bytes(32, "big"), raw)
