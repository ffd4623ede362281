"""How many bytes things take, by their layouts (docs/specification.md, L)."""

from __future__ import annotations

from typing import Final

ENTRY_PADDING: Final = 4_096
ENTRY_SEAL: Final = 1_120 + 16
SEALED_BASE64: Final = 1_560
"""A sealed share (1,169 bytes) or record key (1,168) in base64 (L-7, L-10)."""

DOCUMENT_BYTES: Final = 210_000
"""A directory document for five keepers: 21 categories, each with five sealed shares and an X-Wing key (L-17)."""

_MANIFEST: Final = len('{"author":"0x","rows":[],"version":1}') + 40
_ROW: Final = len('["0x","","0x"]') + 64 + 59 + 64
_HEADER: Final = 770
_SEALING: Final = len('{"committeeVersion":1,"shareHashes":[],"threshold":3}')
_AROUND: Final = 4 + len('{"copy":"","header":,"sealing":,"shares":[]}')


def manifest_bytes(rows: int) -> int:
    """A manifest of so many rows (L-16)."""
    return _MANIFEST + rows * _ROW + (rows - 1)


def entry_bytes(seats: int) -> int:
    """A record's sealed entry in a committee of so many seats (L-15), by a header of usual length: padding hides the rest."""
    shares = seats * (SEALED_BASE64 + len('"",') + len('"0x",') + 64)
    body = _AROUND + _HEADER + _SEALING + SEALED_BASE64 + shares
    return body + -body % ENTRY_PADDING + ENTRY_SEAL
