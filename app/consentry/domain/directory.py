"""The directory document: a patient's public category keys and the sealed shares of their seeds
(specification L-17).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from consentry.domain import canonical, fields
from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.cids import cid
from consentry.domain.entries import SEALED_SHARE_BYTES
from consentry.domain.headers import MAX_SEATS, MIN_THRESHOLD, Sealing, category

SERVICE = "did/svc/ConsentryDirectory"
"""The ERC-1056 attribute whose latest value is the CID of the document in force (D-4)."""

ENTRY_KEY_BYTES = 1216
MAX_DOCUMENT_BYTES = 2**20
_KEYS = (
    "categories",
    "chainId",
    "committeeVersion",
    "patient",
    "previous",
    "threshold",
    "version",
)


@dataclass(frozen=True)
class CategoryKeys:
    """One category: X25519 channel key (32 bytes), X-Wing entry key (1,216), seed commitment and shares."""

    channel_key: bytes
    entry_key: bytes
    seed_commitment: bytes
    share_hashes: tuple[bytes, ...]
    shares: tuple[bytes, ...]

    def __post_init__(self) -> None:
        fields.raw_bytes(self.channel_key, "channelKey")
        fields.raw_bytes(self.entry_key, "entryKey", ENTRY_KEY_BYTES)
        fields.raw_bytes(self.seed_commitment, "seedCommitment")
        if not MIN_THRESHOLD <= len(self.share_hashes) <= MAX_SEATS or len(self.shares) != len(
            self.share_hashes
        ):
            fields.refuse("shareHashes", f"be {MIN_THRESHOLD} to {MAX_SEATS} hashes, as many as the shares")
        for one in self.share_hashes:
            fields.raw_bytes(one, "shareHashes")
        for share in self.shares:
            fields.raw_bytes(share, "shares", SEALED_SHARE_BYTES)

    def to_json(self) -> dict[str, Any]:
        return {
            "channelKey": fields.to_base64(self.channel_key),
            "entryKey": fields.to_base64(self.entry_key),
            "seedCommitment": fields.to_hex(self.seed_commitment),
            "shareHashes": [fields.to_hex(one) for one in self.share_hashes],
            "shares": [fields.to_base64(share) for share in self.shares],
        }

    @classmethod
    def parse(cls, obj: Any, where: str) -> CategoryKeys:
        keys = ("channelKey", "entryKey", "seedCommitment", "shareHashes", "shares")
        got = fields.exact(obj, keys, where)
        hashes = fields.array(got["shareHashes"], f"{where}.shareHashes", MIN_THRESHOLD, MAX_SEATS)
        shares = fields.array(got["shares"], f"{where}.shares", len(hashes), len(hashes))
        return cls(
            channel_key=fields.base64_bytes(got["channelKey"], f"{where}.channelKey", 32),
            entry_key=fields.base64_bytes(got["entryKey"], f"{where}.entryKey", ENTRY_KEY_BYTES),
            seed_commitment=fields.hex_bytes(got["seedCommitment"], f"{where}.seedCommitment"),
            share_hashes=tuple(fields.hex_bytes(one, f"{where}.shareHashes") for one in hashes),
            shares=tuple(fields.base64_bytes(one, f"{where}.shares", SEALED_SHARE_BYTES) for one in shares),
        )


@dataclass(frozen=True)
class DirectoryDocument:
    """All categories of one patient at one version; `previous` is the CID of the document before, or None."""

    chain_id: int
    patient: Address
    version: int
    previous: str | None
    committee_version: int
    threshold: int
    categories: Mapping[Category, CategoryKeys]

    def __post_init__(self) -> None:
        fields.integer(self.chain_id, "directory.chainId", 1)
        fields.address(self.patient, "directory.patient")
        fields.integer(self.version, "directory.version", 1)
        fields.integer(self.committee_version, "directory.committeeVersion", 1)
        if self.previous is not None:
            cid(self.previous, "directory.previous")
        named = {category(name, "directory.categories"): keys for name, keys in self.categories.items()}
        if not named or len({len(keys.shares) for keys in named.values()}) != 1:
            fields.refuse("directory.categories", "be at least one, all sealed to the same seats")
        seats = len(next(iter(named.values())).shares)
        fields.integer(self.threshold, "directory.threshold", MIN_THRESHOLD, seats)
        object.__setattr__(self, "categories", MappingProxyType(named))

    def sealing_of(self, name: Category) -> Sealing:
        """The sealing of one category's seed."""
        return Sealing(self.committee_version, self.threshold, self.categories[name].share_hashes)

    def to_bytes(self) -> bytes:
        return canonical.dumps(
            {
                "categories": {str(name): keys.to_json() for name, keys in self.categories.items()},
                "chainId": self.chain_id,
                "committeeVersion": self.committee_version,
                "patient": self.patient,
                "previous": self.previous,
                "threshold": self.threshold,
                "version": self.version,
            }
        )

    @classmethod
    def parse(cls, raw: bytes, required: Collection[str] = frozenset(Category)) -> DirectoryDocument:
        """Read the document's bytes; it must hold exactly the `required` categories. Raises LayoutInvalid."""
        if not isinstance(raw, bytes) or len(raw) > MAX_DOCUMENT_BYTES:
            fields.refuse("directory", "be at most 1 MiB")
        got = fields.exact(raw, _KEYS, "directory")
        categories = fields.exact(got["categories"], required, "directory.categories")
        return cls(
            chain_id=got["chainId"],
            patient=got["patient"],
            version=got["version"],
            previous=got["previous"],
            committee_version=got["committeeVersion"],
            threshold=got["threshold"],
            categories={
                Category(name): CategoryKeys.parse(one, f"directory.categories.{name}")
                for name, one in categories.items()
            },
        )
