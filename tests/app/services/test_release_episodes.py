"""A current episode at the keeper: what is checked, asked of the contract, and written down (K-14)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from consentry.crypto.signatures import sign_typed
from consentry.domain import episodes
from consentry.domain.addresses import ZERO, Address
from consentry.domain.episodes import MAX_EPISODE_SECONDS, Episode, EpisodeAssertion
from consentry.domain.grounds import Reason
from consentry.errors import RequestStale, SignatureInvalid
from consentry.services.release import release
from tests.app.keeper_cast import CHAIN_ID, NOW
from tests.app.keeper_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def asserted(world: World, *, signer: str = "city_system", by: str = "", **changes: Any) -> EpisodeAssertion:
    """City's system: alice is in dr_bose's department's care; signed by `signer` in the name of `by`."""
    about: dict[str, Any] = {
        "patient": world.account("alice"),
        "practitioner": world.account("dr_bose"),
        "department": "cardiology",
        "valid_until": NOW + 900,
    }
    episode = Episode(**{**about, **changes})
    signature = sign_typed(world.keys[signer], episodes.typed_data(episode, CHAIN_ID))
    named = Address(world.account(by or signer))
    return EpisodeAssertion(named, episode.department, episode.valid_until, signature)


@pytest.mark.parametrize("who", ["person", "system"])
def test_release_asks_the_contract_about_who_asserted(world: World, who: str) -> None:
    """K-14: the contract is told the account and the department, and the receipt names the account."""
    desk = world.desk()
    ask = world.system_request if who == "system" else world.request
    request = ask(world.record, world.seed_item, episode=asserted(world))
    answers = release(world.command(request), desk).items
    assert all(answer.sealed for answer in answers)
    told = {(one.episode_by, one.episode_department) for one in world.ledger.askers}
    assert told == {(world.account("city_system"), "cardiology")}
    assert {world.receipt(desk, one).episode for one in answers} == {world.account("city_system")}


def test_release_tells_the_contract_of_no_episode_when_none_is_asserted(world: World) -> None:
    """K-14."""
    desk = world.desk()
    (answer,) = release(world.command(world.request()), desk).items
    assert {(one.episode_by, one.episode_department) for one in world.ledger.askers} == {(ZERO, "")}
    assert world.receipt(desk, answer).episode is None


def test_refusal_names_who_asserted(world: World) -> None:
    """K-14, K-8: the contract may find that the account has no standing; the receipt says so, the caller hears NoGround."""
    desk = world.desk()
    world.ledger.latest.reason = Reason.EpisodeMissing
    (answer,) = release(world.command(world.request(episode=asserted(world))), desk).items
    receipt = world.receipt(desk, answer)
    assert (receipt.decision, receipt.reason) == ("refused", "EpisodeMissing")
    assert receipt.episode == world.account("city_system")


@pytest.mark.parametrize(
    "wrong",
    [
        {"signer": "mallory", "by": "city_system"},
        {"patient": "0x" + "77" * 20},
        {"practitioner": "0x" + "77" * 20},
    ],
    ids=["another signer", "another patient", "another practitioner"],
)
def test_release_refuses_an_episode_that_was_not_asserted(world: World, wrong: dict[str, Any]) -> None:
    """K-14: before any chain work, and without a receipt."""
    request = world.request(episode=asserted(world, **wrong))
    with pytest.raises(SignatureInvalid):
        release(world.command(request), world.desk())
    assert not world.ledger.asked


@pytest.mark.parametrize("until", [NOW, NOW - 1, NOW + MAX_EPISODE_SECONDS + 1])
def test_release_refuses_an_episode_that_is_not_current(world: World, until: int) -> None:
    """K-14: it has ended, or would last longer than a day."""
    request = world.request(episode=asserted(world, valid_until=until))
    with pytest.raises(RequestStale):
        release(world.command(request), world.desk())
    assert not world.ledger.asked
