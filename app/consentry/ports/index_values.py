"""What the index says, as values (design §4)."""

from __future__ import annotations

from dataclasses import dataclass

ROWS_A_TAG = 64
"""At how many rows under one tag a reader looks: an honest author files one."""


@dataclass(frozen=True)
class EntryRow:
    """One row of an anchored manifest at `position` in its tree; `stored`: the entry's block is here; `erased`: it is gone for
    good, and only holds its place."""

    author: str
    tag: bytes
    entry_cid: str
    digest: bytes
    root: bytes
    position: int
    block: int
    stored: bool
    erased: bool = False


@dataclass(frozen=True)
class IndexGaps:
    """What a reader has to know of how complete the index is; costs the same however much it holds.

    `lag` in blocks behind the head that the last scan saw. `missing_of`: authors of manifests that have been looked for since
    less than an hour, `abandoned_of` for longer. `waiting`: whether some entry's block is not here yet.
    """

    lag: int
    missing_of: frozenset[str] = frozenset()
    abandoned_of: frozenset[str] = frozenset()
    waiting: bool = False

    @property
    def settled(self) -> bool:
        """Nothing is left to look for until the chain goes on."""
        return self.lag == 0 and not self.missing_of and not self.abandoned_of and not self.waiting


@dataclass(frozen=True)
class IndexStatus:
    """How complete the index is. `lag` in blocks behind the head that the last scan saw.

    `manifests_missing` have been looked for since less than an hour, `abandoned` for longer: those are looked for still, but
    concern only whoever reads what their authors filed. `missing_of`, `abandoned_of`: these authors' addresses.
    """

    scanned_block: int
    head_block: int
    scanned_at: int
    anchors: int
    entries: int
    manifests_missing: int
    manifests_invalid: int
    entries_missing: int
    abandoned: int = 0
    missing_of: frozenset[str] = frozenset()
    abandoned_of: frozenset[str] = frozenset()

    @property
    def lag(self) -> int:
        return max(self.head_block - self.scanned_block, 0)

    @property
    def complete(self) -> bool:
        """A row whose block is missing is seen where it is looked up; a manifest that is missing is not."""
        return self.lag == 0 and self.manifests_missing == 0
