"""The simulator of docs/scale.md by itself: days drawn from a seed, and the rules by which things are sent (H-64, H-65, H-67)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

import pytest

from consentry.chain.profiles import PROFILES
from consentry.config import GatewayConfig
from consentry.domain.categories import Category
from consentry.domain.entries import MAX_ROWS
from consentry.domain.requests import MAX_ITEMS
from consentry.index.author import EXCLUSIVE_SECONDS
from consentry.keeper.settings import KeeperConfig
from consentry.network.plan import MEMBERS, THRESHOLD
from consentry.services.commit import MOST_RECEIPTS
from consentry.services.everything import WORKING_SECONDS
from simulation.days import AS_IT_IS, LOADS
from simulation.formulas import expected
from simulation.network import Outcome, Rules, simulate
from simulation.workload import DAY_SECONDS, ITEMS_A_REQUEST, Habits, Load, Mix, Second, day, mean, requests

SMALL = Load(20_000)


def played(*seconds: Second, until: int = 0, **rules: Any) -> Outcome:
    """These seconds, and nothing in those between and after them."""
    return simulate(_filled(seconds, until), replace(AS_IT_IS, **rules))


def _filled(seconds: Iterable[Second], until: int) -> Iterator[Second]:
    known = {one.at: one for one in seconds}
    yield from (known.get(at, Second(at)) for at in range(max([*known, until - 1]) + 1))


# --- a day from a seed ---


def test_a_day_is_the_same_for_the_same_seed() -> None:
    """H-64."""
    first, again, other = (simulate(day(SMALL, seed), AS_IT_IS) for seed in (1, 1, 2))
    assert first == again != other
    assert first.seconds == DAY_SECONDS and len(first.minutes) == DAY_SECONDS // 60


def test_a_day_comes_to_what_its_formulas_say() -> None:
    """H-64, H-68: a whole day of a million interactions lies within a few per cent of the averages in closed form."""
    load = LOADS[1]
    said, found = expected(load, AS_IT_IS), simulate(day(load, 3), AS_IT_IS)
    sent = found.transactions
    for name, value, average in (
        ("anchors", sent["anchor"], said.anchors),
        ("grants", sent["grant"], said.grants),
        ("directories", sent["directory"], said.directories),
        ("revocations", sent["revocation"], said.revocations),
        ("renewals", sent["renewal"], said.renewals),
        ("rows", found.rows, said.rows),
        ("manifests", found.manifest_bytes, said.manifest_bytes),
        ("receipts", sum(found.receipts), said.receipts),
        ("requests", sum(found.requests), said.requests),
        ("reads", found.reads, load.interactions * load.mix.read),
        ("accounts", found.accounts, load.interactions * load.mix.account),
    ):
        assert value == pytest.approx(average, rel=0.05), name
    assert sum(found.commits) == pytest.approx(said.commits, rel=0.1)


def test_shares_of_a_day_are_whole() -> None:
    """H-64: every interaction is of one kind, of one size, by one member."""
    assert sum(getattr(Mix(), one.name) for one in fields(Mix)) == pytest.approx(1)
    habits = Habits()
    for sizes in (habits.published, habits.read):
        assert sum(share for _, share in sizes) == pytest.approx(1) and mean(sizes) > 1
    assert len(habits.hours) == 24 and sum(habits.weights(100)) == pytest.approx(1)
    assert habits.categories <= len(Category) and WORKING_SECONDS == 900
    assert {load.interactions for load in LOADS} == {10**5, 10**6, 10**7}
    assert {load.members for load in LOADS} == {100}


# --- the rules ---


def test_rules_are_the_products_own() -> None:
    """H-65: limits and intervals that gateways and keepers have unless they are told otherwise."""
    assert (
        Rules(
            keepers=len(MEMBERS),
            threshold=THRESHOLD,
            spare=GatewayConfig.keeper_spare,
            rows_a_manifest=MAX_ROWS,
            receipts_a_commit=MOST_RECEIPTS,
            commit_every_seconds=int(KeeperConfig.commit_every_seconds),
            commit_at_receipts=KeeperConfig.commit_at_receipts,
            block_seconds=PROFILES["kaia"].block_seconds or 0,
            final_seconds=1,
            wait_seconds=int(EXCLUSIVE_SECONDS),
        )
        == AS_IT_IS
    )
    assert PROFILES["kaia"].finality == "instant" and ITEMS_A_REQUEST == MAX_ITEMS


def test_publication_anchors_each_hundred_records() -> None:
    """H-65: R-1, L-16."""
    found = played(Second(0, publications=((0, 250), (1, 1))), until=10)
    assert found.transactions == {"anchor": 4} and (found.anchors, found.rows) == (4, 251)


def test_publications_of_one_author_wait_for_each_other() -> None:
    """H-65: those of different authors do not (H-19)."""
    apart = played(Second(0, publications=((0, 1), (1, 1), (2, 1))), until=20, final_seconds=4)
    after = played(Second(0, publications=((0, 1), (0, 1), (0, 1))), until=20, final_seconds=4)
    assert (apart.longest_wait, after.longest_wait) == (0, 8)
    assert apart.anchors == after.anchors == 3


def test_publication_that_waits_too_long_is_refused() -> None:
    """H-67: as a gateway does, and it is counted."""
    found = played(Second(0, publications=((0, 1),) * 20), until=60, final_seconds=4, wait_seconds=30)
    assert (found.anchors, found.refused, found.queued) == (8, 12, 0)
    assert found.longest_wait == 28


@pytest.mark.parametrize(
    ("receipts", "commits"), [(0, 0), (1, 1), (99, 1), (100, 1), (128, 1), (129, 2), (300, 3)]
)
def test_keeper_commits_what_waits(receipts: int, commits: int) -> None:
    """H-65: K-9; up to 128 at once."""
    asked = tuple(requests([receipts]))
    found = played(Second(0, requests=asked), until=40, spare=2)
    assert found.commits == (commits,) * 5 and found.waiting == (0,) * 5
    assert found.receipts == (receipts,) * 5


def test_keeper_commits_when_it_is_time_or_enough_wait() -> None:
    """H-65: after half a minute, or from a hundred on at once; a first commit is dearer than later ones."""
    late = played(Second(0, requests=(99,)), until=30, spare=2)
    soon = played(Second(0, requests=(100,)), until=30, spare=2)
    assert (late.commits, soon.commits) == ((0,) * 5, (1,) * 5)
    both = played(Second(0, requests=(100,)), Second(31, requests=(100,)), until=40, spare=2)
    assert both.transactions == {"first commit": 5, "commit": 5}


def test_request_is_filed_by_as_many_keepers_as_are_asked() -> None:
    """H-65: K-28; which ones is chance."""
    found = played(*(Second(at, requests=(2,)) for at in range(2_000)))
    assert sum(found.receipts) == 2_000 * 2 * 3
    assert all(1_000 < one < 1_400 for one in found.requests)


def test_receipts_pile_up_where_more_come_than_a_block_takes() -> None:
    """H-67: one commit a block is the most that a keeper sends; what is left waits, and is said."""
    busy = tuple(Second(at, requests=(100, 100)) for at in range(60))
    found = played(*busy, spare=2)
    assert found.commits == (60,) * 5 and found.waiting == (60 * 200 - 60 * 128,) * 5
    assert found.minutes[0].waiting == found.waiting[0]
    assert played(*busy, spare=2, receipts_a_commit=4_096).waiting == (0,) * 5
    assert played(*busy, spare=2, block_seconds=2).commits == (30,) * 5
    assert played(*busy, until=200, spare=2).waiting == (0,) * 5


def test_minutes_add_up_to_the_whole() -> None:
    """H-64: what plots show is what tables say."""
    found = simulate(day(SMALL, 5), AS_IT_IS)
    assert sum(one.transactions for one in found.minutes) == sum(found.transactions.values())
    assert sum(one.gas for one in found.minutes) == found.gas
    assert sum(one.rows for one in found.minutes) == found.rows
    assert sum(one.items for one in found.minutes) == sum(found.receipts)
    assert [len(hour) for hour in found.hours()] == [60] * 24
