"""Content ids as layouts name them: CIDv1, base32, sha2-256, raw or dag-pb (specification B-1).

No UnixFS here.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from consentry.domain import fields

_PREFIXES = {"raw": bytes((1, 0x55, 0x12, 0x20)), "dag-pb": bytes((1, 0x70, 0x12, 0x20))}


def cid(value: Any, where: str = "cid") -> str:
    """A content id in its one written form. Raises LayoutInvalid."""
    _binary(value, where)
    return str(value)


def raw_cid(digest: bytes) -> str:
    """The CID of one raw block with this SHA-256 (32 bytes): how an anchored digest names a manifest."""
    return _text(_PREFIXES["raw"] + fields.raw_bytes(digest, "digest"))


def digest_of_raw(value: str, where: str = "cid") -> bytes:
    """The SHA-256 in the CID of one raw block. Raises LayoutInvalid for another codec."""
    binary = _binary(value, where)
    if binary[:4] != _PREFIXES["raw"]:
        fields.refuse(where, "be the content id of one raw block")
    return binary[4:]


def _binary(value: Any, where: str) -> bytes:
    binary = b""
    if isinstance(value, str) and len(value) == 59 and value[0] == "b" and value.isascii():
        try:
            binary = base64.b32decode(value[1:].upper() + "======")
        except binascii.Error:
            binary = b""
    if len(binary) != 36 or binary[:4] not in _PREFIXES.values() or _text(binary) != value:
        fields.refuse(where, "be a CIDv1 in base32 with sha2-256")
    return binary


def _text(binary: bytes) -> str:
    return "b" + base64.b32encode(binary).decode("ascii").rstrip("=").lower()
