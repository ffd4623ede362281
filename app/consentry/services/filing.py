"""Filing entries in a patient's directory: under which tags, sealed to which key (specification D-3, D-11, L-15).

Everything that one publication files goes together: envelopes, entries, and what the author's book notes of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from consentry.crypto.directory_keys import author_channel, seal_entry
from consentry.crypto.own_copy import seal_own
from consentry.crypto.waiting import open_waiting, seal_waiting
from consentry.domain.addresses import Address
from consentry.domain.entries import Entry
from consentry.domain.ledger import CommitteeInfo
from consentry.errors import DirectoryNotOpen
from consentry.ports.publications import Publication, State, Taken
from consentry.ports.versions import NO_CHANGES, Changes
from consentry.ports.waiting import WaitingRecord
from consentry.services.directory import UNREADABLE, Directory, current
from consentry.services.positions import open_channels
from consentry.services.publish_ports import Author, PublishPorts
from consentry.services.sealing_records import NewRecord, seal_records


def open_directory_of(patient: Address, ports: PublishPorts) -> Directory | None:
    """The directory in force if there is one that can be read, so that something can be filed in it. Raises
    StoreUnreachable, ChainUnreachable."""
    try:
        return current(ports.ledger, ports.store, patient, ports.documents)
    except (DirectoryNotOpen, *UNREADABLE):
        return None


def file_records(
    new: Sequence[NewRecord],
    may_wait: Sequence[bytes],
    patient: Address,
    committee: CommitteeInfo | None,
    author: Author,
    ports: PublishPorts,
    changes: Changes = NO_CHANGES,
) -> bool:
    """Seal new records and file them, together with those of `may_wait` (record ids) that waited until now; without a
    directory to file in, keep them (D-9). `changes` are noted with it, all or nothing. Whether anything was filed.

    Raises StoreUnreachable, ChainUnreachable. `committee` is None only where nothing is new.
    """
    made: list[Entry] = []
    if committee is not None:
        made = seal_records(new, patient, committee, author, ports.ledger, ports.store)
    fresh = {one.content_id: entry for one, entry in zip(new, made, strict=True)}
    made_now = {one.record_id for one in new}
    waiting = ports.waiting.of_records([one for one in may_wait if one not in made_now])
    directory = open_directory_of(patient, ports) if fresh or waiting else None
    if directory is None:
        ports.waiting.keep(_kept(fresh, patient, author, ports.clock.now()), changes)
        return False
    entries = [*_opened(waiting.values(), author).items(), *fresh.items()]
    ports.publications.store(*file_entries(entries, directory, author, ports), changes)
    return True


def file_entries(
    entries: Sequence[tuple[bytes, Entry]], directory: Directory, author: Author, ports: PublishPorts
) -> tuple[list[Publication], list[Taken]]:
    """Publications of these contents with their entries in the store, and the positions they would take: nothing is noted
    yet. Raises StoreUnreachable, ChainUnreachable."""
    ports.scan()  # what other databases of this author anchored shows where this one may file (D-11)
    chain_id, keys = ports.ledger.chain_id, directory.document.categories
    secrets = {
        category: author_channel(author.directory_key, author.address, directory.document, category)
        for category in dict.fromkeys(entry.header.category for _, entry in entries)
    }
    channels = open_channels(secrets, author.address, author.content_key, ports.publications, ports.index)
    tags = [channels[entry.header.category].next_tag() for _, entry in entries]
    sealed = [
        seal_entry(entry, tag, keys[entry.header.category].entry_key, chain_id)
        for (_, entry), tag in zip(entries, tags, strict=True)
    ]
    stored = ports.store.put_many([one] for one in sealed)
    ports.news.stored(blob.cid for blob in stored)
    created = [
        Publication(
            content_id,
            entry.header.record_id,
            tag,
            blob.cid,
            entry.record_digest(),
            State.STORED,
            committee_version=entry.sealing.committee_version,
            kept=seal_own(author.copy_key, chain_id, entry),
            content_cid=entry.header.cid,
            sealing_hash=entry.sealing.hash(),
        )
        for (content_id, entry), tag, blob in zip(entries, tags, stored, strict=True)
    ]
    return created, [one.taken() for one in channels.values()]


def _kept(
    entries: Mapping[bytes, Entry], patient: Address, author: Author, now: int
) -> Sequence[WaitingRecord]:
    return [
        WaitingRecord(
            content_id=content_id,
            record_id=entry.header.record_id,
            patient=patient,
            sealed=seal_waiting(author.content_key, content_id, entry),
            since=now,
            next_at=now,
        )
        for content_id, entry in entries.items()
    ]


def _opened(waiting: Iterable[WaitingRecord], author: Author) -> dict[bytes, Entry]:
    return {one.content_id: open_waiting(author.content_key, one.content_id, one.sealed) for one in waiting}
