"""Content ids as Consentry writes them: CIDv1, base32 lower case, sha2-256, codec raw or dag-pb.

Text is multibase `b` followed by the unpadded RFC 4648 base32 (lower case) of the 36 bytes `01 | codec | 12
20 | digest` (CID specification: version, codec, multihash). Anything else, also a second spelling of the same
bytes, raises CidInvalid: one content has one name.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field

from consentry.errors import CidInvalid

RAW = 0x55
DAG_PB = 0x70
DIGEST_BYTES = 32
CID_BYTES = 4 + DIGEST_BYTES
_CODECS = {RAW: "raw", DAG_PB: "dag-pb"}
_MULTIHASH_PREFIX = b"\x12\x20"  # sha2-256, 32 bytes
_TEXT = re.compile(r"b[a-z2-7]{58}", re.ASCII)
_LAST = frozenset("aeimquy4")
"""36 bytes leave two spare bits in the last character: only zero is the canonical spelling."""


@dataclass(frozen=True, slots=True)
class Cid:
    """A parsed content id: codec (RAW or DAG_PB) and the sha2-256 digest (32 bytes) of the block it names."""

    codec: int
    digest: bytes
    _text: str = field(default="", repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.codec not in _CODECS:
            raise CidInvalid(f"codec {self.codec:#x} is neither raw (0x55) nor dag-pb (0x70)")
        if len(self.digest) != DIGEST_BYTES:
            raise CidInvalid(f"the digest has {len(self.digest)} bytes, sha2-256 has {DIGEST_BYTES}")

    def __bytes__(self) -> bytes:
        return bytes((1, self.codec)) + _MULTIHASH_PREFIX + self.digest

    def __str__(self) -> str:
        if not self._text:  # each block's is asked for more than once
            text = "b" + base64.b32encode(bytes(self)).decode("ascii").rstrip("=").lower()
            object.__setattr__(self, "_text", text)
        return self._text

    def matches(self, block: bytes) -> bool:
        """Whether these bytes are the block that this id names."""
        return hashlib.sha256(block).digest() == self.digest


def block_cid(codec: int, block: bytes) -> Cid:
    """The id of a block."""
    return Cid(codec, hashlib.sha256(block).digest())


def parse_cid(text: str) -> Cid:
    """Read a content id; raises CidInvalid on anything but the one spelling of the module docstring."""
    if not isinstance(text, str) or not _TEXT.fullmatch(text):
        raise CidInvalid("not a base32 CIDv1 of 59 characters")
    cid = parse_cid_bytes(base64.b32decode(text[1:].upper() + "=" * 6))
    if text[-1] not in _LAST:
        raise CidInvalid("the last character holds stray bits")
    return Cid(cid.codec, cid.digest, text)


def is_cid(text: str) -> bool:
    """Whether it is a content id of ours."""
    try:
        parse_cid(text)
    except CidInvalid:
        return False
    return True


def parse_cid_bytes(data: bytes) -> Cid:
    """Read the 36-byte form, as dag-pb links hold it; raises CidInvalid."""
    if len(data) != CID_BYTES or data[0] != 1 or data[2:4] != _MULTIHASH_PREFIX:
        raise CidInvalid("not a CIDv1 with a sha2-256 digest")
    return Cid(data[1], data[4:])


def raw_cid(digest32: bytes) -> str:
    """The id of the raw block with this sha2-256 digest, that is of any content of at most 1 MiB."""
    return str(Cid(RAW, digest32))
