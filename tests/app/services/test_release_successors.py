"""A keeper that took another one's seat over: what it opens, what its receipts prove, whom readers ask (K-32 to K-34)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from consentry.crypto import hpke
from consentry.domain.requests import RecordItem, SeedItem
from consentry.errors import KeeperKeyMissing, ProofInvalid
from consentry.services.account_tally import Tally
from consentry.services.commit import commit_next
from consentry.services.receipts import receipts
from consentry.services.release import release
from consentry.services.succession import serving
from consentry.services.verify import Evidence, links, verify
from tests.app.keeper_successor import Successor, replace_keeper
from tests.app.keeper_world import World
from tests.app.memory_sender import MemorySender

SEAT = 2


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def successor(world: World) -> Successor:
    return replace_keeper(world, SEAT)


def of_two_seats(world: World) -> None:
    """The successor belongs to the member of seat 0, so that it follows nobody."""
    second = world.ledger.committees[2]
    keepers = list(second.keepers)
    keepers[SEAT] = replace(keepers[SEAT], member=world.committee.keepers[0].member)
    world.ledger.committees[2] = replace(second, keepers=tuple(keepers))


def items(world: World) -> tuple[RecordItem | SeedItem, ...]:
    return world.record, world.seed_item


def test_release_opens_old_shares_when_the_seat_was_taken_over(world: World, successor: Successor) -> None:
    """K-32: a record and a category seed that were sealed to the keeper before."""
    desk = successor.desk(world.seeds[SEAT])
    for item in items(world):
        assert len(world.given(desk, world.request(item), SEAT)) == 33
    assert desk.newest_seat() == (2, SEAT) and desk.own_seat(1) is None


def test_release_says_so_when_the_key_was_not_taken_over_yet(world: World, successor: Successor) -> None:
    """K-32: a seat whose key is missing is no refusal, and leaves no receipt; so for seeds."""
    desk = successor.desk()
    for item in items(world):
        with pytest.raises(KeeperKeyMissing):
            release(world.command(world.request(item), seat=SEAT), desk)
    assert desk.book.next_seq() == 0


def test_release_gives_nothing_to_whoever_has_a_key_but_no_part_in_the_line(
    world: World, successor: Successor
) -> None:
    """K-32: its receipt could not be proven. Here the successor's member has another seat of version 1."""
    of_two_seats(world)
    desk = successor.desk(world.seeds[SEAT])
    (answer,) = release(world.command(world.request(), seat=SEAT), desk).items
    assert answer.sealed is None and world.receipt(desk, answer).reason == "SealedForAnother"


def test_release_opens_for_the_keeper_that_was_replaced_too(world: World, successor: Successor) -> None:
    """K-32: until its successor has the key somebody must."""
    assert len(world.given(world.desk(SEAT), world.request(), SEAT)) == 33


def test_release_opens_with_a_former_key_of_its_own(world: World) -> None:
    """K-32: a keeper that stays and takes a new sealing key keeps the old one for what was sealed before."""
    fresh = hpke.generate_seed()
    keepers = list(world.committee.keepers)
    keepers[SEAT] = replace(keepers[SEAT], sealing_key=hpke.public_key(fresh))
    world.ledger.committees[2] = replace(world.committee, version=2, keepers=tuple(keepers))
    desk = replace(world.desk(SEAT), sealing_seed=fresh)
    with pytest.raises(KeeperKeyMissing):
        release(world.command(world.request(), seat=SEAT), desk)
    both = replace(desk, other_seeds=(world.seeds[SEAT],))
    assert len(world.given(both, world.request(), SEAT)) == 33


def evidence_of(successor: Successor) -> Evidence:
    world, desk = successor.world, successor.desk(successor.world.seeds[SEAT])
    release(world.command(world.request(), seat=SEAT), desk)
    commit_next(desk.book, world.ledger, MemorySender(world.ledger, desk.account))
    return receipts(world.signed_query(keeper=desk.account), desk).evidence[0]


def test_verify_accepts_the_receipt_of_a_successor_for_an_old_version(
    world: World, successor: Successor
) -> None:
    """K-34, A-2: by the line of the seat, which is on chain."""
    evidence = evidence_of(successor)
    assert verify(evidence, world.ledger).committee_version == 1
    assert list(links(evidence, world.ledger))[-1].detail == f"seat {SEAT} of committee 1, taken over"


def test_verify_refuses_the_receipt_when_the_keeper_is_in_no_line(world: World, successor: Successor) -> None:
    """K-34: a keeper of version 2 that never had a seat in version 1, nor followed anybody."""
    evidence = evidence_of(successor)
    of_two_seats(world)
    with pytest.raises(ProofInvalid, match="seat: the keeper has no seat in committee 1"):
        verify(evidence, world.ledger)


def test_an_access_counts_the_share_of_a_seat_once_when_both_of_its_line_gave_it(
    world: World, successor: Successor
) -> None:
    """K-34, A-7: three keepers released it, two shares left; the one before is not called silent about what came after."""
    former, other = world.desk(SEAT), world.desk(0)
    desks = (former, other, successor.desk(world.seeds[SEAT]))
    tally = Tally([one.account for one in desks], world.ledger)
    for desk in desks:
        seat = 0 if desk is other else SEAT
        (answer,) = release(world.command(world.request(), seat=seat), desk).items
        tally.add(world.receipt(desk, answer), on_chain=False)
    (noted,) = tally.noted()
    assert (noted.keepers, noted.threshold, noted.is_access) == (2, 3, False)
    assert tally.silence(former.account) is None


def test_serving_names_who_holds_the_seats_now(world: World, successor: Successor) -> None:
    """K-33: and nobody for a version that the chain does not know."""
    first = serving(1, world.ledger)
    assert first is not None and first.keepers[SEAT].account == successor.account
    assert [one.account for one in first.former] == [world.committee.keepers[SEAT].account]
    assert serving(2, world.ledger) == world.ledger.committees[2]
    assert serving(3, world.ledger) is None and serving(0, world.ledger) is None
