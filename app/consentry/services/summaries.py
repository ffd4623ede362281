"""Composing and refreshing the emergency summary of a patient, one record of each author (specification E-19, E-20).

The author keeps, encrypted under its own key, what its current records say that matters first; plaintext of records is kept
nowhere else. Whatever a correction or retraction ends leaves the summary with the next refresh. A summary is a document of its
own: the next one follows the last (`replaces`), an empty one is retracted.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace

from consentry.crypto.kept import open_kept, seal_kept
from consentry.crypto.waiting import open_waiting, seal_waiting
from consentry.domain.addresses import Address
from consentry.domain.entries import Entry
from consentry.fhir import jsontext
from consentry.fhir.split import RecordDraft
from consentry.fhir.summary import Source as Said
from consentry.fhir.summary import compose, source_of
from consentry.fhir.validate import MAX_DEPTH
from consentry.ports.summaries import KeptSummary, Summaries
from consentry.ports.versions import Changes, Ended, Standing, Version
from consentry.ports.waiting import WaitingRecord
from consentry.services.anchoring import anchor_unfinished
from consentry.services.corrections import Draft, Source, draft_of
from consentry.services.filing import file_entries, open_directory_of
from consentry.services.publish_ports import Author, PublishPorts
from consentry.services.retraction import retract_due
from consentry.services.sealing_records import seal_record

_INFO = b"consentry/v1/summary"
_DOCUMENT = "emergency summary"
_DEPTH = MAX_DEPTH + 16


@dataclass(frozen=True)
class _Patient:
    """One patient of this author: names of what is kept about this patient."""

    address: Address
    author: Author

    @property
    def source(self) -> Source:
        return Source(self.author.content_key, self.address, "")

    @property
    def key(self) -> bytes:
        return self.source.keyed("summary", "")

    @property
    def document(self) -> bytes:
        return self.source.keyed("document", _DOCUMENT)


def refresh(patient: Address, said: Mapping[bytes, RecordDraft], author: Author, ports: PublishPorts) -> bool:
    """Bring the summary up to date with what these records (by id) say, and with what became of the others; whether anything
    was filed, which is anchored with the next batch. Only while `Publications.exclusive`.

    Raises KeepersInsufficient, StoreUnreachable, ChainUnreachable.
    """
    if ports.summaries is None:
        return False
    who = _Patient(patient, author)
    kept = ports.summaries.get(who.key)
    sources = _sources(kept, who)
    found = {record_id: source_of(draft) for record_id, draft in said.items()}
    now = sources | {record_id: one for record_id, one in found.items() if one is not None}
    standing = ports.publications.versions.of_records(list(now))
    now = {
        record_id: one
        for record_id, one in now.items()
        if record_id in standing and standing[record_id].standing is Standing.CURRENT
    }
    if now != sources:
        ports.summaries.keep(who.key, replace(kept, sealed=_sealed(now, who)))
    return _publish(compose(now.values(), with_sensitive=kept.with_sensitive), who, ports)


def choose(patient: Address, author: Author, ports: PublishPorts, *, with_sensitive: bool) -> None:
    """Note whether sensitive and restricted sources go into this author's summary of the patient, and bring it up to date."""
    if ports.summaries is None:
        return
    with ports.publications.exclusive():
        who = _Patient(patient, author)
        kept = ports.summaries.get(who.key)
        if kept == replace(KeptSummary(), with_sensitive=with_sensitive):
            return  # as it is for whoever never said anything
        ports.summaries.keep(who.key, replace(kept, with_sensitive=with_sensitive))
        if refresh(patient, {}, author, ports):
            anchor_unfinished((), author, ports)
        retract_due(author, ports)


def chosen(patient: Address, author: Author, summaries: Summaries | None) -> bool:
    """The patient's word; without one, nothing sensitive is shown."""
    return False if summaries is None else summaries.get(_Patient(patient, author).key).with_sensitive


def _publish(draft: RecordDraft | None, who: _Patient, ports: PublishPorts) -> bool:
    book = ports.publications.versions
    current = next(iter(book.related(who.document, [])), None)
    if draft is None:
        if current is not None:
            book.note(Changes(ended=(Ended(current.record_id, Standing.RETRACTING),)))
        return False
    one = replace(draft_of(draft, who.source, None), document=who.document)
    committee = ports.ledger.committee()
    if current is not None and current.content == one.content:
        return _enter(current, who, ports)
    if committee is None:
        return False
    entry = seal_record(
        [draft.content], draft, who.address, committee, who.author, ports.ledger, ports.store, follows=current
    )
    _file(one, entry, current, who, ports)
    return True


def _enter(current: Version, who: _Patient, ports: PublishPorts) -> bool:
    """File what is published and still waits, if the directory is open now: as publishing again does with other records."""
    waiting = ports.waiting.of_records([current.record_id]).values()
    directory = open_directory_of(who.address, ports) if waiting else None
    if directory is None:
        return False
    key = who.author.content_key
    entries = [(one.content_id, open_waiting(key, one.content_id, one.sealed)) for one in waiting]
    ports.publications.store(*file_entries(entries, directory, who.author, ports))
    return True


def _file(one: Draft, entry: Entry, former: Version | None, who: _Patient, ports: PublishPorts) -> None:
    record_id = entry.header.record_id
    ended = () if former is None else (_ended(former, one, record_id, who),)
    changes = Changes((one.version(record_id, former),), ended)
    # a summary may come back to what it said before: each is a publication of its own
    content_id = hmac.digest(who.author.content_key, one.content + record_id, "sha256")
    directory = open_directory_of(who.address, ports)
    if directory is None:
        now = ports.clock.now()
        sealed = seal_waiting(who.author.content_key, content_id, entry)
        ports.waiting.keep(
            [WaitingRecord(content_id, record_id, who.address, sealed, now, next_at=now)], changes
        )
    else:
        ports.publications.store(*file_entries([(content_id, entry)], directory, who.author, ports), changes)


def _ended(former: Version, follower: Draft, record_id: bytes, who: _Patient) -> Ended:
    """Readers of the former keep it as history, unless the next one is graded otherwise: what it said is taken back then."""
    graded = former.place != follower.place
    return Ended(former.record_id, Standing.RETRACTING if graded else Standing.REPLACED, record_id)


def _sources(kept: KeptSummary, who: _Patient) -> dict[bytes, Said]:
    if not kept.sealed:
        return {}
    rows = jsontext.read(open_kept(who.author.content_key, _INFO, who.key, kept.sealed), max_depth=_DEPTH)
    return {bytes.fromhex(record_id): Said.from_json(one) for record_id, one in rows.items()}


def _sealed(sources: Mapping[bytes, Said], who: _Patient) -> bytes:
    rows = {record_id.hex(): one.to_json() for record_id, one in sources.items()}
    return seal_kept(who.author.content_key, _INFO, who.key, jsontext.write(rows))
