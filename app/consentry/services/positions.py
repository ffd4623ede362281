"""Where an author files next: a place in a channel that no database of this author has used (specification D-3, D-11).

What this database took it knows. Another database of the same author, the original of a restored copy or a second
gateway's, shows in the index: tags of this very channel past what is known here. Then this one goes on in the next lineage
of the channel, so that no tag is used twice and what belongs together stays invisible.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from consentry.domain.tags import LINEAGE_GAP, TAG_GAP, tag
from consentry.ports import Index
from consentry.ports.publications import Place, Publications, Taken


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


def open_channel(
    secret: bytes, author: str, content_key: bytes, publications: Publications, index: Index
) -> Channel:
    """The channel at the first place that is free as far as this database and the index know."""
    channel_id = hmac.digest(content_key, b"channel" + secret, "sha256")
    place = _free(secret, author, publications.place(channel_id), index)
    return Channel(secret, channel_id, place.lineage, place.next_position)


def _free(secret: bytes, author: str, known: Place, index: Index) -> Place:
    """The known place, or the beginning of the first later lineage in which nothing is anchored. Ends, because each round
    needs an anchored entry of this author in each of LINEAGE_GAP lineages."""
    candidates = [known]
    while True:
        tags = {place: _tags(secret, place) for place in candidates}
        used = index.entries_by_tags(author, [one for these in tags.values() for one in these])
        for place in candidates:
            if used.keys().isdisjoint(tags[place]):
                return place
        last = candidates[-1].lineage
        candidates = [Place(lineage, 0) for lineage in range(last + 1, last + 1 + LINEAGE_GAP)]


def _tags(secret: bytes, place: Place) -> Sequence[bytes]:
    """Whatever one database anchored begins at 0 and leaves no gap (D-3)."""
    return [tag(secret, place.lineage, place.next_position + offset) for offset in range(TAG_GAP)]
