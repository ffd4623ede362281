"""Which former records a publication takes the place of (specification D-13 to D-15, ADR 0012).

A record ends when the hospital has said anew everything that is in it: each of its resources by name, or the document that it
was part of. So no result is ever hidden by a message that says nothing about it. The publisher may also name records itself.

In the same category a new record follows (`replaces`, a higher version); the former one stays readable as history. What has no
follower in its category, or has a stricter one, is retracted: else its readers would still see what the hospital moved away
from them, and no header may tell the readers of one category about another (F-2).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from consentry.domain.addresses import Address, to_bytes
from consentry.domain.categories import Category, Confidentiality
from consentry.domain.confidentiality import rank
from consentry.errors import RecordReplaced, RecordUnknown
from consentry.fhir.departments import ANY
from consentry.fhir.naming import LOCAL
from consentry.fhir.split import RecordDraft
from consentry.ports.versions import UNNAMED, Changes, Ended, Standing, Version, Versions


@dataclass(frozen=True)
class Source:
    """Who says something about whom: names without a system count within one `system` only. `key` is the author's."""

    key: bytes = field(repr=False)
    patient: Address
    system: str

    def keyed(self, kind: str, text: str) -> bytes:
        """What the book knows a word by: keyed, and different for each patient."""
        return hmac.digest(self.key, f"{kind}|{self.patient}|{text}".encode(), "sha256")

    def name(self, kind: str, name: str) -> bytes:
        return self.keyed(kind, f"{self.system}|{name}" if name.startswith(LOCAL) else f"|{name}")

    def place(self, category: Category, confidentiality: Confidentiality) -> bytes:
        return self.keyed("place", f"{category}|{confidentiality}")

    def places(self) -> Mapping[bytes, tuple[Category, Confidentiality]]:
        """What the hashes of this patient's places mean."""
        return self._places

    @cached_property
    def _places(self) -> Mapping[bytes, tuple[Category, Confidentiality]]:
        return {self.place(one, grade): (one, grade) for one in Category for grade in Confidentiality}


@dataclass(frozen=True)
class Draft:
    """A draft as the author's book knows it: each hash of 32 bytes. `named`: its resources' names, by identity."""

    draft: RecordDraft
    content: bytes
    place: bytes
    department: bytes
    named: Mapping[str, bytes]
    document: bytes

    @property
    def names(self) -> frozenset[bytes]:
        return frozenset(self.named.values())

    def version(self, record_id: bytes, follows: Version | None) -> Version:
        number, former = (1, None) if follows is None else (follows.version + 1, follows.record_id)
        documents = frozenset((self.document,))
        return Version(
            record_id, self.content, self.place, self.department, number, former, self.names, documents
        )


@dataclass(frozen=True)
class Plan:
    """`fresh` are to be published, each with the version that it follows; `known` were published before, by content.
    `beside`: current records that hold something of what is said now and stay, as they also hold something else."""

    known: Mapping[bytes, Version]
    fresh: tuple[tuple[Draft, Version | None], ...]
    ended: tuple[Ended, ...]
    documents: Mapping[bytes, frozenset[bytes]]
    unrecorded: tuple[Version, ...]
    beside: tuple[bytes, ...] = ()

    def changes(self, record_ids: Mapping[bytes, bytes]) -> Changes:
        """What to note once the fresh ones have their record ids, by content."""
        created = tuple(one.version(record_ids[one.content], follows) for one, follows in self.fresh)
        follower = {one.replaces: one.record_id for one in created if one.replaces is not None}
        ended = tuple(replace(one, replaced_by=follower.get(one.record_id)) for one in self.ended)
        return Changes(self.unrecorded + created, ended, self.documents)


def draft_of(
    draft: RecordDraft, source: Source, document: str | None, known: Mapping[str, bytes] | None = None
) -> Draft:
    """`known`: by identity, the names of resources that the book knows already."""
    # The date is left out: it follows from the content, or is the hour of arrival, by which the same content would look new
    # each time (G-1).
    header = f"{draft.category}|{draft.confidentiality}|{draft.department}|".encode()
    # What every record may repeat (it has no names) belongs to no document.
    own = source.name("document", document) if document is not None and draft.names else UNNAMED
    return Draft(
        draft,
        hmac.digest(source.key, to_bytes(source.patient) + header + draft.content, "sha256"),
        source.place(draft.category, draft.confidentiality),
        source.keyed("department", draft.department),
        {
            one.identity: (known or {}).get(one.identity) or source.name("resource", one.name)
            for one in draft.held
        },
        own,
    )


