"""Content ids as layouts name them: CIDv1, base32, sha2-256, raw or dag-pb (specification B-1).

No UnixFS here.
"""

from __future__ import annotations

import base64
import re
from typing import Any

from consentry.domain import fields

_RAW = bytes((1, 0x55, 0x12, 0x20))
# The four bytes before the digest (with 0x70 for dag-pb) are six characters and two bits of the seventh; the 36 bytes leave two
# bits of the last one, which are zero: one content has one name.
_CID = re.compile(r"baf(?:kre|ybe)i[a-h][a-z2-7]{50}[aeimquy4]")
_RAW_CID = re.compile(r"bafkrei[a-h][a-z2-7]{50}[aeimquy4]")


def cid(value: Any, where: str = "cid") -> str:
    """A content id in its one written form. Raises LayoutInvalid."""
    if not isinstance(value, str) or not _CID.fullmatch(value):
        fields.refuse(where, "be a CIDv1 in base32 with sha2-256")
    return value


def raw_cid(digest: bytes) -> str:
    """The CID of one raw block with this SHA-256 (32 bytes): how an anchored digest names a manifest."""
    binary = _RAW + fields.raw_bytes(digest, "digest")
    return "b" + base64.b32encode(binary).decode("ascii").rstrip("=").lower()


def is_raw(value: str) -> bool:
    """Whether a content id names one raw block."""
    return _RAW_CID.fullmatch(value) is not None


def digest_of_raw(value: str, where: str = "cid") -> bytes:
    """The SHA-256 in the CID of one raw block. Raises LayoutInvalid for another codec."""
    if not _RAW_CID.fullmatch(cid(value, where)):
        fields.refuse(where, "be the content id of one raw block")
    return base64.b32decode(value[1:].upper() + "======")[4:]
