"""What an account proves, and what it lacks, in words (A-7, A-8)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from consentry.domain import times
from consentry.domain.grounds import Reason
from consentry.domain.ledger import AuditClock
from consentry.domain.receipts import Receipt
from consentry.errors import KeeperUnreachable
from consentry.services.account_words import how_words, missing_words, noted_words, remarks, summary
from consentry.services.receipts import receipts
from tests.app.keeper_successor import replace_keeper
from tests.app.keeper_world import NOW, World
from tests.app.services.account_scene import Answering, Asking, Exported, commit_all, release_at, released
from tests.app.services.test_release_episodes import asserted


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def exported(world: World) -> Exported:
    return Exported(world, Asking(world, Answering(world)).account())


def words(world: World) -> list[str]:
    report = exported(world).verify()
    return [noted_words(one, report) for one in report.noted]


def test_an_access_takes_as_many_keepers_as_open_the_record(world: World) -> None:
    """A-7: three of five; two are a possible access, whatever the number of requests."""
    released(world, 0, 1)
    (possible,) = exported(world).verify().noted
    assert not possible.is_access and (possible.keepers, possible.threshold) == (2, 3)
    released(world, 0)
    assert "a possible access, 2 keepers released it, 3 are needed." in words(world)[0]
    released(world, 4)  # another request, the same record and reader: the shares add up
    assert "an access, 3 keepers released it, 3 are enough." in words(world)[0]
    assert "1 access, 0 possible, 0 refused" in summary(exported(world).verify())


def test_records_and_readers_are_counted_apart(world: World) -> None:
    """A-7"""
    released(world, 0, 1)
    other = world.anchored_record()
    released(world, 2, 3, request=world.request(other))
    released(world, 4, request=world.own_request())
    assert [one.is_access for one in exported(world).verify().noted] == [False, False, False]


def test_who_asked_is_said_in_words(world: World) -> None:
    """A-7: a person who signed, one whom a system account asserted, the patient herself."""
    bose, system, alice = (world.account(one) for one in ("dr_bose", "city_system", "alice"))
    released(world, 0, request=world.request())
    released(world, 0, request=world.system_request())
    released(world, 0, request=world.own_request())
    told = words(world)
    assert any(f"by {bose} of City Hospital, who signed: " in one for one in told)
    assert any(
        f"by {bose}, whom the system account {system} of City Hospital asserted: " in one for one in told
    )
    assert any("by the patient: " in one for one in told)
    assert all("laboratory results, record 0x" in one and "treating me" in one for one in told)
    assert alice not in "".join(told)


def test_who_asserted_an_episode_is_said(world: World) -> None:
    """A-7, K-14"""
    system = world.account("city_system")
    released(world, 0, request=world.request(episode=asserted(world)))
    assert f"who signed, in a current episode that {system} asserted: " in words(world)[0]


def test_a_table_says_how_the_reader_is_known(world: World) -> None:
    """A-7: signed, asserted, the patient's side, and who asserted an episode."""
    system = world.account("city_system")
    asked = (
        world.request(),
        world.system_request(),
        world.own_request(),
        world.request(episode=asserted(world)),
    )
    for one in asked:
        released(world, 0, request=one)
    told = [
        how_words(Receipt.parse(one.receipt), {})
        for one in receipts(world.signed_query(), world.desk()).evidence
    ]
    assert told == [
        "signed",
        f"asserted by {system}",
        "the patient's side",
        f"signed; current episode asserted by {system}",
    ]


def test_a_table_names_the_mandate(world: World) -> None:
    """W-117: the representative's own by the receipt, that of a consent as the chain named it; none where there is none."""
    mandate, other = b"\x11" * 32, b"\x22" * 32
    for one in (world.request(), world.own_request()):
        released(world, 0, request=one)
    found = [Receipt.parse(one.receipt) for one in receipts(world.signed_query(), world.desk()).evidence]
    by_consent, own = found
    assert by_consent.consent_id is not None
    named = {by_consent.consent_id: mandate}
    assert how_words(by_consent, named) == "signed; consent granted by the mandate 0x1111111111…"
    assert how_words(by_consent, {other: mandate}) == "signed"
    assert how_words(own, named) == "the patient's side"
    held = replace(own, mandate_id=other)
    assert how_words(held, named) == "the patient's side, by the mandate 0x2222222222…"


