"""What an author tells its own index of what it files: what it has just stored need not be fetched and checked again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from consentry.domain.entries import Manifest


class OwnNews(Protocol):
    """Thread-safe. A loss costs the index its fetching, and nothing else."""

    def stored(self, cids: Iterable[str]) -> None:
        """These entries are durably in the store that the index reads from."""

    def anchoring(self, digest: bytes, root: bytes, manifest: Manifest) -> None:
        """The manifest that is stored under this SHA-256, and the root over its rows."""


class Untold:
    """For authors without an index of their own in the same process."""

    def stored(self, cids: Iterable[str]) -> None:
        """Nobody listens."""

    def anchoring(self, digest: bytes, root: bytes, manifest: Manifest) -> None:
        """Nobody listens."""
