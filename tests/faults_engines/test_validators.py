"""Some validators die or stand still, and come back, while hospitals publish (specification H-36)."""

from __future__ import annotations

import threading
import time

import pytest

from consentry.chain.kaia import KaiaChain
from consentry.errors import ConsentryError
from consentry.network.run import Network
from tests.faults_engines.validators import (
    New,
    Seen,
    hash_of,
    killed,
    number,
    one_story,
    publish,
    standing_still,
)
from tests.waiting import until

HALVES_SECONDS = 20


def test_one_validator_of_four_is_killed(
    chain: KaiaChain, network: Network, new_exchange: New, seen: Seen
) -> None:
    """one validator of four killed with -9

    H-36: everything goes on; the lost one catches up.
    """
    exchange = new_exchange(7.1)
    with killed(chain, 3):
        exchange.publish(7.2)
        assert exchange.read() == [7.1, 7.2]
    goal = one_story(chain)
    seen(f"published and read meanwhile; all four have the same block {goal}")


def test_two_validators_of_four_are_killed(
    chain: KaiaChain, network: Network, new_exchange: New, seen: Seen
) -> None:
    """two validators of four killed with -9

    H-36, S-1: the chain stops and everybody says so; it resumes as it was, and what was not done is done then, once.
    """
    exchange = new_exchange(7.1)
    told = {block: hash_of(chain, 0, block) for block in range(number(chain, 0) + 1)}
    with killed(chain, 2, 3), pytest.raises(ConsentryError) as refused:
        exchange.publish(7.2)
    assert refused.value.code in ("chain-stale", "chain-unreachable")
    publish(exchange, 7.2)
    assert until(lambda: exchange.read() == [7.1, 7.2], "both records, once each")
    one_story(chain)
    for place in range(4):
        assert {block: hash_of(chain, place, block) for block in told} == told
    seen(f"publishing said `{refused.value.code}`; done once after the restart; {len(told)} blocks unchanged")


def test_validators_are_split_in_halves(
    chain: KaiaChain, network: Network, new_exchange: New, seen: Seen
) -> None:
    """two of four validators stand still

    H-36: neither half makes a block; what waits is done when they are together again.
    """
    exchange = new_exchange(7.1)
    publishing = threading.Thread(target=publish, args=(exchange, 7.2))
    with standing_still(chain, 2, 3):
        before = number(chain, 0)
        publishing.start()
        time.sleep(HALVES_SECONDS)
        assert number(chain, 0) <= before + 1
    publishing.join()
    assert until(lambda: exchange.read() == [7.1, 7.2], "both records, once each")
    goal = one_story(chain)
    seen(
        f"no block for {HALVES_SECONDS} s; then all four have the same block {goal}, nothing lost or doubled"
    )