def test_refusals_are_no_accesses(world: World) -> None:
    """A-7"""
    world.ledger.latest.reason = Reason.ConsentExpired
    released(world, *range(5))
    report = exported(world).verify()
    assert "0 accesses, 0 possible, 1 refused" in summary(report)
    assert "refused by 5 keepers, ConsentExpired." in words(world)[0]


def test_a_receipt_that_waits_for_the_chain_makes_the_account_incomplete(world: World) -> None:
    """A-8: signed and stated, so an access already; not proven on chain yet."""
    released(world, 0, 1, 2)
    released(world, 2, commit=False)
    report = exported(world).verify()
    assert not report.is_complete and (report.receipts, report.waiting) == (4, 1)
    assert missing_words(report) == (
        f"Keeper in seat 2 ({world.committee.keepers[2].member}): 1 receipt not on chain yet when it told them.",
    )
    assert "3 of 4 receipts are proven on chain" in summary(report)


def test_a_keeper_that_told_nothing_is_missing_with_what_others_agree_on(world: World) -> None:
    """A-8"""
    world.ledger.clock = AuditClock(NOW, NOW - 7200, 86_400)
    released(world, 0, 1, 2)
    asking = Asking(world, Answering(world, failing={4: [KeeperUnreachable()]}))
    report = Exported(world, asking.account()).verify()
    assert [one.seat for one in report.untold] == [4] and not report.is_complete
    (told,) = missing_words(report)
    assert told.startswith("Keeper in seat 4 (") and "3 others agree on 1 request" in told
    assert f"last spoke on chain at {times.iso(NOW - 7200)}" in told


def test_a_file_without_a_keepers_last_page_is_incomplete(world: World) -> None:
    """A-8: whoever edits the file takes all of a keeper away, or its end."""
    released(world, *range(5))
    file = exported(world)
    file.trees.remove(file.page(3))
    assert [one.seat for one in file.verify().untold] == [3]


def test_a_keeper_is_silent_since_its_last_receipt(world: World) -> None:
    """A-8: three others agree; it may have been down, so nothing is missing, and it is said."""
    released(world, *range(5))
    world.clock.time = NOW + 30
    released(world, 0, 1, 2, request=world.request(issued_at=NOW + 30))
    report = exported(world).verify()
    assert report.is_complete
    assert [one.silence is None for one in report.keepers] == [True, True, True, False, False]
    told = remarks(report)
    assert f"is silent since {times.iso(NOW)}: 3 others agree on 1 request" in told[0] and len(told) == 2


def test_fewer_than_the_threshold_are_no_agreement(world: World) -> None:
    """A-8: two colluding keepers make nobody look silent."""
    released(world, *range(5))
    released(world, 0, 1)
    assert remarks(exported(world).verify()) == ()
    released(world, 0, 1, 2)
    assert [one.silence for one in exported(world).verify().keepers][:3] == [None] * 3


def test_keepers_of_one_seat_hold_one_share(world: World) -> None:
    """A-7, K-34: the keeper of seat 2 and its successor both released it: still two seats of three that are needed."""
    released(world, 0, 2)
    successor = replace_keeper(world, 2)
    desk = successor.desk(world.seeds[2])
    release_at(world, 2, desk, world.request())
    commit_all(world, desk)
    answering = Answering(world, successors={successor.account: desk})
    report = Exported(world, Asking(world, answering).account()).verify()
    assert report.is_complete and (report.receipts, len(report.keepers)) == (3, 6)
    assert [(one.keepers, one.is_access) for one in report.noted] == [(2, False)]
