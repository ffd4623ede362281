"""Tags: where in a category's channel an author files an entry (specification L-14, D-3)."""

from __future__ import annotations

import hmac

from consentry.domain import fields

TAG_GAP = 16
"""How many unused positions in a row a reader looks past."""

LINEAGE_GAP = 8
"""How many unused lineages in a row a reader looks past; authors leave none unused (D-11)."""

LINEAGE_START = 2
"""In how many first positions a reader looks for a later lineage; nothing is anchored past an unanchored position."""


def tag(channel: bytes, lineage: int, j: int) -> bytes:
    """The tag of an author's `j`-th entry in its database number `lineage`, 32 bytes; so is the channel."""
    return tags(channel, lineage, j, 1)[0]


def tags(channel: bytes, lineage: int, first: int, count: int) -> list[bytes]:
    """Those of `count` positions from `first` on: a reader looks past many that were never used."""
    fields.raw_bytes(channel, "channel")
    fields.integer(lineage, "lineage", 0, 2**32 - 1)
    fields.integer(first, "j", 0, 2**64 - count)
    before = lineage.to_bytes(4, "big")
    return [
        hmac.digest(channel, before + j.to_bytes(8, "big"), "sha256") for j in range(first, first + count)
    ]
