"""What `/health/ready` goes by (H-43)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from consentry.domain.ledger import ChainHead
from consentry.errors import (
    ChainStale,
    ClockOff,
    ConsentryError,
    IndexBehind,
    StoreCopiesMissing,
    TransactionsStuck,
)
from consentry.ports import StoreHealth
from consentry.ports.sendings import Attempt, Call, Sending
from consentry.services.readiness import STUCK_BLOCKS, judged, require_moving, require_recent, require_store

NOW = 1_000_000


def raising(problem: ConsentryError) -> Callable[[], None]:
    def check() -> None:
        raise problem

    return check


def sending(*blocks: int) -> Sending:
    attempts = tuple(Attempt(bytes(32), b"", 0, block) for block in blocks)
    return Sending("0x" + "11" * 20, 0, Call(bytes(32), "", b"", 0), attempts)


def test_judged_keeps_reasons_and_concerns_apart() -> None:
    """H-43: and says what to do about each, by its code alone."""
    stale, behind = ChainStale("block 7 is 99 s old"), IndexBehind()
    told, status = judged([raising(stale), lambda: None], [raising(behind), raising(stale)]).answer()
    assert (status, told["ok"], told["reasons"], told["concerns"]) == (
        503,
        False,
        ["chain-stale"],
        ["index-behind"],
    )
    assert told["nextSteps"] == {"chain-stale": ChainStale.next_step, "index-behind": IndexBehind.next_step}
    told, status = judged([lambda: None], [raising(behind)]).answer()
    assert (status, told["ok"], told["concerns"]) == (200, True, ["index-behind"])


@pytest.mark.parametrize(("timestamp", "problem"), [(NOW - 61, ChainStale), (NOW + 121, ClockOff)])
def test_require_recent_tells_an_old_chain_from_a_wrong_clock(
    timestamp: int, problem: type[ConsentryError]
) -> None:
    """H-43."""
    with pytest.raises(problem):
        require_recent(ChainHead(7, timestamp, bytes(32)), NOW, 60)
    require_recent(ChainHead(7, NOW - 60, bytes(32)), NOW, 60)


def test_require_store_raises_what_the_store_says() -> None:
    """H-43."""
    require_store(StoreHealth(True, "embedded", ""))
    with pytest.raises(StoreCopiesMissing):
        require_store(StoreHealth(False, "kubo", "", StoreCopiesMissing.code))


def test_require_moving_knows_what_is_stuck() -> None:
    """H-43: offered more than once, and long since; one attempt alone waits its turn."""
    require_moving([sending(10), sending(10, 15)], 10 + STUCK_BLOCKS - 1)
    with pytest.raises(TransactionsStuck):
        require_moving([sending(10, 15)], 10 + STUCK_BLOCKS)
