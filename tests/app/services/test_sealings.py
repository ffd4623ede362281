"""One record with several sealings: the newest is read, an older one where too few keepers answer (K-36)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from consentry.domain.entries import SEALED_KEY_BYTES, Entry
from consentry.domain.ledger import CommitteeInfo
from consentry.domain.requests import RecordItem
from consentry.errors import KeepersInsufficient, NoGround
from consentry.ports.index_values import EntryRow
from consentry.ports.keeper_values import Asked, Opened, OpenShare, Short, SignedAsk, Withheld
from consentry.services.asking import Asking
from consentry.services.discover import Found
from consentry.services.sealings import MOST_SEALINGS, AskPorts, Released, ask_for, by_newest
from tests.app.keeper_world import World

SHARES = {0: b"a", 1: b"b", 2: b"c"}
CURRENT = 5


@dataclass
class Committees:
    """Answers by version: those of `dead` too few of, those of `refusing` with no; nothing here is opened."""

    dead: set[int] = field(default_factory=set)
    refusing: set[int] = field(default_factory=set)
    asked: list[tuple[int, int]] = field(default_factory=list)

    def ask(self, signed: SignedAsk, committee: CommitteeInfo, open_share: OpenShare) -> Asked:
        self.asked.append((committee.version, signed.items))
        if committee.version in self.dead:
            raise KeepersInsufficient("2 of 3 keepers needed answered")
        if committee.version in self.refusing:
            raise NoGround()
        return Asked((Opened(SHARES),) * signed.items, ())


class Partly(Committees):
    """The first item of a request is short, the second withheld."""

    def ask(self, signed: SignedAsk, committee: CommitteeInfo, open_share: OpenShare) -> Asked:
        self.asked.append((committee.version, signed.items))
        return Asked((Short(1, 3), Withheld(), *(Opened(SHARES),) * signed.items)[: signed.items], ())


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    for version in range(2, CURRENT + 1):
        made.ledger.committees[version] = replace(made.committee, version=version)
    return made


def found(world: World, *versions: int, record: RecordItem | None = None) -> list[Found]:
    """One record with a sealing to each version."""
    one = record or world.anchored_record()
    shares = world.shares_of[one.header.record_id]
    made = []
    for place, version in enumerate(versions):
        entry = Entry(
            one.header, replace(one.sealing, committee_version=version), shares, bytes(SEALED_KEY_BYTES)
        )
        row = EntryRow(
            one.header.author,
            secrets.token_bytes(32),
            "b" * 59,
            entry.record_digest(),
            one.root,
            0,
            place,
            True,
        )
        made.append(Found(entry, row))
    return made


def asked(world: World, keepers: Committees, *records: Sequence[Found]) -> Released:
    @dataclass
    class Index:
        def proof_for(self, author: str, root: bytes, position: int) -> object:
            return world.record.proof

    sealings = by_newest([one for record in records for one in record], CURRENT)
    request = world.request()
    asking = Asking(request.actor, request.session, world.session_key, None, request.purpose, request.ground)
    ports = AskPorts(world.ledger, Index(), keepers, world.clock)  # type: ignore[arg-type]
    return ask_for(asking, sealings.newest, sealings.older, ports)


def versions(released: Released) -> list[int]:
    return [item.sealing.committee_version for item, _ in released.records]


def test_newest_sealing_comes_first_and_one_of_an_unknown_committee_last(world: World) -> None:
    """K-36: whatever the order of the chain; other records keep their own place."""
    record, other = found(world, 2, 99, 1, 4), found(world, 3)
    sealings = by_newest([*record, *other], CURRENT)
    assert [one.entry.sealing.committee_version for one in sealings.newest] == [4, 3]
    (older, none) = sealings.older.values()
    assert [one.entry.sealing.committee_version for one in older] == [2, 1, 99] and none == ()


def test_a_record_is_asked_for_by_its_newest_sealing_alone_when_enough_keepers_answer(world: World) -> None:
    """K-36."""
    keepers = Committees()
    assert versions(asked(world, keepers, found(world, 1, 2), found(world, 2))) == [2, 2]
    assert keepers.asked == [(2, 2)]


def test_a_record_is_asked_for_by_an_older_sealing_when_too_few_keepers_answer(world: World) -> None:
    """K-36: that record alone, and in its place among the others."""
    keepers = Committees(dead={3, 4})
    released = asked(world, keepers, found(world, 4, 3, 1), found(world, 2), found(world, 4))
    assert versions(released) == [1, 2] and released.short == 1
    first, rest = keepers.asked[:2], keepers.asked[2:]
    assert sorted(first) == [(2, 1), (4, 2)]  # committees are asked side by side
    assert rest == [(3, 1), (1, 1)]


def test_a_withheld_record_is_not_asked_for_by_another_sealing(world: World) -> None:
    """K-36, K-8: no is an answer."""
    keepers = Committees(refusing={2})
    released = asked(world, keepers, found(world, 2, 1), found(world, 3))
    assert versions(released) == [3] and released.short == 0
    assert sorted(keepers.asked) == [(2, 1), (3, 1)]  # committees are asked side by side
    partly = Partly()
    assert asked(world, partly, found(world, 2, 1), found(world, 2, 1), found(world, 2)).short == 1
    assert partly.asked == [(2, 3), (1, 1)]


def test_nothing_settled_is_an_error_after_the_last_sealing_and_no_endless_search(world: World) -> None:
    """K-36: an author may file as many sealings as it likes."""
    keepers = Committees(dead={1, 2, 3, 4, 5})
    record = world.anchored_record()
    with pytest.raises(KeepersInsufficient):
        asked(world, keepers, found(world, 1, 2, 3, 4, 5, 5, 5, 5, record=record))
    assert len(keepers.asked) == MOST_SEALINGS
