"""What the actor signed is one thing, whichever keeper tells it (A-6)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from consentry.services.account_tally import Contradiction, Tally
from consentry.services.release import release
from tests.app.keeper_world import World


@pytest.mark.parametrize("second", [None, b"\x22" * 32], ids=["none", "another"])
def test_keepers_that_name_other_mandates_of_one_request_contradict_each_other(
    tmp_path: Path, second: bytes | None
) -> None:
    """A-6: the representative showed one, in the request that was signed."""
    world = World(tmp_path)
    desks = world.desk(0), world.desk(1)
    tally = Tally([one.account for one in desks], world.ledger)
    request = world.own_request()
    told = [
        world.receipt(desk, release(world.command(request, seat=seat), desk).items[0])
        for seat, desk in enumerate(desks)
    ]
    tally.add(replace(told[0], mandate_id=b"\x11" * 32), on_chain=False)
    with pytest.raises(Contradiction):
        tally.add(replace(told[1], mandate_id=second), on_chain=False)
