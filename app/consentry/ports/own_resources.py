"""Where an author's own resources are, by the ids that readers see (specification F-6).

Keys, names and identifiers are keyed hashes of 32 bytes: the database alone tells neither whose a resource is nor what it is
called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class KeptResource:
    """`key` is the hash of `Type/id`, `name` of what later Bundles call it by (`ports.versions`), `identifiers` those of its
    business identifiers. `record_id`: the record that held it when it was published last. `sealed`: its id, its sender's
    name for it and whose it is, under the author's own key."""

    key: bytes
    record_id: bytes
    name: bytes
    sealed: bytes
    identifiers: frozenset[bytes] = frozenset()


class OwnResources(Protocol):
    """Durable; every method is one transaction, safe from any thread. Raises StoreUnreachable."""

    def keep(self, resources: Sequence[KeptResource]) -> None:
        """In place of what was kept under these keys."""

    def of_key(self, key: bytes) -> KeptResource | None:
        """Without its identifiers."""

    def of_identifier(self, identifier: bytes, most: int) -> tuple[KeptResource, ...]:
        """At most so many, the newest first; without their identifiers."""
