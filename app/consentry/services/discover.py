"""Finding records without asking anybody (design D4, specification D-1, D-2, D-3).

From a category's seed come the channels of every author, from a channel its tags; tags are looked up in the reader's own
index. Every directory document the patient ever signed for is followed, and every directory key and lineage of every author
there ever was, so that the answer is complete. Whatever one author filed or registered hurts that author's records only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from consentry.crypto.directory_keys import CategorySecret, derive, open_entry, reader_channel
from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.entries import MAX_SEALED_ENTRY_BYTES, Entry
from consentry.domain.ledger import MemberInfo
from consentry.domain.requests import SeedItem
from consentry.domain.tags import LINEAGE_GAP, LINEAGE_START, TAG_GAP, tags
from consentry.errors import (
    BlobMissing,
    ConsentryError,
    EntryCrowded,
    EntryMismatch,
    KeepersInsufficient,
    LayoutInvalid,
)
from consentry.ports import BlobStore, Clock, Index, Keepers, Ledger
from consentry.ports.index_values import ROWS_A_TAG, EntryRow
from consentry.services.asking import Asking, Wanted, ask, seed, wanted_seed
from consentry.services.directory import Directory


@dataclass(frozen=True)
class Found:
    """An entry that opened and is what its author anchored, with the row that proves it."""

    entry: Entry
    row: EntryRow


MOST_CHANNELS = 32
"""Of authors' channels that are kept with the seeds which they follow from; more are derived anew by each read."""

_Starts = Mapping[int, Sequence[bytes]]
"""The tags that are looked up first, by lineage."""


@dataclass(frozen=True)
class _Channel:
    """An author's channel in one category, and where a reader begins to look in it."""

    key: bytes = field(repr=False)
    starts: _Starts = field(repr=False)


@dataclass
class Seeds:
    """Category seeds already released under one ground, by (document CID, category). In memory only, never stored; what follows
    from them and from an author's public key is kept as long as they are, and no longer."""

    held: dict[tuple[str, Category], CategorySecret] = field(default_factory=dict)
    channels: dict[tuple[str, Category, str, bytes], _Channel] = field(default_factory=dict, repr=False)


@dataclass
class Discovery:
    """What was found, and in words what could technically not be looked at. Never what is withheld."""

    found: list[Found] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    members: tuple[MemberInfo, ...] = ()
    authors: set[str] = field(default_factory=set)
    """Whoever filed anything in a channel that was read, by address."""


def fetch_seeds(
    asking: Asking,
    directories: Iterable[Directory],
    categories: Sequence[Category],
    seeds: Seeds,
    ledger: Ledger,
    keepers: Keepers,
    clock: Clock,
    lying: list[str] | None = None,
) -> list[str]:
    """Ask keepers for the seeds not held yet. Gives what is technically missing; a withheld seed leaves no trace. Keepers
    that gave what does not hold are added to `lying`, in words."""
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
    if lying is not None:
        lying += answers.lying
    for (directory, category), one, shares in zip(places, wanted, answers.shares, strict=True):
        if shares is not None:
            seeds.held[directory.cid, category] = derive(seed(one, shares))
    return (
        [f"{KeepersInsufficient.code}: too few keepers answered for a part of the directory"]
        if answers.incomplete
        else []
    )


def discover(
    directories: Iterable[Directory], seeds: Seeds, ledger: Ledger, index: Index, store: BlobStore
) -> Discovery:
    """Every entry that any author ever filed under the seeds held."""
    result = Discovery(members=ledger.members())
    for directory in directories:
        for category in directory.document.categories:
            secret = seeds.held.get((directory.cid, category))
            if secret is not None:
                place = _Place(directory, category, secret, ledger.chain_id, seeds)
                for member in result.members:
                    _from_author(place, member, index, store, result)
    return result


