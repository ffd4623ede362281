"""Finding records without asking anybody (design D4, specification D-1, D-2).

From a category's seed come the channels of every author, from a channel its tags; tags are looked up in the reader's own
index. Every directory document the patient ever signed for is followed, and every directory key and lineage of every author
there ever was, so that the answer is complete.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from consentry.crypto.directory_keys import CategorySecret, derive, open_entry, reader_channel
from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.entries import MAX_ENTRY_BYTES, Entry
from consentry.domain.ledger import MemberInfo
from consentry.domain.requests import SeedItem
from consentry.domain.tags import TAG_GAP, tag
from consentry.errors import ConsentryError
from consentry.ports import BlobStore, Clock, Index, Keepers, Ledger
from consentry.ports.index_values import EntryRow
from consentry.services.asking import Asking, Wanted, ask, seed, wanted_seed
from consentry.services.directory import Directory

_SEALING_OVERHEAD = 4096


@dataclass(frozen=True)
class Found:
    """An entry that opened and is what its author anchored, with the row that proves it."""

    entry: Entry
    row: EntryRow


@dataclass
class Seeds:
    """Category seeds already released under one ground, by (document CID, category). In memory only, never stored."""

    held: dict[tuple[str, Category], CategorySecret] = field(default_factory=dict)


@dataclass
class Discovery:
    """What was found, and in words what could technically not be looked at. Never what is withheld."""

    found: list[Found] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)


def fetch_seeds(
    asking: Asking,
    directories: Iterable[Directory],
    categories: Sequence[Category],
    seeds: Seeds,
    ledger: Ledger,
    keepers: Keepers,
    clock: Clock,
) -> list[str]:
    """Ask keepers for the seeds not held yet. Gives what is technically missing; a withheld seed leaves no trace."""
    places: list[tuple[Directory, Category]] = []
    wanted: list[Wanted] = []
    for directory in directories:
        for category in categories:
            if category in directory.document.categories and (directory.cid, category) not in seeds.held:
                item = SeedItem(category, directory.cid, directory.document.patient)
                places.append((directory, category))
                wanted.append(wanted_seed(item, directory.document))
    if not wanted:
        return []
    answers = ask(asking, wanted, ledger, keepers, clock)
    for (directory, category), one, shares in zip(places, wanted, answers.shares, strict=True):
        if shares is not None:
            seeds.held[directory.cid, category] = derive(seed(one, shares))
    return ["too few keepers answered for a part of the directory"] if answers.incomplete else []


def discover(
    directories: Iterable[Directory], seeds: Seeds, ledger: Ledger, index: Index, store: BlobStore
) -> Discovery:
    """Every entry that any author ever filed under the seeds held."""
    result = Discovery()
    members = ledger.members()
    for directory in directories:
        for category in directory.document.categories:
            secret = seeds.held.get((directory.cid, category))
            if secret is not None:
                for member in members:
                    _from_author(directory, category, secret, member, ledger.chain_id, index, store, result)
    return result


def _from_author(
    directory: Directory,
    category: Category,
    secret: CategorySecret,
    member: MemberInfo,
    chain_id: int,
    index: Index,
    store: BlobStore,
    result: Discovery,
) -> None:
    document = directory.document
    for key in member.directory_keys:
        channel = reader_channel(secret, Address(member.address), key, document, category)
        for row in _rows(channel, lambda tags: index.entries_by_tags(member.address, tags)):
            try:
                entry = _open(row, secret, chain_id, store)
            except ConsentryError as problem:
                result.incomplete.append(f"{problem.code}: an entry of {member.name} could not be opened")
                continue
            if _is_what_was_anchored(entry, row, document.patient, category):
                result.found.append(Found(entry, row))
            else:
                result.incomplete.append(
                    f"entry-mismatch: an entry of {member.name} is not what was anchored"
                )


def _rows(
    channel: bytes, look_up: Callable[[Sequence[bytes]], Mapping[bytes, tuple[EntryRow, ...]]]
) -> Iterator[EntryRow]:
    """Rows of every lineage; a lineage ends after TAG_GAP unused positions, the list of lineages at the first empty one."""
    lineage = 0
    while True:
        j, seen = 0, 0
        while True:
            tags = [tag(channel, lineage, position) for position in range(j, j + TAG_GAP)]
            rows = look_up(tags)
            if not rows:
                break
            last = 0
            for offset, one in enumerate(tags):
                if one in rows:
                    last = offset
                    seen += 1
                    yield from rows[one]
            j += last + 1
        if not seen:
            return
        lineage += 1


def _open(row: EntryRow, secret: CategorySecret, chain_id: int, store: BlobStore) -> Entry:
    sealed = b"".join(store.get(row.entry_cid, max_bytes=MAX_ENTRY_BYTES + _SEALING_OVERHEAD))
    return open_entry(sealed, row.tag, secret.entry_seed, chain_id)


def _is_what_was_anchored(entry: Entry, row: EntryRow, patient: Address, category: Category) -> bool:
    header = entry.header
    return (header.patient, header.author, header.category) == (patient, row.author, category) and (
        entry.record_digest() == row.digest
    )
