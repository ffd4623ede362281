"""Publishing and reading contents through an IPFS node (Kubo), against the node's own add and cat of as many bytes; and with
copies on a swarm of three."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import urllib3

from benchmarks.measuring import REPOSITORY, Samples, milliseconds, table
from consentry.bootstrap.common import open_store
from consentry.config import StoreConfig
from consentry.crypto import envelope
from consentry.network.processes import free_port
from consentry.network.stores import NODES, settings_of
from consentry.storage.kubo import ADD
from consentry.storage.kubo_node import running_node
from consentry.storage.kubo_swarm import PORTS_EACH, SwarmSettings, running_swarm
from consentry.storage.upkeep import Kept

SIZES = (1_000_000, 10_000_000)
REPEATS = 20
PIECE = 65_536
ENGINES = REPOSITORY / ".cache" / "engines"


class Raw:
    """The node's own add and cat over one kept connection, with the settings that our store uses."""

    def __init__(self, api: str) -> None:
        self._url = f"http://127.0.0.1:{api.rsplit('/', 1)[1]}/api/v0/"
        self._http = urllib3.PoolManager(retries=False)

    def add(self, content: bytes) -> str:
        query = "&".join(f"{name}={value}" for name, value in ADD.items())
        answer = self._http.request("POST", f"{self._url}add?{query}", fields={"file": ("content", content)})
        return str(answer.json()["Hash"])

    def cat(self, cid: str) -> bytes:
        return self._http.request("POST", f"{self._url}cat?arg={cid}").data


def run() -> None:
    ipfs, cluster = ENGINES / "ipfs", ENGINES / "ipfs-cluster-service"
    if not (ipfs.exists() and cluster.exists()):
        print("\nstoring: needs `make kubo ipfs-cluster`")
        return
    samples = Samples()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        api = stack.enter_context(running_node(folder / "node", binary=ipfs))
        one = stack.enter_context(closing(open_store(StoreConfig("kubo", api=api))))
        ports = [free_port() for _ in range(NODES * PORTS_EACH)]
        swarm = stack.enter_context(running_swarm(SwarmSettings(folder / "swarm", ipfs, cluster, ports)))
        near, far = (stack.enter_context(closing(open_store(settings_of(pair)))) for pair in swarm.pairs[:2])
        for size in SIZES:
            for number in range(REPEATS):
                _round(samples, size, number, Raw(api), one, near, far)
    for size in SIZES:
        _print(samples, size)


def _round(samples: Samples, size: int, number: int, raw: Raw, one: Kept, near: Kept, far: Kept) -> None:
    content, key = secrets.token_bytes(size), secrets.token_bytes(32)
    sealed = b"".join(envelope.seal(_pieces(content), key))
    cids: dict[str, str] = {}

    def publish(name: str, store: Kept) -> Callable[[], None]:
        def step() -> None:
            # With a key of each step's own: what is there already would be stored for nothing.
            keys[name] = secrets.token_bytes(32)
            cids[name] = store.put(envelope.seal(_pieces(content), keys[name])).cid

        return step

    def read(name: str, store: Kept) -> Callable[[], None]:
        def step() -> None:
            got = b"".join(envelope.open_(store.get(cids[name], max_bytes=2 * size), keys[name]))
            assert got == content

        return step

    def add() -> None:
        cids["raw"] = raw.add(sealed)

    keys: dict[str, bytes] = {}
    writing = [
        ("add", add),
        ("publish", publish("publish", one)),
        ("publish, two copies", publish("copies", near)),
    ]
    reading = [
        ("cat", lambda: raw.cat(cids["raw"])),
        ("read", read("publish", one)),
        ("read at another node", read("copies", far)),
    ]
    for steps in (writing, reading):
        # Turn about: what the disk still owes must not fall on one side.
        for part, step in steps if number % 2 else reversed(steps):
            samples.call(f"{part} {size}", step)


def _print(samples: Samples, size: int) -> None:
    rows = []
    for alone, parts in (
        ("add", ("publish", "publish, two copies")),
        ("cat", ("read", "read at another node")),
    ):
        for part in (alone, *parts):
            name, base = f"{part} {size}", f"{alone} {size}"
            ratio = samples.p50(name) / samples.p50(base)
            label = f"the node's own {part}" if part == alone else part
            rows.append(
                [label, milliseconds(samples.p50(name)), milliseconds(samples.p95(name)), f"{ratio:.2f}"]
            )
    title = f"{size // 1_000_000} MB through Kubo, {REPEATS} times (goal: publish and read ≤ 1.50 × the node's own)"
    table(title, ["part", "p50 ms", "p95 ms", "times the node's own"], rows)


def _pieces(content: bytes) -> Iterator[bytes]:
    return (content[at : at + PIECE] for at in range(0, len(content), PIECE))
