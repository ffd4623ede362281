"""Whom a keeper knows at all (K-2, M-4), and when its own view is too poor to decide (K-11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from consentry.domain.ledger import ChainHead
from consentry.domain.requests import ReleaseRequest
from consentry.domain.sessions import SessionKind
from consentry.errors import (
    ActorUnknown,
    ChainStale,
    ChainUnreachable,
    ClockOff,
    ConsentryError,
    KeeperWithoutStanding,
)
from consentry.services.keeper_desk import Desk
from consentry.services.release import release
from tests.app.keeper_world import NOW, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def dismissed(world: World) -> None:
    world.ledger.latest.staff.clear()


def of_another_member(world: World) -> None:
    bose = world.account("dr_bose")
    staff = world.ledger.latest.staff[bose]
    world.ledger.latest.staff[bose] = replace(staff, member=world.account("mercy"))


def suspended(world: World) -> None:
    world.ledger.latest.active.discard(world.account("city"))


def unnamed(world: World) -> None:
    world.ledger.by_name.clear()


def enrolled_but_not_final(world: World) -> None:
    world.ledger.final = replace(world.ledger.latest, staff={})


@pytest.mark.parametrize("change", [dismissed, of_another_member, suspended, unnamed, enrolled_but_not_final])
def test_release_knows_only_staff_of_the_active_member_they_name(
    world: World, change: Callable[[World], None]
) -> None:
    """K-2, M-4: no receipt for who the chain does not know."""
    change(world)
    desk = world.desk()
    with pytest.raises(ActorUnknown):
        release(world.command(world.request()), desk)
    assert desk.book.next_seq() == 0


@pytest.mark.parametrize("block", ["latest", "final"])
def test_release_knows_only_who_acts_for_the_patient(world: World, block: str) -> None:
    """K-2, C-3: mallory opens a session for alice's record with her own wallet."""
    desk = world.desk()
    session = world.session(signer="mallory", kind=SessionKind.PATIENT)
    world.ledger.final = replace(world.ledger.latest)
    acting = world.ledger.latest.acts_for | {(world.account("alice"), world.account("mallory"))}
    setattr(world.ledger, block, replace(world.ledger.latest, acts_for=acting))
    with pytest.raises(ActorUnknown):
        release(world.command(world.own_request(session=session, actor=world.account("mallory"))), desk)
    assert desk.book.next_seq() == 0


def as_a_person(world: World) -> ReleaseRequest:
    system = world.account("city_system")
    return world.request(actor=system, session=world.session(signer="city_system", actor=system))


def as_a_system(world: World) -> ReleaseRequest:
    session = world.session(kind=SessionKind.SYSTEM, purpose="any")
    return world.request(session=session, practitioner=world.account("mallory"))


@pytest.mark.parametrize("asked", [as_a_person, as_a_system])
def test_release_knows_accounts_in_their_enrolled_kind_only(
    world: World, asked: Callable[[World], ReleaseRequest]
) -> None:
    """K-2: the certificate's kind is not signed: the role on chain says who is a system."""
    desk = world.desk()
    with pytest.raises(ActorUnknown):
        release(world.command(asked(world)), desk)
    assert desk.book.next_seq() == 0


def test_release_does_not_know_a_patient_without_any_history(world: World) -> None:
    """K-2: every address is a patient, but one whose identity never changed has no directory, hence no records."""
    desk = world.desk()
    world.ledger.changes.clear()
    with pytest.raises(ActorUnknown):
        release(world.command(world.own_request()), desk)
    assert desk.book.next_seq() == 0


def test_release_encodes_nothing_for_who_is_unknown(world: World) -> None:
    """K-2: terms and items are a stranger's to choose, and cost much once they are encoded."""
    world.ledger.latest.staff.clear()
    with pytest.raises(ActorUnknown):
        release(world.command(world.request()), world.desk())
    assert world.ledger.askers == [] and len(world.ledger.asked) <= 4


@pytest.mark.parametrize("block", ["latest", "final"])
def test_release_refuses_everything_when_the_keeper_has_no_standing(world: World, block: str) -> None:
    """K-11, M-4: its member is suspended, on either block."""
    world.ledger.final = replace(world.ledger.latest)
    setattr(world.ledger, block, replace(world.ledger.latest, keepers=set()))
    fails(world, world.desk(), KeeperWithoutStanding)


def fails(world: World, desk: Desk, error: type[ConsentryError]) -> None:
    with pytest.raises(error):
        release(world.command(world.request()), desk)
    assert desk.book.next_seq() == 0


@pytest.mark.parametrize("age, told", [(60, None), (61, ChainStale), (-120, None), (-121, ClockOff)])
def test_release_refuses_when_the_chains_head_is_far_from_the_clock(
    world: World, age: int, told: type[ConsentryError] | None
) -> None:
    """K-11: a node that lags, or a clock that is wrong."""
    world.ledger.head_at = ChainHead(9, NOW - age, bytes(32))
    desk = world.desk()
    if told:
        fails(world, desk, told)
    else:
        world.given(desk, world.request())


def test_release_refuses_when_the_node_does_not_answer(world: World) -> None:
    """K-11."""
    desk = world.desk()
    world.ledger.down = True
    fails(world, desk, ChainUnreachable)


def test_release_says_so_when_the_keeper_has_no_seat_at_all(world: World) -> None:
    """K-11: it cannot even file a refusal under a committee."""
    world.ledger.committees.clear()
    fails(world, world.desk(), ChainStale)
