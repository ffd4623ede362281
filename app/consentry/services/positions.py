"""Where an author files next: a place in a channel that no database of this author has used (specification D-3, D-11).

What this database took it knows. Another database of the same author, the original of a restored copy or a second
gateway's, shows in the index: tags of this very channel past what is known here. Then this one goes on in the next lineage
of the channel, so that no tag is used twice and what belongs together stays invisible.
"""

from __future__ import annotations

import hmac
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from consentry.domain.tags import LINEAGE_GAP, TAG_GAP, tag, tags
from consentry.ports import Index
from consentry.ports.publications import Place, Publications, Taken

K = TypeVar("K", bound=Hashable)


@dataclass
class Channel:
    """An author's channel for one category while entries are sealed: `first` is the first free position."""

    secret: bytes
    channel_id: bytes
    lineage: int
    first: int
    used: int = 0

    def next_tag(self) -> bytes:
        self.used += 1
        return tag(self.secret, self.lineage, self.first + self.used - 1)

    def taken(self) -> Taken:
        return Taken(self.channel_id, self.lineage, self.first, self.used)


def open_channels(
    secrets: Mapping[K, bytes], author: str, content_key: bytes, publications: Publications, index: Index
) -> dict[K, Channel]:
    """Channels, by their secrets, each at the first place that is free as far as this database and the index know."""
    ids = {key: hmac.digest(content_key, b"channel" + secret, "sha256") for key, secret in secrets.items()}
    known = publications.places(list(ids.values()))
    places = _free({key: (secret, known[ids[key]]) for key, secret in secrets.items()}, author, index)
    return {
        key: Channel(secret, ids[key], places[key].lineage, places[key].next_position)
        for key, secret in secrets.items()
    }


def _free(known: Mapping[K, tuple[bytes, Place]], author: str, index: Index) -> dict[K, Place]:
    """Of each channel the known place, or the beginning of the first later lineage in which nothing is anchored. Ends, because
    each round of a channel needs an anchored entry of this author in each of LINEAGE_GAP lineages."""
    candidates = {key: [place] for key, (_, place) in known.items()}
    free: dict[K, Place] = {}
    while candidates:
        wanted = {
            key: [(place, _tags(known[key][0], place)) for place in places]
            for key, places in candidates.items()
        }
        used = index.entries_by_tags(
            author, [tag for one in wanted.values() for _, these in one for tag in these]
        )
        for key, places in wanted.items():
            found = next((place for place, these in places if used.keys().isdisjoint(these)), None)
            if found is not None:
                free[key] = found
        candidates = {
            key: [Place(lineage, 0) for lineage in range(last + 1, last + 1 + LINEAGE_GAP)]
            for key, places in candidates.items()
            if key not in free
            for last in (places[-1].lineage,)
        }
    return free


def _tags(secret: bytes, place: Place) -> Sequence[bytes]:
    """Whatever one database anchored begins at 0 and leaves no gap (D-3)."""
    return tags(secret, place.lineage, place.next_position, TAG_GAP)
