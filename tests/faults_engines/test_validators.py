"""Validators die, stand still and come back while hospitals publish and patients decide (specification H-36, H-37)."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from consentry.chain.connection import quantity
from consentry.chain.kaia import KaiaChain
from consentry.chain.rpc import RpcClient
from consentry.errors import ConsentryError
from consentry.network.run import Network
from tests.faults.conftest import Exchange, dr_bose
from tests.waiting import until

Seen = Callable[[str], None]
New = Callable[..., Exchange]
STILL_SECONDS = 60
HALVES_SECONDS = 20


def asked(chain: KaiaChain, place: int, method: str, *params: object) -> Any:
    client = RpcClient(chain.urls[place], timeout=10)
    try:
        return client.call(method, *params)
    finally:
        client.close()


def number(chain: KaiaChain, place: int) -> int:
    return quantity(asked(chain, place, "eth_blockNumber"))


def hash_of(chain: KaiaChain, place: int, block: int) -> object:
    found = asked(chain, place, "eth_getBlockByNumber", hex(block), False)
    return found and found["hash"]


def one_story(chain: KaiaChain) -> int:
    """The height up to which all four have the same blocks, which is beyond what the first has now."""
    goal = number(chain, 0) + 2
    for place in range(4):
        until(lambda place=place: number(chain, place) >= goal, f"block {goal} at validator {place + 1}")
    assert len({hash_of(chain, place, goal) for place in range(4)}) == 1
    return goal


@contextmanager
def standing_still(chain: KaiaChain, *places: int) -> Iterator[None]:
    """These validators' processes are stopped for as long as the block lasts, as a machine that swaps would be."""
    pids = [chain.validators[place].pid for place in places]
    for pid in pids:
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            assert pid is not None
            os.kill(pid, signal.SIGCONT)


@contextmanager
def killed(chain: KaiaChain, *places: int) -> Iterator[None]:
    for place in places:
        chain.validators[place].kill()
    try:
        yield
    finally:
        chain.start(*places)


def publish(exchange: Exchange, value: float) -> None:
    """Until the hospital hears that it is done: the same content sent again is the same record."""

    def done() -> bool:
        try:
            exchange.publish(value)
        except ConsentryError:
            return False
        return True

    until(done, f"the publication of {value}")


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


def test_the_chain_stands_still_under_load(
    chain: KaiaChain, network: Network, new_exchange: New, seen: Seen
) -> None:
    """the whole chain stands still for a minute while hospitals publish

    H-37: nothing that was acknowledged is lost, nothing is there twice.
    """
    exchanges = [new_exchange(7.1), new_exchange(7.1)]
    values = [round(8 + place / 10, 1) for place in range(5)]
    publishing = [
        threading.Thread(target=publish, args=pair) for pair in itertools.product(exchanges, values)
    ]
    with standing_still(chain, 0, 1, 2, 3):
        for one in publishing:
            one.start()
        time.sleep(STILL_SECONDS)
    for one in publishing:
        one.join()
    for exchange in exchanges:
        assert until(lambda each=exchange: each.read() == [7.1, *values], "each record, once")
    seen(f"{len(publishing)} publications by {len(exchanges)} patients' hospital: each record there, once")


def test_everything_is_killed_at_once(
    chain: KaiaChain, network: Network, new_exchange: New, seen: Seen
) -> None:
    """every process killed with -9, and started in the worst order

    H-37: records, consents, revocations and receipts are there, and once.
    """
    kept, revoked = new_exchange(7.1, 7.2), new_exchange(7.3)
    assert kept.read() == [7.1, 7.2]
    revoked.patient.revoke(revoked.consent_id)
    ours = [
        *(f"keeper-{slug}" for slug in network.keepers),
        *(f"gateway-{slug}" for slug in network.gateways),
    ]
    for name in ours:
        network.processes[name].kill()
    for one in chain.validators:
        one.kill()
    for name in ours:
        network.processes[name].start()
    chain.start()
    for name in ours:
        network.processes[name].await_ready()
    goal = one_story(chain)
    for exchange in (kept, revoked):
        exchange.bose = dr_bose(network)
    assert until(lambda: kept.read() == [7.1, 7.2], "the records")
    with pytest.raises(ConsentryError):
        revoked.read()
    seen(f"{len(ours)} processes and 4 validators: everything as before at block {goal}")
