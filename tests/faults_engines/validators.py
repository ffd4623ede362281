"""Four validators that are killed, stand still and come back, and what is asked of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from consentry.chain.clique import CliqueChain
from consentry.chain.connection import quantity
from consentry.chain.kaia import KaiaChain
from consentry.chain.rpc import RpcClient
from consentry.chain.validators import Validator
from consentry.errors import ConsentryError
from tests.faults.conftest import Exchange
from tests.waiting import until

Seen = Callable[[str], None]
New = Callable[..., Exchange]
Chain = KaiaChain | CliqueChain


def nodes(chain: Chain) -> Sequence[Validator]:
    return chain.sealers if isinstance(chain, CliqueChain) else chain.validators


def asked(chain: Chain, place: int, method: str, *params: object) -> Any:
    client = RpcClient(chain.urls[place], timeout=10)
    try:
        return client.call(method, *params)
    finally:
        client.close()


def number(chain: Chain, place: int) -> int:
    return quantity(asked(chain, place, "eth_blockNumber"))


def hash_of(chain: Chain, place: int, block: int) -> object:
    found = asked(chain, place, "eth_getBlockByNumber", hex(block), False)
    return found and found["hash"]


def one_story(chain: Chain) -> int:
    """The height up to which all four have the same blocks, which is beyond what the first has now."""
    goal = number(chain, 0) + 2
    for place in range(4):
        until(lambda place=place: number(chain, place) >= goal, f"block {goal} at validator {place + 1}")
    assert len({hash_of(chain, place, goal) for place in range(4)}) == 1
    return goal


@contextmanager
def standing_still(chain: Chain, *places: int) -> Iterator[None]:
    """These validators' processes are stopped for as long as the block lasts, as a machine that swaps would be."""
    pids = [nodes(chain)[place].pid for place in places]
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
def killed(chain: Chain, *places: int) -> Iterator[None]:
    for place in places:
        nodes(chain)[place].kill()
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
