"""What a reader looks up under the seeds that it holds: the same whether channels were kept or not (D-3, L-13)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, cast

from consentry.crypto.directory_keys import author_channel, new_directory
from consentry.crypto.seeds import derive, directory_public
from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.ledger import MemberInfo, MemberStatus
from consentry.domain.tags import LINEAGE_GAP, LINEAGE_START, TAG_GAP, tag
from consentry.services.directory import Directory
from consentry.services.discover import MOST_CHANNELS, Seeds, discover
from tests.app.crypto.committee import committee
from tests.vectors import samples
from tests.vectors.samples import ALICE, CHAIN_ID

LAB = Category.LABORATORY
NEW = new_directory(ALICE, CHAIN_ID, committee())
HERE = Directory(samples.cid("document 1"), NEW.document)


class Authors:
    """Members with a directory key each, and an index in which nobody has filed anything."""

    chain_id = CHAIN_ID

    def __init__(self, count: int) -> None:
        self.private = {
            Address(f"0x{number:040x}"): secrets.token_bytes(32) for number in range(1, count + 1)
        }
        self.asked: dict[str, list[bytes]] = {}

    def members(self) -> tuple[MemberInfo, ...]:
        return tuple(
            MemberInfo(one, f"Hospital {one}", "hospital", MemberStatus.Active, 1, (directory_public(key),))
            for one, key in self.private.items()
        )

    def entries_by_tags(self, author: str, tags: Sequence[bytes]) -> Mapping[bytes, tuple[Any, ...]]:
        self.asked.setdefault(author, []).extend(tags)
        return {}

    def looked_up(self, seeds: Seeds) -> dict[str, list[bytes]]:
        self.asked = {}
        here = cast(Any, self)
        assert discover([HERE], seeds, here, here, here).found == []
        return self.asked


def test_channels_are_the_authors_own_and_kept_with_their_seed() -> None:
    """L-13, L-14, D-3: the second read looks up exactly what the first one did."""
    authors, seeds = Authors(3), Seeds({(HERE.cid, LAB): derive(NEW.seeds[LAB])})
    first = authors.looked_up(seeds)
    for author, key in authors.private.items():
        channel = author_channel(key, author, NEW.document, LAB)
        wanted = [tag(channel, 0, j) for j in range(TAG_GAP)]
        wanted += [tag(channel, i, j) for i in range(1, LINEAGE_GAP) for j in range(LINEAGE_START)]
        assert first[author] == wanted
    assert len(seeds.channels) == 3
    assert authors.looked_up(seeds) == first


def test_a_key_that_an_author_registers_later_has_a_channel_of_its_own() -> None:
    """D-3: what is kept is found by author and key."""
    authors, seeds = Authors(1), Seeds({(HERE.cid, LAB): derive(NEW.seeds[LAB])})
    first = authors.looked_up(seeds)
    (author,) = authors.private
    authors.private[author] = secrets.token_bytes(32)
    second = authors.looked_up(seeds)
    channel = author_channel(authors.private[author], author, NEW.document, LAB)
    assert second[author][0] == tag(channel, 0, 0) != first[author][0]


def test_no_more_channels_are_kept_than_is_said() -> None:
    """D-3: readers find under all of them, and hold few."""
    authors, seeds = Authors(MOST_CHANNELS + 2), Seeds({(HERE.cid, LAB): derive(NEW.seeds[LAB])})
    first = authors.looked_up(seeds)
    assert len(first) == MOST_CHANNELS + 2
    assert len(seeds.channels) == MOST_CHANNELS
    assert authors.looked_up(seeds) == first
    assert "channels" not in repr(seeds)
