"""A gateway's index that begins with an old chain: reading all anchors of it, against one plain `eth_getLogs` of the same."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring import Samples, milliseconds, table
from consentry.bootstrap.common import open_store
from consentry.config import StoreConfig
from consentry.index.entries import SqlIndex
from consentry.index.scanner import Scanner
from consentry.network.run import Network

ANCHORS, AT_ONCE, REPEATS = 2_000, 8, 10
SLUG = "mercy"
RAW, INDEX = "one eth_getLogs", "the index: logs, hashes of blocks, rows"


def run(network: Network) -> None:
    """Turn about, each time into a new index; what the anchors name is not fetched, which is the store's time."""
    for step in (network.start_engines, network.deploy, network.admit_members):
        step()
    sender = network.sender_of(SLUG)

    def anchor(_: int) -> None:
        root = secrets.token_bytes(32)
        sender.transact("RecordRegistry", "anchor", root, root, 1)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(anchor, range(ANCHORS)))
    samples = Samples()
    for _ in range(REPEATS):
        samples.call(RAW, _raw(network))
        samples.seconds.setdefault(INDEX, []).append(_caught_up(network))
    raw = samples.p50(RAW)
    rows = [
        [
            name,
            milliseconds(samples.p50(name)),
            f"{ANCHORS / samples.p50(name):,.0f}",
            f"{raw / samples.p50(name):.2f}",
        ]
        for name in (RAW, INDEX)
    ]
    title = f"Catching up with {ANCHORS:,} anchors (goal: ≥ 0.5 of the plain question)"
    table(title, ["way", "p50 ms", "anchors a second", "speed"], rows)


def _raw(network: Network) -> Callable[[], None]:
    contract = network.connection.contracts["RecordRegistry"]

    def ask() -> None:
        question = {"address": contract.address, "fromBlock": "0x0", "toBlock": "latest"}
        assert len(network.connection.rpc.call("eth_getLogs", question)) >= ANCHORS

    return ask


def _caught_up(network: Network) -> float:
    """Seconds until every anchor is in the index."""
    told: list[float] = []

    def progress(stage: str, done: int, total: int) -> None:
        if stage == "blocks" and done == total:
            told.append(time.perf_counter())

    with TemporaryDirectory() as folder:
        store = open_store(StoreConfig(kind="embedded", path=str(Path(folder) / "store")))
        index = SqlIndex(Path(folder) / "index.sqlite")
        with closing(store), closing(Scanner(network.ledger, store, index, progress)) as scanner:
            began = time.perf_counter()
            report = scanner.scan(int(time.time()))
        index.database.close()
        assert report.anchors == ANCHORS
        return told[0] - began
