"""Header, sealing and record digest: what is anchored of a record (specification L-2 to L-4)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from consentry.domain import fields, times
from consentry.domain.addresses import Address
from consentry.domain.canonical import keccak
from consentry.domain.categories import Category, Confidentiality
from consentry.domain.cids import cid
from consentry.domain.ledger import RecordFacts

SUITE = "A256GCM-STREAM64K"
MAX_SEATS = 16
MIN_THRESHOLD = 2

_HEADER_KEYS = (
    "author",
    "category",
    "ciphertextDigest",
    "cid",
    "confidentiality",
    "date",
    "department",
    "keyCommitment",
    "level",
    "patient",
    "recordId",
    "replaces",
    "suite",
    "version",
)


@dataclass(frozen=True)
class Header:
    """What is said of a record (L-2). Digests and ids are 32 bytes, `date` is `YYYY-MM-DDThh:mm:ssZ`."""

    record_id: bytes
    patient: Address
    author: Address
    category: Category
    level: int
    confidentiality: Confidentiality
    department: str
    date: str
    version: int
    replaces: bytes | None
    suite: str
    cid: str
    ciphertext_digest: bytes
    key_commitment: bytes

    def __post_init__(self) -> None:
        where = "header."
        for name in ("record_id", "ciphertext_digest", "key_commitment"):
            fields.raw_bytes(getattr(self, name), where + name)
        if self.replaces is not None:
            fields.raw_bytes(self.replaces, where + "replaces")
        fields.address(self.patient, where + "patient")
        fields.address(self.author, where + "author")
        object.__setattr__(self, "category", category(self.category, where + "category"))
        grade = fields.member_of(self.confidentiality, Confidentiality, where + "confidentiality")
        object.__setattr__(self, "confidentiality", Confidentiality(grade))
        fields.integer(self.level, where + "level", 1, 4)
        fields.integer(self.version, where + "version", 1)
        fields.code(self.department, where + "department")
        fields.member_of(self.suite, (SUITE,), where + "suite")
        times.seconds(self.date, where + "date")
        cid(self.cid, where + "cid")

    def to_json(self) -> dict[str, Any]:
        return {
            "author": self.author,
            "category": str(self.category),
            "ciphertextDigest": fields.to_hex(self.ciphertext_digest),
            "cid": self.cid,
            "confidentiality": str(self.confidentiality),
            "date": self.date,
            "department": self.department,
            "keyCommitment": fields.to_hex(self.key_commitment),
            "level": self.level,
            "patient": self.patient,
            "recordId": fields.to_hex(self.record_id),
            "replaces": None if self.replaces is None else fields.to_hex(self.replaces),
            "suite": self.suite,
            "version": self.version,
        }

    def to_bytes(self) -> bytes:
        return self._bytes

    def hash(self) -> bytes:
        """The header hash, 32 bytes."""
        return self._hash

    def facts(self) -> RecordFacts:
        """What `permits` needs of it."""
        return RecordFacts(
            record_id=self.record_id,
            author=self.author,
            category=str(self.category),
            level=self.level,
            confidentiality=str(self.confidentiality),
            department=self.department,
            date=self.date,
        )

    @classmethod
    def parse(cls, raw: bytes | dict[str, Any], where: str = "header") -> Header:
        """Read canonical bytes, or the object inside another layout.

        Raises LayoutInvalid naming the field.
        """
        got = fields.exact(raw, _HEADER_KEYS, where)
        replaces = got["replaces"]
        return cls(
            record_id=fields.hex_bytes(got["recordId"], f"{where}.recordId"),
            patient=got["patient"],
            author=got["author"],
            category=got["category"],
            level=got["level"],
            confidentiality=got["confidentiality"],
            department=got["department"],
            date=got["date"],
            version=got["version"],
            replaces=None if replaces is None else fields.hex_bytes(replaces, f"{where}.replaces"),
            suite=got["suite"],
            cid=got["cid"],
            ciphertext_digest=fields.hex_bytes(got["ciphertextDigest"], f"{where}.ciphertextDigest"),
            key_commitment=fields.hex_bytes(got["keyCommitment"], f"{where}.keyCommitment"),
        )

    @cached_property
    def _bytes(self) -> bytes:
        """The canonical form of `to_json`, put together: readers and keepers need that of every record, and no value here has
        a character that JSON would write in another way."""
        replaces = "null" if self.replaces is None else f'"0x{self.replaces.hex()}"'
        return (
            f'{{"author":"{self.author}","category":"{self.category}","cid":"{self.cid}"'
            f',"ciphertextDigest":"0x{self.ciphertext_digest.hex()}"'
            f',"confidentiality":"{self.confidentiality}","date":"{self.date}"'
            f',"department":"{self.department}","keyCommitment":"0x{self.key_commitment.hex()}","level":{self.level}'
            f',"patient":"{self.patient}","recordId":"0x{self.record_id.hex()}","replaces":{replaces}'
            f',"suite":"{self.suite}","version":{self.version}}}'
        ).encode("ascii")

    @cached_property
    def _hash(self) -> bytes:
        return keccak(self._bytes)


@dataclass(frozen=True)
class Sealing:
    """To which committee a key was sealed, and the hash (32 bytes) of each seat's share (L-3)."""

    committee_version: int
    threshold: int
    share_hashes: tuple[bytes, ...]

    def __post_init__(self) -> None:
        fields.integer(self.committee_version, "sealing.committeeVersion", 1)
        if not MIN_THRESHOLD <= len(self.share_hashes) <= MAX_SEATS:
            fields.refuse("sealing.shareHashes", f"be {MIN_THRESHOLD} to {MAX_SEATS} hashes")
        fields.integer(self.threshold, "sealing.threshold", MIN_THRESHOLD, len(self.share_hashes))
        for one in self.share_hashes:
            fields.raw_bytes(one, "sealing.shareHashes")

    def to_json(self) -> dict[str, Any]:
        return {
            "committeeVersion": self.committee_version,
            "shareHashes": [fields.to_hex(one) for one in self.share_hashes],
            "threshold": self.threshold,
        }

    def to_bytes(self) -> bytes:
        """The canonical form of `to_json`, put together as a header's is."""
        hashes = '","0x'.join([one.hex() for one in self.share_hashes])
        return (
            f'{{"committeeVersion":{self.committee_version},"shareHashes":["0x{hashes}"],"threshold":{self.threshold}}}'
        ).encode("ascii")

    def hash(self) -> bytes:
        """The sealing hash, 32 bytes."""
        return keccak(self.to_bytes())

    @classmethod
    def parse(cls, raw: bytes | dict[str, Any], where: str = "sealing") -> Sealing:
        """Read canonical bytes, or the object inside another layout.

        Raises LayoutInvalid naming the field.
        """
        got = fields.exact(raw, ("committeeVersion", "shareHashes", "threshold"), where)
        hashes = fields.array(got["shareHashes"], f"{where}.shareHashes", MIN_THRESHOLD, MAX_SEATS)
        return cls(
            committee_version=got["committeeVersion"],
            threshold=got["threshold"],
            share_hashes=tuple(fields.hex_bytes(one, f"{where}.shareHashes") for one in hashes),
        )


def category(value: Any, where: str) -> Category:
    """A category of the closed list. Raises LayoutInvalid."""
    return Category(fields.member_of(value, Category, where))


def record_digest(record_id: bytes, header_hash: bytes, sealing_hash: bytes) -> bytes:
    """What is anchored (L-4), 32 bytes."""
    parts = (record_id, header_hash, sealing_hash)
    return keccak(b"consentry/v1/record", *(fields.raw_bytes(part, "record digest") for part in parts))


def share_hash(salt: bytes, seat: int, share: bytes) -> bytes:
    """The hash of an opened share (L-3); `salt` is the record id, or a seed's commitment."""
    fields.raw_bytes(salt, "salt")
    place = fields.integer(seat, "seat", 0, MAX_SEATS - 1).to_bytes(4, "big")
    return keccak(b"consentry/v1/share-hash", salt, place, share)
