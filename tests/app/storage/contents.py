"""Contents that tests and vectors name by recipe.

`zeros`: every byte 0. `ramp`: byte i is i mod 251, so that neighbouring chunks differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MIB = 1 << 20
_RAMP = bytes(range(251)) * (MIB // 251 + 2)
_VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "unixfs.json"


def content(fill: str, size: int) -> Iterator[bytes]:
    """The content in pieces of at most 1 MiB."""
    for at in range(0, size, MIB):
        piece = min(MIB, size - at)
        start = at % 251
        yield bytes(piece) if fill == "zeros" else _RAMP[start : start + piece]


def ramp(size: int) -> bytes:
    return b"".join(content("ramp", size))


def vectors() -> list[dict[str, Any]]:
    return json.loads(_VECTORS.read_text("utf-8"))["vectors"]
