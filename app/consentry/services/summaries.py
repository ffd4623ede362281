"""Composing and refreshing the emergency summary of a patient, one record of each author (specification E-19, E-20).

The author keeps, encrypted under its own key, what its current records say that matters first; plaintext of records is kept
nowhere else. Whatever a correction or retraction ends leaves the summary with the next refresh. A summary is a document of its
own: the next one follows the last (`replaces`), an empty one is retracted.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from consentry.crypto.kept import open_kept, seal_kept
from consentry.domain.addresses import Address
from consentry.domain.ledger import CommitteeInfo
from consentry.fhir import jsontext
from consentry.fhir.split import RecordDraft
from consentry.fhir.summary import Source as Said
from consentry.fhir.summary import compose, source_of
from consentry.ports.summaries import KeptSummary, Summaries
from consentry.ports.versions import NO_CHANGES, Changes, Ended, Standing, Version
from consentry.services.anchoring import anchor_unfinished
from consentry.services.corrections import Draft, Source, draft_of
from consentry.services.filing import file_records
from consentry.services.publish_ports import Author, PublishPorts
from consentry.services.retraction import retract_due
from consentry.services.sealing_records import NewRecord, new_record_id

_INFO = b"consentry/v1/summary"
_DOCUMENT = "emergency summary"


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


@dataclass(frozen=True)
class Renewal:
    """What brings a summary up to date. `new`: the record to be sealed, if there is one, of version `created`; `ended`: what
    no longer holds; `record_ids`: what of it is filed, or may be now; `kept` by `key`: what the author keeps from then on."""

    new: tuple[NewRecord, ...] = ()
    created: tuple[Version, ...] = ()
    ended: tuple[Ended, ...] = ()
    record_ids: tuple[bytes, ...] = ()
    key: bytes = b""
    kept: KeptSummary | None = None

    def under(self, committee: CommitteeInfo | None) -> Renewal:
        """Without keepers to seal to, nothing new."""
        return (
            self if committee is not None or not self.new else replace(_NOTHING, key=self.key, kept=self.kept)
        )

    def beside(self, changes: Changes) -> Changes:
        """The changes of a publication, and these."""
        kept = {} if self.kept is None else {self.key: self.kept}
        return replace(changes, created=changes.created + self.created, by_rule=self.ended, summaries=kept)


_NOTHING = Renewal()


def renew(
    patient: Address, said: Mapping[bytes, RecordDraft], changes: Changes, author: Author, ports: PublishPorts
) -> Renewal:
    """How the summary comes up to date with what these records (by id) say once `changes` are noted, and with what became of
    the others. Only while `Publications.exclusive`.

    Raises StoreUnreachable.
    """
    if ports.summaries is None:
        return _NOTHING
    who = _Patient(patient, author)
    kept = ports.summaries.get(who.key)
    sources = _sources(kept, who)
    found = {record_id: source_of(draft) for record_id, draft in said.items()}
    now = sources | {record_id: one for record_id, one in found.items() if one is not None}
    standing = _standing(list(now), changes, ports)
    now = {record_id: one for record_id, one in now.items() if standing.get(record_id) is Standing.CURRENT}
    renewal = _composed(compose(now.values(), with_sensitive=kept.with_sensitive), who, ports)
    changed = None if now == sources else replace(kept, sealed=_sealed(now, who))
    return replace(renewal, key=who.key, kept=changed)


def refresh(patient: Address, said: Mapping[bytes, RecordDraft], author: Author, ports: PublishPorts) -> bool:
    """Bring the summary up to date by itself; whether anything was filed, which is anchored with the next batch. Only while
    `Publications.exclusive`.

    Raises StoreUnreachable, ChainUnreachable.
    """
    renewal = renew(patient, said, NO_CHANGES, author, ports)
    committee = ports.ledger.committee() if renewal.new else None
    renewal = renewal.under(committee)
    noted = renewal.beside(NO_CHANGES)
    return file_records(renewal.new, renewal.record_ids, patient, committee, author, ports, noted)


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


def _standing(record_ids: Sequence[bytes], changes: Changes, ports: PublishPorts) -> dict[bytes, Standing]:
    """As it is once the changes are noted."""
    created = {one.record_id: one.standing for one in changes.created}
    known = ports.publications.versions.standings([one for one in record_ids if one not in created])
    return {**known, **created, **{one.record_id: one.standing for one in changes.ended}}


def _composed(draft: RecordDraft | None, who: _Patient, ports: PublishPorts) -> Renewal:
    current = next(iter(ports.publications.versions.related(who.document, [])), None)
    if draft is None:
        gone = () if current is None else (Ended(current.record_id, Standing.RETRACTING),)
        return Renewal(ended=gone)
    one = replace(draft_of(draft, who.source, None), document=who.document)
    if current is not None and current.content == one.content:
        # it may wait still: filed now if the directory is open, as publishing again does with other records
        return Renewal(record_ids=(current.record_id,))
    record_id = new_record_id()
    # a summary may come back to what it said before: each is a publication of its own
    content_id = hmac.digest(who.author.content_key, one.content + record_id, "sha256")
    return Renewal(
        new=(NewRecord(record_id, content_id, draft, current),),
        created=(one.version(record_id, current),),
        ended=() if current is None else (_ended(current, one, record_id),),
        record_ids=(record_id,),
    )


def _ended(former: Version, follower: Draft, record_id: bytes) -> Ended:
    """Readers of the former keep it as history, unless the next one is graded otherwise: what it said is taken back then."""
    graded = former.place != follower.place
    return Ended(former.record_id, Standing.RETRACTING if graded else Standing.REPLACED, record_id)


def _sources(kept: KeptSummary, who: _Patient) -> dict[bytes, Said]:
    if not kept.sealed:
        return {}
    text = open_kept(who.author.content_key, _INFO, who.key, kept.sealed)
    if text.startswith(b"{"):  # as it was kept by an earlier release
        rows = jsontext.read_written(text)
        return {bytes.fromhex(record_id): Said.from_json(one) for record_id, one in rows.items()}
    lines = (line.partition(b" ") for line in text.splitlines())
    return {bytes.fromhex(record_id.decode()): Said.read(one) for record_id, _, one in lines}


def _sealed(sources: Mapping[bytes, Said], who: _Patient) -> bytes:
    """A line for each: what was written before is not written anew each time. JSON has no line breaks of its own here."""
    lines = (record_id.hex().encode() + b" " + one.written for record_id, one in sources.items())
    return seal_kept(who.author.content_key, _INFO, who.key, b"\n".join(lines))
