"""A move to another committee that is stopped wherever it may goes on, loses nothing and does nothing twice (K-35, D-3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from consentry.errors import ChainUnreachable, StoreUnreachable
from consentry.services import reseal as service
from consentry.services.reseal import survey
from tests.app.gateway.committees import ChangingWorld, reseal_ports, resealed
from tests.app.gateway.filing import reads
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_positions import (
    FailingSender,
    FailingStore,
    distinct,
    patient,
    publishes,
    results,
    values,
)
from tests.chains import DeployedChain

MANY = 20  # more than a reader looks past


@pytest.fixture(scope="module")
def world(deployed_chain: DeployedChain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChangingWorld]:
    """Taken off the chain at the end, with its committees."""
    made = ChangingWorld(deployed_chain, tmp_path_factory.mktemp("stopped"))
    yield made
    made.close()


@pytest.fixture
def alice(world: ChangingWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Person, list[float]]]:
    """Her records at mercy, sealed to the committee before the current one; every other record was moved."""
    resealed(world.mercy)
    who, wanted = patient(world), distinct(MANY)
    assert publishes(world, who, results(*wanted))
    world.replace_keepers(len(wanted) % 5)
    monkeypatch.setattr(service, "RECORDS_AT_ONCE", 8)
    yield who, wanted
    resealed(world.mercy)


def stopped(world: ChangingWorld, **ports: Any) -> None:
    """A run that does not come to its end."""
    mine = reseal_ports(world.mercy)
    with pytest.raises((StoreUnreachable, ChainUnreachable)):
        resealed(world.mercy, replace(mine, publishing=replace(mine.publishing, **ports)))


def assert_moved_once(world: ChangingWorld, who: Person, wanted: list[float]) -> None:
    ports = reseal_ports(world.mercy)
    assert survey(ports).records.older == 0 and values(world, who) == wanted
    assert ports.publishing.publications.unfinished() == ()
    assert (resealed(world.mercy).moved, resealed(world.mercy).gas_used) == (0, 0)


@pytest.mark.parametrize("put", [1, 5, 8, 9, 10, 17])
def test_reseal_goes_on_after_the_store_failed(
    world: ChangingWorld, alice: tuple[Person, list[float]], put: int
) -> None:
    """K-35: in the middle of a batch, at its manifest, in a later one."""
    stopped(world, store=FailingStore(world.store, [put]))
    assert values(world, alice[0]) == alice[1]
    again = resealed(world.mercy)
    assert again.moved >= MANY - 16
    assert_moved_once(world, *alice)


@pytest.mark.parametrize("when", ["before", "after"])
def test_reseal_goes_on_after_the_chain_failed(
    world: ChangingWorld, alice: tuple[Person, list[float]], when: str
) -> None:
    """K-35: before the second batch's transaction was sent, or after it was mined and nobody heard."""
    sender = FailingSender(world.mercy.gateway.publishing.sender, **{when: [2]})
    stopped(world, sender=sender)
    assert len(reseal_ports(world.mercy).publishing.publications.unfinished()) == 8
    resealed(world.mercy)
    assert_moved_once(world, *alice)


def test_publishing_anchors_what_a_stopped_reseal_left_before_its_own(
    world: ChangingWorld, alice: tuple[Person, list[float]]
) -> None:
    """D-3, K-35: positions that the reseal took are not left as a gap before later ones."""
    who, wanted = alice
    stopped(world, sender=FailingSender(world.mercy.gateway.publishing.sender, before=[2]))
    left = reseal_ports(world.mercy).publishing.publications.unfinished()
    assert len(left) == 8
    later = distinct(MANY)
    assert publishes(world, who, results(*later))
    assert values(world, who) == sorted(wanted + later)
    assert reseal_ports(world.mercy).publishing.publications.unfinished() == ()
    resealed(world.mercy)
    assert_moved_once(world, who, sorted(wanted + later))


def test_reseal_anchors_what_a_stopped_publish_left_before_its_own(
    world: ChangingWorld, alice: tuple[Person, list[float]]
) -> None:
    """D-3, K-35: and the records that were only stored are moved too where they are of an older version."""
    who, wanted = alice
    later = distinct(MANY)
    sender = FailingSender(world.mercy.gateway.publishing.sender, before=[1])
    assert not publishes(world, who, results(*later), sender=sender)
    world.replace_keepers(4)
    assert resealed(world.mercy).moved >= 2 * MANY
    assert_moved_once(world, who, sorted(wanted + later))


def test_a_moved_record_is_the_same_record(world: ChangingWorld, alice: tuple[Person, list[float]]) -> None:
    """K-35: id and header, byte for byte; only one of each is handed out."""
    before = {one.named for one in reads(world.mercy, alice[0]).records}
    resealed(world.mercy)
    after = [one.named for one in reads(world.mercy, alice[0]).records]
    assert set(after) == before and len(after) == len(before) == MANY