@dataclass(frozen=True)
class _Place:
    """One category of one directory document, with its seed's keys."""

    directory: Directory
    category: Category
    secret: CategorySecret = field(repr=False)
    chain_id: int
    seeds: Seeds = field(repr=False)

    def channel(self, author: str, key: bytes) -> _Channel:
        """That of an author by this public directory key. Raises LayoutInvalid."""
        kept, named = self.seeds.channels, (self.directory.cid, self.category, author, key)
        found = kept.get(named)
        if found is None:
            document = self.directory.document
            shared = reader_channel(self.secret, Address(author), key, document, self.category)
            found = _Channel(shared, _starts(shared, 0))
            if len(kept) < MOST_CHANNELS:
                kept[named] = found
        return found


def _from_author(
    place: _Place, member: MemberInfo, index: Index, store: BlobStore, result: Discovery
) -> None:
    for key in member.directory_keys:
        try:
            channel = place.channel(member.address, key)
        except LayoutInvalid:
            continue  # no channel exists under this key, so nobody can have filed anything in it (L-13)
        for rows in _by_tag(channel, lambda tags: index.entries_by_tags(member.address, tags)):
            result.authors.add(member.address)
            if len(rows) > ROWS_A_TAG:
                _say(
                    result,
                    f"{EntryCrowded.code}: {member.name} filed more under one tag than a reader looks at",
                )
            for row in (one for one in rows[:ROWS_A_TAG] if not one.erased):
                _look_at(row, place, member, store, result)


def _look_at(row: EntryRow, place: _Place, member: MemberInfo, store: BlobStore, result: Discovery) -> None:
    try:
        entry = _open(row, place, store)
    except ConsentryError as problem:
        _say(result, f"{problem.code}: an entry of {member.name} could not be opened")
        return
    if _is_what_was_anchored(entry, row, place.directory.document.patient, place.category):
        result.found.append(Found(entry, row))
    else:
        _say(result, f"{EntryMismatch.code}: an entry of {member.name} is not what was anchored")


def _say(result: Discovery, words: str) -> None:
    """Once: an author cannot make the answer longer by repeating itself."""
    if words not in result.incomplete:
        result.incomplete.append(words)


def _starts(channel: bytes, first: int) -> _Starts:
    """Those of LINEAGE_GAP lineages from `first` on."""
    return {
        lineage: tags(channel, lineage, 0, LINEAGE_START if lineage else TAG_GAP)
        for lineage in range(first, first + LINEAGE_GAP)
    }


def _by_tag(
    channel: _Channel, look_up: Callable[[Sequence[bytes]], Mapping[bytes, tuple[EntryRow, ...]]]
) -> Iterator[tuple[EntryRow, ...]]:
    """What was filed in every lineage, tag by tag. A lineage ends after TAG_GAP unused positions, the list of lineages
    after LINEAGE_GAP unused ones."""
    first, used = 0, True
    while used:
        starts = _starts(channel.key, first) if first else channel.starts
        found = look_up([one for start in starts.values() for one in start])
        used = bool(found)
        for lineage, start in starts.items():
            j, wanted, rows = 0, start, found
            while filed := [offset for offset, one in enumerate(wanted) if one in rows]:
                yield from (rows[wanted[offset]] for offset in filed)
                j += filed[-1] + 1
                wanted = tags(channel.key, lineage, j, TAG_GAP)
                rows = look_up(wanted)
        first += LINEAGE_GAP


def _open(row: EntryRow, place: _Place, store: BlobStore) -> Entry:
    # The index fetches what it lacks in the background; a reader does not wait for what one author left nowhere.
    if not row.stored and not store.has(row.entry_cid):
        raise BlobMissing("the entry's block is not here yet")
    sealed = b"".join(store.get(row.entry_cid, max_bytes=MAX_SEALED_ENTRY_BYTES))
    return open_entry(sealed, row.tag, place.secret.entry_opener, place.chain_id)


def _is_what_was_anchored(entry: Entry, row: EntryRow, patient: Address, category: Category) -> bool:
    header = entry.header
    return (header.patient, header.author, header.category) == (patient, row.author, category) and (
        entry.record_digest() == row.digest
    )
