"""What the index says, as values (design §4)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EntryRow:
    """One row of an anchored manifest at `position` in its tree; `stored`: the entry's block is here."""

    author: str
    tag: bytes
    entry_cid: str
    digest: bytes
    root: bytes
    position: int
    block: int
    stored: bool


@dataclass(frozen=True)
class IndexStatus:
    """How complete the index is. `lag` in blocks behind the head that the last scan saw."""

    scanned_block: int
    head_block: int
    scanned_at: int
    anchors: int
    entries: int
    manifests_missing: int
    manifests_invalid: int
    entries_missing: int

    @property
    def lag(self) -> int:
        return max(self.head_block - self.scanned_block, 0)

    @property
    def complete(self) -> bool:
        return self.lag == 0 and self.manifests_missing == 0 and self.entries_missing == 0
