"""Where an author's own resources are, by the ids that readers see (specification F-6).

Keys, names and identifiers are keyed hashes of 32 bytes: the database alone tells neither whose a resource is nor what it is
called.
"""

from __future__ import annotations

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
    """Durable, safe from any thread. It is written with the versions that hold the resources (`ports.versions.Changes`), in
    place of what was kept under the same keys. Raises StoreUnreachable."""

    def of_key(self, key: bytes) -> KeptResource | None:
        """Without its identifiers."""

    def of_identifier(self, identifier: bytes, most: int) -> tuple[KeptResource, ...]:
        """At most so many, the newest first; without their identifiers."""
