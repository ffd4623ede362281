"""What a page that reads by itself asks its gateway for: entries by tag, and ciphertext (specification W-15, W-16, W-78).

The gateway understands neither: tags and entries are opaque without a category's seed, content without its record's key, and
both lie with the page alone. So nothing here asks whether anybody may read; keepers do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from consentry.domain.addresses import Address
from consentry.domain.cids import cid as checked_cid
from consentry.domain.entries import MANIFEST_START, MAX_SEALED_ENTRY_BYTES
from consentry.domain.merkle import Proof
from consentry.errors import BlobCorrupt, BlobMissing, BlobTooLarge, ConsentryError
from consentry.ports.index_values import ROWS_A_TAG, EntryRow, IndexGaps
from consentry.services.pace import Pace, Room
from consentry.services.reading import ReadPorts

MAX_TAGS = 2_000
MAX_HELD = 1_000
"""Of entries that one question names as held: with the tags, what a body may be."""
MAX_SEALED_BYTES = 8 * 2**20
"""Of entries in one answer; what is beyond is named, and asked for anew."""

MOST_CONTENTS = 100
MAX_CONTENTS_BYTES = 4 * 2**20
MAX_CONTENT_BYTES = 256 * 2**10
"""Of small content in one answer, and of each; what is beyond is asked for by itself."""

PER_SECOND, BURST = 100.0, 2_000
"""Of one account: a whole record at once, one more every few seconds."""
MOST_UNDER_WAY = 8
MOST_SEARCHES = 2
"""Of content that is not here: a store of many nodes asks them for seconds, also for what nobody has."""


@dataclass(frozen=True)
class FindPorts:
    """How much is looked up by one account, and at once."""

    pace: Pace = field(default_factory=lambda: Pace(PER_SECOND, BURST))
    room: Room = field(default_factory=lambda: Room(MOST_UNDER_WAY))
    searching: Room = field(default_factory=lambda: Room(MOST_SEARCHES))


@dataclass(frozen=True)
class Lookup:
    """Tags (32 bytes each) of one author."""

    author: Address
    tags: tuple[bytes, ...]


@dataclass(frozen=True)
class Hit:
    """A row under a tag, `sealed` and `proof` if its entry is here; a row that was erased has neither, nor has one that is
    `held` by whoever asks."""

    row: EntryRow
    sealed: bytes | None = None
    proof: Proof | None = None
    held: bool = False


@dataclass(frozen=True)
class LookedUp:
    """`left`: what was not looked up any more. `crowded`: authors of tags with more rows than a reader looks at.
    `caught_up`: whether the index got to the chain's head."""

    hits: tuple[Hit, ...]
    left: tuple[Lookup, ...]
    crowded: frozenset[str]
    caught_up: bool
    gaps: IndexGaps


def look_up(lookups: Sequence[Lookup], held: Set[str], ports: ReadPorts) -> LookedUp:
    """Every row under these tags, tag by tag, until an answer is full; of entries whose ids (CIDs) are `held`, the row alone.
    Raises ChainUnreachable, StoreUnreachable (the database)."""
    caught_up = ports.scan()
    hits: list[Hit] = []
    crowded: set[str] = set()
    left: list[Lookup] = []
    room = MAX_SEALED_BYTES
    for one in lookups:
        if room <= 0:
            left.append(one)
            continue
        rows = ports.index.entries_by_tags(one.author, one.tags)
        for place, tag in enumerate(one.tags):
            if room <= 0:
                left.append(Lookup(one.author, one.tags[place:]))
                break
            found = [_hit(row, held, ports) for row in rows.get(tag, ())[:ROWS_A_TAG]]
            room -= sum(len(hit.sealed or b"") for hit in found)
            hits += found
            if len(rows.get(tag, ())) > ROWS_A_TAG:
                crowded.add(one.author)
    return LookedUp(tuple(hits), tuple(left), frozenset(crowded), caught_up, ports.index.gaps())


def room_for(cid: str, finding: FindPorts, ports: ReadPorts) -> Room:
    """Where content is looked up: what must be searched for elsewhere keeps nobody from what is here.

    Raises LayoutInvalid, StoreUnreachable, RateLimited.
    """
    name = checked_cid(cid)
    with finding.room.place():
        return finding.room if ports.store.has(name) else finding.searching


def ciphertext(cid: str, ports: ReadPorts) -> Iterator[bytes]:
    """Content in pieces; the first one was there when this returns.

    Entries and manifests are not given: who finds manifests by the chain would else collect everybody's sealed entries.
    The index may not know yet what was anchored a moment ago: what begins like a manifest is taken for one.
    Raises LayoutInvalid, BlobMissing, BlobCorrupt, BlobTooLarge, StoreUnreachable.
    """
    name = checked_cid(cid)
    if ports.index.is_filed(name):
        raise BlobMissing()
    pieces = ports.store.get(name, max_bytes=ports.max_bytes)
    first = next(pieces, b"")
    if first.startswith(MANIFEST_START):
        raise BlobMissing()
    return chain((first,), pieces)


def small_contents(cids: Sequence[Any], ports: ReadPorts) -> Iterator[tuple[str, bytes]]:
    """What of this is here, is small, and is given (as `ciphertext` says), until an answer is full; the rest is left out, and
    asked for by itself. Raises LayoutInvalid, StoreUnreachable."""
    names, room = [checked_cid(cid, "cids") for cid in cids], MAX_CONTENTS_BYTES
    for name in dict.fromkeys(names):
        if room == 0:
            return  # what is opened now is only to be refused
        if not ports.store.has(name):
            continue
        most = min(MAX_CONTENT_BYTES, room)
        try:
            content = b"".join(ciphertext(name, replace(ports, max_bytes=most)))
        except (BlobMissing, BlobCorrupt, BlobTooLarge):
            continue
        room -= len(content)
        yield name, content


def _hit(row: EntryRow, held: Set[str], ports: ReadPorts) -> Hit:
    index, store = ports.index, ports.store
    if not row.erased and row.entry_cid in held:
        return Hit(row, held=True)
    if row.erased or not (row.stored or store.has(row.entry_cid)):
        return Hit(row)
    try:
        sealed = b"".join(store.get(row.entry_cid, max_bytes=MAX_SEALED_ENTRY_BYTES))
        return Hit(row, sealed, index.proof_for(row.author, row.root, row.position))
    except ConsentryError:
        return Hit(row)  # said as missing; the index fetches it anew
