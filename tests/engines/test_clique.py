"""A chain of four sealers as real processes: what it survives, and that it never tells two stories."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from secrets import token_bytes
from threading import Event

import pytest

from consentry.chain.clique import CliqueChain, CliqueSettings, running_clique
from consentry.chain.connection import quantity
from consentry.chain.profiles import CLIQUE_FINALITY
from consentry.chain.rpc import RpcClient
from consentry.chain.sender import ChainSender, Until
from consentry.errors import ChainUnreachable
from consentry.index.sendings import SqlSendings
from consentry.network.processes import free_port
from consentry.ports.chain_node import NodesSeen
from tests.engines.notes import connection_to, new_note, noted

ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 120
QUIET_SECONDS = 4  # of a chain with a block a second


@pytest.fixture(scope="module")
def geth() -> Path:
    """geth, built by its own script (some minutes on a bare machine)."""
    subprocess.run([str(ROOT / "engines" / "build.sh"), "geth"], check=True)
    return ROOT / ".cache" / "engines" / "geth"


@pytest.fixture(scope="module")
def chain(geth: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CliqueChain]:
    settings = CliqueSettings(tmp_path_factory.mktemp("clique"), geth, [free_port() for _ in range(8)])
    with running_clique(settings) as running:
        yield running


def asked(chain: CliqueChain, place: int, method: str, *params: object) -> object:
    client = RpcClient(chain.sealers[place].url, timeout=10)
    try:
        return client.call(method, *params)
    finally:
        client.close()


def number(chain: CliqueChain, place: int) -> int:
    return quantity(asked(chain, place, "eth_blockNumber"))


def hash_of(chain: CliqueChain, place: int, block: int) -> object:
    found = asked(chain, place, "eth_getBlockByNumber", hex(block), False)
    return found["hash"] if isinstance(found, dict) else None


def eventually(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT_SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def reaches(chain: CliqueChain, place: int, block: int) -> None:
    eventually(lambda: number(chain, place) >= block)


def test_it_goes_on_without_one_sealer_and_the_lost_one_catches_up(chain: CliqueChain) -> None:
    """H-2"""
    reaches(chain, 0, 3)
    chain.sealers[3].kill()
    before = number(chain, 0)
    reaches(chain, 0, before + 6)
    chain.start(3)
    reaches(chain, 3, before + 7)
    assert len({hash_of(chain, place, before + 5) for place in range(4)}) == 1


def test_it_stops_without_two_and_resumes_the_same_story(chain: CliqueChain) -> None:
    """H-2: what two of four make alone are two blocks at most, which the others take or undo."""
    reaches(chain, 0, CLIQUE_FINALITY + 1)
    for place in (2, 3):
        chain.sealers[place].kill()
    settled = number(chain, 0)
    told = {block: hash_of(chain, 0, block) for block in range(settled - CLIQUE_FINALITY + 1)}
    time.sleep(QUIET_SECONDS)
    stopped = number(chain, 0)
    assert stopped <= settled + 2
    time.sleep(QUIET_SECONDS)
    assert number(chain, 0) == stopped
    chain.start(2, 3)
    reaches(chain, 0, settled + 4)
    for place in range(4):
        reaches(chain, place, settled + 4)
        assert {block: hash_of(chain, place, block) for block in told} == told
    assert len({hash_of(chain, place, settled + 3) for place in range(4)}) == 1


def test_all_of_it_killed_at_once_comes_back_with_what_it_had(chain: CliqueChain) -> None:
    """H-2"""
    reaches(chain, 0, CLIQUE_FINALITY + 1)
    settled = min(number(chain, place) for place in range(4)) - CLIQUE_FINALITY
    told = hash_of(chain, 0, settled)
    for sealer in chain.sealers:
        sealer.kill()
    chain.start()
    for place in range(4):
        reaches(chain, place, settled + 4)
        assert hash_of(chain, place, settled) == told


def test_who_sends_and_reads_outlives_the_sealer_that_is_asked(chain: CliqueChain, tmp_path: Path) -> None:
    """H-10: eight at once send while the sealer that they ask is killed; another is asked, until the first is back."""
    several = connection_to(chain.urls, CLIQUE_FINALITY)
    book = SqlSendings(tmp_path / "sendings.sqlite", several.deployment.genesis)
    sender = ChainSender(several, token_bytes(32), until=Until.FINAL, sendings=book)
    began, notes, killed = several.head().number, [new_note() for _ in range(16)], Event()

    def send(place: int) -> None:
        if place == 6:
            chain.sealers[0].kill()
            killed.set()
        sender.transact("Nobody", "note", notes[place])

    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(send, range(len(notes))))
        assert killed.is_set() and several.nodes().using != 1 and several.nodes().good == 3
        assert noted(several, began, several.head().number) == dict.fromkeys(notes, 1)
        assert sender.tend() == 0
    finally:
        chain.start(0)
    eventually(lambda: several.nodes() == NodesSeen(4, 4, 1, disputed=False))
    several.close()


def test_it_asks_no_fees_from_the_first_block_on(chain: CliqueChain) -> None:
    """H-3"""
    for block in (0, number(chain, 0)):
        found = asked(chain, 0, "eth_getBlockByNumber", hex(block), False)
        assert isinstance(found, dict) and quantity(found["baseFeePerGas"]) == 0


def test_without_the_engine_it_is_said_what_to_do(tmp_path: Path) -> None:
    """H-3"""
    with (
        pytest.raises(ChainUnreachable, match="engines/build.sh geth"),
        running_clique(CliqueSettings(tmp_path, tmp_path / "none", [1, 2])),
    ):
        pass
