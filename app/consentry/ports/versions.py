"""What an author knows of its documents and their versions (specification D-13 to D-15).

    current ──a later version in the same category──▶ replaced
       │                                                 │
       └──withdrawn, or moved to a stricter place──▶ retracting ──on chain──▶ retracted

Contents, places and names are keyed hashes: the database alone tells neither whose they are nor what they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from consentry.domain.retraction import Why
from consentry.ports.own_resources import KeptResource
from consentry.ports.summaries import KeptSummary

UNNAMED = bytes(32)
"""The document of what was published in a Bundle without a name."""


class Standing(StrEnum):
    CURRENT = "current"
    REPLACED = "replaced"
    RETRACTING = "retracting"
    RETRACTED = "retracted"


@dataclass(frozen=True)
class Version:
    """One published record. `content`, `place` (patient, category, confidentiality) and `department` are keyed hashes of 32
    bytes, `names` those of the resources in it, `documents` those of the documents that it is part of; `replaced_by` is a
    record id."""

    record_id: bytes
    content: bytes
    place: bytes
    department: bytes
    version: int
    replaces: bytes | None
    names: frozenset[bytes]
    documents: frozenset[bytes]
    standing: Standing = Standing.CURRENT
    replaced_by: bytes | None = None


@dataclass(frozen=True)
class Ended:
    """A version that is current no longer. `replaced_by`: the record that follows it in its category, if one does."""

    record_id: bytes
    standing: Standing
    replaced_by: bytes | None = None


@dataclass(frozen=True)
class Noted:
    """Who takes records back (an account, or `client:` and a system's name), when (seconds) and why."""

    by: str
    at: int
    why: Why


@dataclass(frozen=True)
class Retraction:
    """A record that was taken back; `number` counts them in this book, from 1."""

    number: int
    record_id: bytes
    noted: Noted


@dataclass(frozen=True)
class Changes:
    """What one publication changes: new versions, ended ones, and of which documents others are now part. `noted` stands by
    each of `ended` that is retracted; by none of `by_rule`, which the author's own rules end (the emergency summary).
    `resources`: where the resources of these versions are; `summaries`: by the patient's key, what is kept from then on."""

    created: tuple[Version, ...] = ()
    ended: tuple[Ended, ...] = ()
    documents: Mapping[bytes, frozenset[bytes]] = field(default_factory=dict)
    noted: Noted | None = None
    by_rule: tuple[Ended, ...] = ()
    resources: tuple[KeptResource, ...] = ()
    summaries: Mapping[bytes, KeptSummary] = field(default_factory=dict)


NO_CHANGES = Changes()


class Versions(Protocol):
    """Durable; every method is one transaction, safe from any thread."""

    def of_contents(self, contents: Sequence[bytes]) -> dict[bytes, Version]:
        """By content: the version that is current, else the latest one."""

    def of_records(self, record_ids: Sequence[bytes]) -> dict[bytes, Version]:
        """By record id."""

    def standings(self, record_ids: Sequence[bytes]) -> dict[bytes, Standing]:
        """By record id, without anything else of them."""

    def related(self, document: bytes, names: Sequence[bytes]) -> tuple[Version, ...]:
        """Current versions that are part of a named document or hold any of these resources."""

    def note(self, changes: Changes) -> None:
        """All of it or nothing."""

    def retracting(self) -> tuple[bytes, ...]:
        """The record ids that are still to be retracted on chain."""

    def retractions(self, before: int | None, limit: int) -> tuple[Retraction, ...]:
        """Who took what back, the last first; those with a number lower than `before`, if it is given."""

    def retraction_of(self, record_id: bytes) -> Retraction | None:
        """Who took this record back, if anybody did since this is noted."""
