"""The account: every keeper that ever was is asked, what does not hold is named, what is left out is said (K-9, K-10, A-2)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consentry.domain.ledger import CommitteeInfo
from consentry.domain.statements import Statement
from consentry.errors import KeeperUnreachable, RateLimited, RoleUnfit
from consentry.services import receipts as pages
from consentry.services.account import account, told_account
from consentry.services.commit import commit_next
from consentry.services.receipts import ReceiptsPage, receipts
from consentry.services.release import release
from tests.app.keeper_world import CHAIN_ID, World
from tests.app.memory_sender import MemorySender
from tests.app.services.account_scene import Answering, Asking


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Each keeper has three receipts about alice, the last one not committed."""
    made = World(tmp_path)
    for seat in range(5):
        desk = made.desk(seat)
        for _ in range(2):
            release(made.command(made.request(), seat=seat), desk)
        commit_next(desk.book, made.ledger, MemorySender(made.ledger, desk.account))
        release(made.command(made.request(), seat=seat), desk)
    return made


@pytest.fixture
def asking(world: World) -> Asking:
    return Asking(world, Answering(world))


def changed(page: ReceiptsPage, number: int, **changes: Any) -> ReceiptsPage:
    evidence = list(page.evidence)
    evidence[number] = replace(evidence[number], **changes)
    return replace(page, evidence=tuple(evidence))


def broken_proof(page: ReceiptsPage) -> ReceiptsPage:
    assert page.evidence[1].commit is not None
    return changed(page, 1, commit=replace(page.evidence[1].commit, root=bytes(32)))


def test_account_proves_what_is_committed_and_shows_the_rest(asking: Asking) -> None:
    """K-9"""
    found = asking.account()
    assert (len(found.receipts), found.failures, found.asked) == (15, (), 5)
    assert sum(one.proven for one in found.receipts) == 10
    assert all(one.proven is (one.evidence.commit is not None) for one in found.receipts)


def test_account_names_a_keeper_whose_proof_does_not_hold(asking: Asking) -> None:
    """A-2: not "not committed yet". The receipts that it signed are shown, as those of a keeper that lies."""
    asking.keepers.changes[2] = broken_proof
    found = asking.account()
    assert (found.missing, found.lying) == ((2,), (2,))
    assert "proof" in found.failures[0].detail
    assert [one.proven for one in found.receipts if one.seat == 2].count(True) == 1
    assert len(found.receipts) == 15


def test_account_names_a_keeper_without_the_seat_that_it_claims(world: World, asking: Asking) -> None:
    """A-2: its receipts name a committee in which it never sat."""
    world.ledger.committees[2] = replace(world.committee, version=2)
    world.ledger.committees[1] = CommitteeInfo(1, 3, world.committee.keepers[1:])
    found = asking.account()
    assert found.lying == (0,) and "seat" in found.failures[0].detail


def test_account_does_not_accuse_when_the_own_node_lacks_the_commit(world: World, asking: Asking) -> None:
    """A node that lags behind knows no root: nothing is proven, nobody lied."""
    world.ledger.commits.clear()
    found = asking.account()
    assert found.failures == () and not any(one.proven for one in found.receipts)


def test_account_names_a_keeper_that_says_another_page_again(asking: Asking) -> None:
    asking.keepers.changes[1] = lambda page: replace(page, next=0)
    asking.keepers.changes[3] = lambda page: changed(page, 0, signature=bytes(65))
    assert asking.account().lying == (1, 3)


def test_account_names_a_keeper_whose_page_is_not_what_it_states(world: World, asking: Asking) -> None:
    """A-4: a receipt left out, a statement of another page, patient, keeper or query, another page kept back."""
    older = receipts(world.signed_query(1), world.desk(1))
    asking.keepers.changes = {
        0: lambda page: replace(page, evidence=page.evidence[1:]),
        1: lambda page: replace(page, statement=older.statement),
        2: lambda page: replace(page, statement=older.statement),
        3: lambda page: replace(page, next=2),
        4: lambda page: replace(page, evidence=(*page.evidence, page.evidence[0])),
    }
    found = asking.account()
    assert found.lying == (0, 1, 2, 3, 4)
    told = {one.seat: one.detail for one in found.failures}
    assert "receipt number 0: dropped" in told[0] and "another query" in told[1]
    assert "statement" in told[2] and "follows" in told[3] and "receipt number 0: duplicated" in told[4]