def plan(
    drafts: Sequence[Draft],
    replaces: Sequence[bytes],
    source: Source,
    book: Versions,
    earlier: Mapping[bytes, bytes],
) -> Plan:
    """What is new, what ends, and what follows what. `replaces`: records that the publisher names itself. `earlier`: record
    ids by content of what was published before versions were noted.

    A publication that says nothing new changes nothing, or a message that is delivered twice would undo a correction: what was
    replaced comes back only beside something new, or when the publisher names what it replaces.
    Raises RecordUnknown, RecordReplaced.
    """
    known = book.of_contents([one.content for one in drafts])
    old = {
        one.content: one.version(earlier[one.content], None)
        for one in drafts
        if one.content in earlier and one.content not in known
    }
    known |= old
    kept = {key: one for key, one in known.items() if one.standing is Standing.CURRENT}
    new = [one for one in drafts if one.content not in kept]
    if not replaces and all(one.content in known for one in new):
        new = []
    ending = _named(replaces, {one.record_id for one in kept.values()}, source, book, again=not new)
    documents = {
        kept[one.content].record_id: kept[one.content].documents | {one.document}
        for one in drafts
        if one.content in kept and one.document not in kept[one.content].documents
    }
    names = frozenset(name for one in drafts for name in one.names)
    related: Sequence[Version] = ()
    if new:
        kept_ids = {one.record_id for one in kept.values()}
        document = next((one.document for one in drafts if one.document != UNNAMED), UNNAMED)
        related = [one for one in book.related(document, sorted(names)) if one.record_id not in kept_ids]
        left = [(one, _documents_left(one, document, names)) for one in related]
        documents |= {one.record_id: these for one, these in left if these and these != one.documents}
        ending |= {one.record_id: one for one, these in left if not these}
    follows = _pair(new, list(ending.values()), names, source)
    followers = {former.record_id: follower for follower, former in follows}
    return Plan(
        known,
        tuple((one, next((former for follower, former in follows if follower is one), None)) for one in new),
        tuple(Ended(key, _standing(one, followers.get(key), drafts, source)) for key, one in ending.items()),
        documents,
        tuple(old.values()),
        tuple(one.record_id for one in related if one.names & names and one.record_id not in ending),
    )


def _named(
    replaces: Sequence[bytes], kept: set[bytes], source: Source, book: Versions, *, again: bool
) -> dict[bytes, Version]:
    """The records that the publisher names. `again`: everything has been published, so that this may be a repetition."""
    found, places = book.of_records(replaces), source.places()
    for record_id in replaces:
        if record_id not in found or found[record_id].place not in places:
            raise RecordUnknown()
    ended = [one for one in found.values() if one.standing is not Standing.CURRENT]
    if ended and not again:
        raise RecordReplaced()
    return {key: one for key, one in found.items() if one.standing is Standing.CURRENT and key not in kept}


def _documents_left(former: Version, document: bytes, names: frozenset[bytes]) -> frozenset[bytes]:
    """The documents that it is still part of: not of the one that is published without it, and of none without a name once
    everything in it was said anew."""
    gone = {document} - {UNNAMED} | ({UNNAMED} if former.names and former.names <= names else set())
    return former.documents - gone


def _pair(
    new: Sequence[Draft], ending: Sequence[Version], names: frozenset[bytes], source: Source
) -> list[tuple[Draft, Version]]:
    """Each new record with at most one former one of its category: the one that it has most in common with. What has nothing
    in common follows only if nothing of the former one is said elsewhere: then it took its place in the document."""
    places = source.places()
    choices = [
        (len(one.names & former.names), one.place == former.place, former.version, at, nth)
        for at, one in enumerate(new)
        for nth, former in enumerate(ending)
        if places[one.place][0] is places[former.place][0]
        and (one.names & former.names or not names & former.names)
    ]
    pairs: dict[int, int] = {}
    for *_, at, nth in sorted(choices, reverse=True):
        if at not in pairs and nth not in pairs.values():
            pairs[at] = nth
    return [(new[at], ending[nth]) for at, nth in pairs.items()]


def _standing(former: Version, follower: Draft | None, drafts: Sequence[Draft], source: Source) -> Standing:
    """A former version stays readable, unless nothing follows it or the hospital now says something of it where others or
    fewer may read it."""
    if follower is None:
        return Standing.RETRACTING
    places, any_department = source.places(), source.keyed("department", ANY)
    category, grade = places[former.place]
    for one in drafts:
        moved = places[one.place][0] is not category or rank(places[one.place][1]) > rank(grade)
        narrowed = one.department not in (former.department, any_department)
        if (one is follower or one.names & former.names) and (moved or narrowed):
            return Standing.RETRACTING
    return Standing.REPLACED
