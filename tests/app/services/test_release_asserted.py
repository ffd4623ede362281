"""Who reads by an own session, and whom a system asserts: keepers ask about both, receipts tell them apart (K-27)."""

from __future__ import annotations

from pathlib import Path

import pytest

from consentry.domain.grounds import Reason
from consentry.domain.requests import ReleaseRequest
from consentry.errors import LayoutInvalid
from consentry.services.release import release
from tests.app.keeper_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def who(world: World, request: ReleaseRequest) -> tuple[str, str | None, str | None]:
    """Actor, practitioner and member as the receipt names them."""
    desk = world.desk()
    (answer,) = release(world.command(request), desk).items
    receipt = world.receipt(desk, answer)
    return receipt.actor, receipt.practitioner, receipt.member


def test_receipts_tell_who_signed_and_who_was_asserted(world: World) -> None:
    """K-27, K-6: the same record, the same reader: once by her own session, once on the system's word; and the patient."""
    bose, system, city = world.account("dr_bose"), world.account("city_system"), world.account("city")
    assert who(world, world.request()) == (bose, None, city)
    assert who(world, world.system_request()) == (system, bose, city)
    assert who(world, world.own_request()) == (world.account("alice"), None, None)


def test_a_refusal_names_the_asserted_as_well(world: World) -> None:
    """K-27: an assertion that the contract does not believe is on record with both names."""
    world.ledger.latest.reason = Reason.ActorNotEnrolled
    mallory = world.account("mallory")
    named = who(world, world.system_request(practitioner=mallory))
    assert named[:2] == (world.account("city_system"), mallory)


def test_the_contract_is_asked_about_both(world: World) -> None:
    """K-27, C-9: the practitioner reads, the system signs; standing of both is the contract's to judge."""
    release(world.command(world.system_request()), world.desk())
    (asker,) = world.ledger.askers
    assert (asker.actor, asker.signer) == (world.account("dr_bose"), world.account("city_system"))
    world.ledger.askers.clear()
    release(world.command(world.request()), world.desk())
    (asker,) = world.ledger.askers
    assert asker.actor == asker.signer == world.account("dr_bose")


def test_nobody_asserts_but_a_system_and_no_system_reads_unsaid(world: World) -> None:
    """K-27, K-1: a person's request names nobody else, a system's always does, and never itself."""
    with pytest.raises(LayoutInvalid, match="practitioner"):
        world.request(practitioner=world.account("mallory"))
    with pytest.raises(LayoutInvalid, match="practitioner"):
        world.system_request(practitioner=None)
    with pytest.raises(LayoutInvalid, match="practitioner"):
        world.system_request(practitioner=world.account("city_system"))
