"""The Kubo adapter against a real private node."""

from __future__ import annotations

import base64
import json
import os
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from consentry.errors import StoreUnreachable
from consentry.storage.cid import CID_BYTES, parse_cid
from consentry.storage.embedded import EmbeddedBlockStore
from consentry.storage.kubo import KuboBlockStore
from consentry.storage.kubo_node import running_node
from tests.app.storage.blob_store_contract import BlobStoreContract, read
from tests.app.storage.contents import MIB, content, ramp, vectors
from tests.app.storage.many_contents_contract import ManyContentsContract

LARGE = [vector for vector in vectors() if vector["size"] > 4 * MIB]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kubo") / "node"


@pytest.fixture(scope="module")
def address(repository: Path, kubo_binary: Path) -> Iterator[str]:
    with running_node(repository, binary=kubo_binary) as address:
        yield address


@pytest.fixture
def store(address: str) -> Iterator[KuboBlockStore]:
    with closing(KuboBlockStore(address, find_seconds=1.0)) as store:
        yield store


@pytest.fixture
def block_file(repository: Path) -> Callable[[str], Path]:
    def find(cid: str) -> Path:
        multihash = bytes(parse_cid(cid))[2:]
        assert len(multihash) == CID_BYTES - 2
        name = base64.b32encode(multihash).decode().rstrip("=")
        return repository / "blocks" / name[-3:-1] / f"{name}.data"

    return find


class TestKuboBlockStore(BlobStoreContract):
    """B-1, B-2, B-3"""


class TestKuboBlockStoreMany(ManyContentsContract):
    """B-1, B-2, B-3"""


@pytest.mark.parametrize("vector", LARGE, ids=lambda vector: f"{vector['fill']}-{vector['size']}")
def test_put_names_content_of_several_levels_as_kubo_does(store: KuboBlockStore, vector: dict) -> None:
    """B-1: put itself compares the node's answer with the CID computed here."""
    blob = store.put(content(vector["fill"], vector["size"]))
    assert blob.cid == vector["cid"]
    assert sum(len(piece) for piece in store.get(blob.cid, max_bytes=blob.size)) == vector["size"]
    store.delete(blob.cid)
    assert not store.has(blob.cid)


def test_both_stores_name_content_alike(store: KuboBlockStore, tmp_path: Path) -> None:
    """B-1"""
    data = ramp(5 * MIB + 11)
    with closing(EmbeddedBlockStore(tmp_path)) as embedded:
        assert embedded.put([data]) == store.put([data])


def test_a_failed_put_leaves_no_pin(store: KuboBlockStore, address: str) -> None:
    """B-3: Kubo by itself pins the beginning of an upload that breaks off, more often on a busy machine."""

    def breaking() -> Iterator[bytes]:
        yield os.urandom(MIB)
        raise KeyboardInterrupt

    before = rpc(address, "pin/ls")
    for _ in range(10):
        with pytest.raises(KeyboardInterrupt):
            store.put(breaking())
    assert rpc(address, "pin/ls") == before


def test_put_pins_the_content(store: KuboBlockStore, address: str) -> None:
    """B-3: what is pinned survives the node's own garbage collection."""
    kept, dropped = store.put([b"kept" * 1000]).cid, store.put([b"dropped" * 1000]).cid
    rpc(address, f"pin/rm?arg={dropped}")
    rpc(address, "repo/gc")
    assert store.has(kept)
    assert not store.has(dropped)


def test_node_talks_to_nobody(address: str, repository: Path) -> None:
    """P-1: no peers, loopback addresses only, the swarm key readable by its owner only."""
    identity = json.loads(rpc(address, "id"))
    assert all(text.startswith("/ip4/127.0.0.1/tcp/") for text in identity["Addresses"] or [])
    assert json.loads(rpc(address, "swarm/peers"))["Peers"] in (None, [])
    assert address.startswith("/ip4/127.0.0.1/tcp/")
    for secret in ("swarm.key", "config"):
        assert (repository / secret).stat().st_mode & 0o077 == 0


def test_node_keeps_its_content_over_a_restart(tmp_path: Path, kubo_binary: Path) -> None:
    """B-3"""
    with running_node(tmp_path, binary=kubo_binary) as address, closing(KuboBlockStore(address)) as store:
        cid = store.put([ramp(MIB + 1)]).cid
    key = (tmp_path / "swarm.key").read_text()
    assert not KuboBlockStore(address).health().ok
    with running_node(tmp_path, binary=kubo_binary) as address, closing(KuboBlockStore(address)) as store:
        assert read(store, cid) == ramp(MIB + 1)
    assert (tmp_path / "swarm.key").read_text() == key


def test_node_says_so_when_another_one_runs_in_its_directory(
    address: str, repository: Path, kubo_binary: Path
) -> None:
    """B-1"""
    announced = (repository / "api").read_text()
    with (
        pytest.raises(StoreUnreachable, match="ended while starting"),
        running_node(repository, binary=kubo_binary),
    ):
        pass
    (repository / "api").write_text(announced)
    assert KuboBlockStore(address).health().ok


def test_node_says_what_to_do_when_there_is_no_binary(tmp_path: Path) -> None:
    """B-1"""
    with (
        pytest.raises(StoreUnreachable, match="make kubo"),
        running_node(tmp_path / "node", binary=tmp_path / "ipfs"),
    ):
        pass


def test_node_says_so_when_its_config_is_damaged(tmp_path: Path, kubo_binary: Path) -> None:
    """B-1"""
    (tmp_path / "config").write_text("{")
    with pytest.raises(StoreUnreachable, match="config"), running_node(tmp_path, binary=kubo_binary):
        pass


def rpc(address: str, call: str) -> bytes:
    port = address.rsplit("/", 1)[1]
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v0/{call}", method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()
