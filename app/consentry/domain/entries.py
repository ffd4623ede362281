"""Entries and manifests: how a batch of records is filed (specification L-15, L-16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from consentry.domain import canonical, fields, merkle
from consentry.domain.addresses import Address
from consentry.domain.cids import digest_of_raw
from consentry.domain.headers import MAX_SEATS, MIN_THRESHOLD, Header, Sealing, record_digest

ENC_BYTES = 1120
SHARE_BYTES = 33
KEY_BYTES = 32
SEALED_SHARE_BYTES = ENC_BYTES + SHARE_BYTES + 16
SEALED_KEY_BYTES = ENC_BYTES + KEY_BYTES + 16

PADDING = 4096
MAX_ENTRY_BYTES = 16 * PADDING
MAX_SEALED_ENTRY_BYTES = ENC_BYTES + MAX_ENTRY_BYTES + 16
MAX_ROWS = 100
MAX_MANIFEST_BYTES = 2**20
MANIFEST_START = b'{"author":"0x'
"""No ciphertext begins so, nor any other document of ours."""


@dataclass(frozen=True)
class Entry:
    """What a reader of a category finds: header, sealing, sealed shares by seat, the author's sealed copy."""

    header: Header
    sealing: Sealing
    shares: tuple[bytes, ...]
    copy: bytes

    def __post_init__(self) -> None:
        if len(self.shares) != len(self.sealing.share_hashes):
            fields.refuse("entry.shares", "be as many as the sealing's hashes")
        for share in self.shares:
            fields.raw_bytes(share, "entry.shares", SEALED_SHARE_BYTES)
        fields.raw_bytes(self.copy, "entry.copy", SEALED_KEY_BYTES)

    def record_digest(self) -> bytes:
        """The digest that the manifest's row and the anchored root must hold for it."""
        return record_digest(self.header.record_id, self.header.hash(), self.sealing.hash())

    def to_plaintext(self) -> bytes:
        """Length, canonical JSON, zeros up to the next multiple of 4,096."""
        body = canonical.dumps(
            {
                "copy": fields.to_base64(self.copy),
                "header": self.header.to_json(),
                "sealing": self.sealing.to_json(),
                "shares": [fields.to_base64(share) for share in self.shares],
            }
        )
        return len(body).to_bytes(4, "big") + body + bytes(-(4 + len(body)) % PADDING)

    @classmethod
    def parse(cls, plaintext: bytes) -> Entry:
        """Read an opened entry. Raises LayoutInvalid naming the field."""
        if not isinstance(plaintext, bytes) or not PADDING <= len(plaintext) <= MAX_ENTRY_BYTES:
            fields.refuse("entry", f"be {PADDING} to {MAX_ENTRY_BYTES} bytes")
        end = 4 + int.from_bytes(plaintext[:4], "big")
        if end > len(plaintext) or len(plaintext) != end + -end % PADDING or plaintext[end:].strip(b"\0"):
            fields.refuse("entry", "be its length, its JSON and zeros up to the next multiple of 4,096")
        got = fields.exact(plaintext[4:end], ("copy", "header", "sealing", "shares"), "entry")
        shares = fields.array(got["shares"], "entry.shares", MIN_THRESHOLD, MAX_SEATS)
        return cls(
            header=Header.parse(got["header"], "entry.header"),
            sealing=Sealing.parse(got["sealing"], "entry.sealing"),
            shares=tuple(fields.base64_bytes(one, "entry.shares", SEALED_SHARE_BYTES) for one in shares),
            copy=fields.base64_bytes(got["copy"], "entry.copy", SEALED_KEY_BYTES),
        )


@dataclass(frozen=True)
class Row:
    """One line of a manifest: where the entry is filed, its one raw block, and the record digest (tag, digest: 32
    bytes).
    """

    tag: bytes
    entry_cid: str
    digest: bytes

    def __post_init__(self) -> None:
        fields.raw_bytes(self.tag, "row.tag")
        digest_of_raw(self.entry_cid, "row.entryCid")
        fields.raw_bytes(self.digest, "row.digest")

    def to_json(self) -> list[Any]:
        return [fields.to_hex(self.tag), self.entry_cid, fields.to_hex(self.digest)]

    @classmethod
    def parse(cls, obj: Any) -> Row:
        tag, entry_cid, digest = fields.array(obj, "row", 3, 3)
        return cls(
            tag=fields.hex_bytes(tag, "row.tag"),
            entry_cid=entry_cid,
            digest=fields.hex_bytes(digest, "row.digest"),
        )


@dataclass(frozen=True)
class Manifest:
    """One batch of an author: 1 to 100 rows in the order of the anchored tree."""

    author: Address
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        fields.address(self.author, "manifest.author")
        if not 1 <= len(self.rows) <= MAX_ROWS:
            fields.refuse("manifest.rows", f"be 1 to {MAX_ROWS} rows")

    def to_bytes(self) -> bytes:
        rows = [row.to_json() for row in self.rows]
        return canonical.dumps({"author": self.author, "rows": rows, "version": 1})

    def root(self) -> bytes:
        """The Merkle root of the rows' record digests: what the author anchors."""
        return merkle.root([row.digest for row in self.rows])

    @classmethod
    def parse(cls, raw: bytes) -> Manifest:
        """Read a manifest's block. Raises LayoutInvalid naming the field."""
        if not isinstance(raw, bytes) or len(raw) > MAX_MANIFEST_BYTES:
            fields.refuse("manifest", "be at most 1 MiB")
        got = fields.exact(raw, ("author", "rows", "version"), "manifest")
        fields.integer(got["version"], "manifest.version", 1, 1)
        rows = fields.array(got["rows"], "manifest.rows", 1, MAX_ROWS)
        return cls(author=got["author"], rows=tuple(Row.parse(row) for row in rows))
