"""Filing entries in a patient's directory: under which tags, sealed to which key (specification D-3, D-11, L-15)."""

from __future__ import annotations

from collections.abc import Sequence

from consentry.crypto.directory_keys import author_channel, seal_entry
from consentry.crypto.own_copy import seal_own
from consentry.domain.addresses import Address
from consentry.domain.entries import Entry
from consentry.errors import DirectoryNotOpen
from consentry.ports.publications import Publication, State, Taken
from consentry.services.directory import UNREADABLE, Directory, current
from consentry.services.positions import Channel, open_channel
from consentry.services.publish_ports import Author, PublishPorts


def open_directory_of(patient: Address, ports: PublishPorts) -> Directory | None:
    """The directory in force if there is one that can be read, so that something can be filed in it. Raises
    StoreUnreachable, ChainUnreachable."""
    try:
        return current(ports.ledger, ports.store, patient)
    except (DirectoryNotOpen, *UNREADABLE):
        return None


def file_entries(
    entries: Sequence[tuple[bytes, Entry]], directory: Directory, author: Author, ports: PublishPorts
) -> tuple[list[Publication], list[Taken]]:
    """Publications of these contents with their entries in the store, and the positions they would take: nothing is noted
    yet. Raises StoreUnreachable, ChainUnreachable."""
    created = []
    ports.scan()  # what other databases of this author anchored shows where this one may file (D-11)
    places: dict[str, Channel] = {}
    for content_id, entry in entries:
        category = entry.header.category
        if category not in places:
            secret = author_channel(author.directory_key, author.address, directory.document, category)
            places[category] = open_channel(
                secret, author.address, author.content_key, ports.publications, ports.index
            )
        place = places[category].next_tag()
        keys = directory.document.categories[category]
        sealed = seal_entry(entry, place, keys.entry_key, ports.ledger.chain_id)
        cid = ports.store.put([sealed]).cid
        created.append(
            Publication(
                content_id,
                entry.header.record_id,
                place,
                cid,
                entry.record_digest(),
                State.STORED,
                committee_version=entry.sealing.committee_version,
                kept=seal_own(author.copy_key, ports.ledger.chain_id, entry),
                content_cid=entry.header.cid,
                sealing_hash=entry.sealing.hash(),
            )
        )
    return created, [one.taken() for one in places.values()]
