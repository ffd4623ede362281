"""Asking several committees at once: what one of them cannot give hurts its own records only (G-3, K-8)."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from consentry.domain.ledger import CommitteeInfo
from consentry.errors import KeepersInsufficient, NoGround
from consentry.ports.keeper_values import Asked, KeeperFailure, Opened, OpenShare, Short, SignedAsk
from consentry.services import asking
from consentry.services.asking import Answers, Asking, Wanted, ask
from tests.app.keeper_world import World

SHARES = {0: b"a", 1: b"b", 2: b"c"}
ALIVE, UNKNOWN, DEAD, REFUSING, PARTLY = 1, 99, 2, 3, 4


@dataclass
class Committees:
    """Answers by the version that is asked; nothing here is opened."""

    asked: list[int] = field(default_factory=list)

    def ask(self, signed: SignedAsk, committee: CommitteeInfo, open_share: OpenShare) -> Asked:
        self.asked.append(committee.version)
        if committee.version == DEAD:
            raise KeepersInsufficient("2 of 3 keepers needed answered")
        if committee.version == REFUSING:
            raise NoGround()
        first = Short(1, 3) if committee.version == PARTLY else Opened(SHARES)
        return Asked((first, *(Opened(SHARES) for _ in range(signed.items - 1))), ())


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    for version in (DEAD, REFUSING, PARTLY):
        made.ledger.committees[version] = replace(made.committee, version=version)
    return made


def asked(world: World, *versions: int) -> Answers:
    """One record sealed to each version, all wanted at once."""
    request = world.request()
    asking = Asking(request.actor, request.session, world.session_key, None, request.purpose, request.ground)
    wanted = []
    for version in versions:
        record = world.anchored_record()
        sealing = replace(record.sealing, committee_version=version)
        item = replace(record, sealing=sealing)
        wanted.append(Wanted(item, sealing, item.header.record_id, world.shares))
    return ask(asking, wanted, world.ledger, Committees(), world.clock)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", [UNKNOWN, DEAD])
def test_ask_goes_on_past_a_committee_that_cannot_answer(world: World, bad: int) -> None:
    """G-3: whatever the order, the others are opened and the rest is said to be incomplete."""
    assert asked(world, bad, ALIVE, bad) == Answers((None, SHARES, None), (0, 2))
    assert asked(world, ALIVE, bad) == Answers((SHARES, None), (1,))


@pytest.mark.parametrize("bad", [UNKNOWN, DEAD])
def test_ask_says_incomplete_beside_withheld(world: World, bad: int) -> None:
    """K-8: one record is withheld, which is an answer; the other is technically missing."""
    assert asked(world, REFUSING, bad) == Answers((None, None), (1,))
    assert asked(world, PARTLY, PARTLY, bad) == Answers((None, SHARES, None), (0, 2))


@pytest.mark.parametrize("versions", [(DEAD,), (UNKNOWN,), (DEAD, UNKNOWN), (UNKNOWN, DEAD)])
def test_ask_stops_and_says_so_when_nothing_can_be_settled(world: World, versions: tuple[int, ...]) -> None:
    """G-3: too few keepers and nothing else is an error, not an empty answer."""
    with pytest.raises(KeepersInsufficient):
        asked(world, *versions)


@dataclass
class Meeting(Committees):
    """Answers once so many requests are under way together; counts what each asked for."""

    at_once: threading.Barrier = field(default_factory=lambda: threading.Barrier(2))
    items: list[int] = field(default_factory=list)

    def ask(self, signed: SignedAsk, committee: CommitteeInfo, open_share: OpenShare) -> Asked:
        self.at_once.wait(20)
        self.items.append(signed.items)
        return super().ask(signed, committee, open_share)


def many(world: World, keepers: Committees, count: int) -> Answers:
    request = world.request()
    asking = Asking(request.actor, request.session, world.session_key, None, request.purpose, request.ground)
    records = [world.record]
    for number in range(1, count):
        header = replace(world.record.header, record_id=number.to_bytes(32, "big"))
        records.append(replace(world.record, header=header))
    wanted = [Wanted(one, one.sealing, one.header.record_id, world.shares) for one in records]
    return ask(asking, wanted, world.ledger, keepers, world.clock)  # type: ignore[arg-type]


def test_ask_has_a_hundred_records_in_one_request_and_more_in_requests_under_way_together(
    world: World,
) -> None:
    """K-28: 101 records are two requests, neither of which is answered before both have begun."""
    keepers = Meeting()
    assert many(world, keepers, 101) == Answers((SHARES,) * 101, ())
    assert sorted(keepers.items) == [1, 100]
    single = Meeting(at_once=threading.Barrier(1))
    many(world, single, 100)
    assert single.items == [100]


def test_ask_keeps_requests_small_enough_for_keepers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """K-28, K-2: a large committee makes sealings long; what a request holds is bounded by bytes as well."""
    monkeypatch.setattr(asking, "MOST_BYTES", 2 * 6_500)
    keepers = Meeting(at_once=threading.Barrier(1))
    assert many(world, keepers, 5) == Answers((SHARES,) * 5, ())
    assert sorted(keepers.items) == [1, 2, 2]


def test_ask_names_keepers_that_lied_and_nobody_who_was_silent(world: World) -> None:
    """K-28: by seat and host, once each; the records are opened all the same."""

    class Lying(Committees):
        def ask(self, signed: SignedAsk, committee: CommitteeInfo, open_share: OpenShare) -> Asked:
            lie = KeeperFailure(2, "keeper.example:9", "share-invalid", "the share does not match its hash")
            silent = KeeperFailure(4, "other.example:9", "keeper-unreachable", "no answer")
            return replace(super().ask(signed, committee, open_share), failures=(lie, silent, lie))

    found = many(world, Lying(), 2)
    assert found.shares == (SHARES, SHARES)
    assert found.lying == ("keeper-misbehaved: the keeper of seat 2 (keeper.example:9): share-invalid",)