def test_pages_of_a_keeper_join_from_the_first_receipt_to_the_last(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A-4, L-24"""
    monkeypatch.setattr(pages, "PAGE", 2)
    stated = [Statement.parse(one.statement.statement) for one in asking.account().pages]
    assert [(one.after, one.until, one.last, one.seqs) for one in stated[:2]] == [
        (0, 2, False, (0, 1)),
        (2, 3, True, (2,)),
    ]
    assert {one.committed_until for one in stated} == {2} and len(stated) == 10


def test_account_says_when_there_are_more_receipts_than_it_asks_for(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """K-10: not as if that were all."""
    monkeypatch.setattr(pages, "PAGE", 1)
    found = asking.account(most_pages=2)
    assert (found.missing, found.lying, len(found.receipts)) == ((0, 1, 2, 3, 4), (), 10)
    assert asking.account(most_pages=3).missing == ()


def test_account_asks_every_keeper_there_ever_was(world: World, asking: Asking) -> None:
    """K-10: also those whose seat another has now; told by somebody, only those that are told of."""
    new = replace(world.committee.keepers[4], account=world.account("mallory"))
    world.ledger.committees[2] = CommitteeInfo(2, 3, (*world.committee.keepers[:4], new))
    found = asking.account()
    assert found.asked == 6 and found.missing == (4,)
    assert set(asking.keepers.asked) == {one.account for one in (*world.committee.keepers, new)}
    assert len({one.receipt.keeper for one in found.receipts}) == 5


def test_account_waits_when_a_keeper_asks_for_it(asking: Asking) -> None:
    asking.keepers.failing[0] = [RateLimited(seconds=3), RateLimited(seconds=2)]
    asking.keepers.failing[1] = [RateLimited() for _ in range(9)]
    asking.keepers.failing[2] = [KeeperUnreachable()]
    found = asking.account()
    assert sorted((one.seat, one.code) for one in found.failures) == [
        (1, "rate-limited"),
        (2, "keeper-unreachable"),
    ]
    assert {2, 3} <= set(asking.paused) and found.lying == ()


def test_told_account_proves_nothing_to_the_end(world: World, asking: Asking) -> None:
    """A-2: without the chain a commit is the keeper's word; a proof that leads nowhere is still a lie."""
    asking.keepers.changes[2] = broken_proof
    found = told_account(asking.reader(), CHAIN_ID, world.committee.keepers[:4], asking.ports())
    assert (found.asked, found.lying, len(found.receipts)) == (4, (2,), 12)
    assert not any(one.proven for one in found.receipts)


def test_account_is_the_patients_own(world: World, asking: Asking) -> None:
    """K-10"""
    with pytest.raises(RoleUnfit):
        account(asking.reader(signer="dr_bose"), world.ledger, asking.ports())  # type: ignore[arg-type]


def test_account_ends_in_time_and_gives_each_keeper_the_same_part(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G-10: what is left out is said; the first page of each keeper is had in any case while there is time."""
    monkeypatch.setattr(pages, "PAGE", 1)
    for limit in ({"most_receipts": 10}, {"most_bytes": 5 * 3000}):
        found = asking.account(**limit)
        assert found.missing == (0, 1, 2, 3, 4) and found.lying == ()
        assert {sum(one.seat == seat for one in found.receipts) for seat in range(5)} < {1, 2, 3}
    late = asking.account(seconds=0)
    assert (late.missing, late.receipts) == ((0, 1, 2, 3, 4), ())
    asking.keepers.failing[0] = [RateLimited(seconds=60)]
    assert asking.account().missing == (0,) and 60 not in asking.paused
