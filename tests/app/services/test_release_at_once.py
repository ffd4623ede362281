"""One request asked many times at once (K-7, K-29): over the same desk, and over desks of two processes on one book."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from consentry.crypto.sealing import open_released
from consentry.domain.grounds import Reason
from consentry.domain.requests import ConsentGround
from consentry.services.release import release
from tests.app.keeper_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.mark.parametrize("desks", [1, 2])
def test_the_same_request_at_once_has_one_receipt_an_item(world: World, desks: int) -> None:
    """K-29: every asker gets the decisions, the receipts and shares that open; uses count once."""
    keepers = [world.desk() for _ in range(desks)]
    refused = replace(world.record, header=replace(world.record.header, category="hiv"))
    terms = replace(world.consent.terms, max_uses=1)
    ground = ConsentGround(replace(world.consent, terms=terms).grant(), terms)
    request = world.request(world.record, refused, world.seed_item, ground=ground)
    command = world.command(request)
    with ThreadPoolExecutor(16) as threads:
        released = list(threads.map(lambda at: release(command, keepers[at % desks]), range(32)))
    receipts = {tuple((item.seq, item.value) for item in one.items) for one in released}
    assert len(receipts) == 1 and keepers[0].book.next_seq() == 3
    named = [world.record.header.record_id, None, world.commitment]
    for one in released:
        assert [item.sealed is None for item in one.items] == [False, True, False]
        for item, name in zip(one.items, named, strict=True):
            if name is not None:
                assert item.sealed is not None
                assert len(open_released(world.opener, request.digest(), name, 0, item.sealed)) == 33


def test_the_same_request_while_its_ground_ends_is_given_to_nobody_after_a_refusal(world: World) -> None:
    """K-7, K-29: whoever is refused once stays refused, however many ask at once."""
    desk = world.desk()
    command = world.command(world.request())

    def asked(at: int) -> bool:
        if at == 8:
            world.ledger.latest.reason = Reason.ConsentRevoked
        return release(command, desk).items[0].sealed is not None

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(asked, range(32)))
    world.ledger.latest.reason = Reason.Permitted
    assert release(command, desk).items[0].sealed is None
    assert desk.book.next_seq() == len(desk.book.values(0, 99)) <= 2
