"""What the scanner is still to fetch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PendingManifest:
    author: str
    root: bytes
    manifest_digest: bytes
    count: int
    block: int
    attempts: int


@dataclass(frozen=True)
class PendingEntry:
    author: str
    root: bytes
    position: int
    entry_cid: str
    attempts: int
