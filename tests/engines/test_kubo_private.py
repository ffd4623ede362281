"""A node that is not private is not used."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from consentry.errors import StoreNotPrivate
from consentry.storage.kubo import KuboBlockStore
from consentry.storage.kubo_node import KuboNode
from consentry.storage.kubo_privacy import PRIVATE_SETTINGS, exposures
from tests.engines.answering import nested

LIMIT_SECONDS = 60
PRIVATE = nested(PRIVATE_SETTINGS)


@contextmanager
def started(directory: Path, binary: Path) -> Iterator[str]:
    """A daemon that nobody forces to be private."""
    environment = {**os.environ, "IPFS_PATH": str(directory), "IPFS_TELEMETRY": "off"}
    daemon = subprocess.Popen(
        [str(binary), "daemon", "--migrate=false"], env=environment, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + LIMIT_SECONDS
    try:
        while not (directory / "api").exists():
            assert daemon.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        yield (directory / "api").read_text("utf-8").strip()
    finally:
        daemon.terminate()
        daemon.wait()


def test_nothing_is_stored_on_a_node_that_talks_to_strangers(tmp_path: Path, kubo_binary: Path) -> None:
    """H-26: without a swarm key, though every setting is as it should be; given one, the same client uses it."""
    KuboNode(tmp_path, binary=kubo_binary).prepare()
    key = tmp_path / "swarm.key"
    kept = key.read_text("utf-8")
    key.unlink()
    with started(tmp_path, kubo_binary) as address, closing(KuboBlockStore(address)) as store:
        for call in (lambda: store.put([b"content"]), lambda: store.has(str(CID)), lambda: store.delete(CID)):
            with pytest.raises(StoreNotPrivate, match="strangers"):
                call()
        health = store.health()
        assert (health.ok, health.code) == (False, "store-not-private")
        assert "swarm.key" in health.detail
    (tmp_path / "api").unlink(missing_ok=True)
    key.write_text(kept, "utf-8")
    with started(tmp_path, kubo_binary) as address, closing(KuboBlockStore(address)) as store:
        assert store.health().ok


CID = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"


@pytest.mark.parametrize("name", PRIVATE_SETTINGS)
def test_every_setting_that_reaches_out_is_named(name: str) -> None:
    """H-26: also where it is left out, for then Kubo's default reaches out."""
    without = nested({key: value for key, value in PRIVATE_SETTINGS.items() if key != name})
    other = nested({**PRIVATE_SETTINGS, name: ["/ip4/127.0.0.1/tcp/1"]})
    assert exposures(PRIVATE, []) == ()
    assert [name in one for one in exposures(other, [])] == [True]
    if PRIVATE_SETTINGS[name] != []:
        assert [name in one for one in exposures(without, [])] == [True]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/ip4/8.8.8.8/tcp/4001/p2p/x", "public address"),
        ("/ip4/127.0.0.1/udp/4001/quic-v1", "TCP alone"),
        ("/dns4/node.example/tcp/4001", "TCP alone"),
        ("/ip4/127.0.0.1/tcp/4001/p2p/x/p2p-circuit", "TCP alone"),
        ("/ip4/127.0.0.1/tcp/1/p2p/x", "cannot be reached"),
    ],
)
def test_an_address_that_anybody_may_come_by_is_named(address: str, words: str) -> None:
    """H-26: so is one of which nothing can be shown."""
    (told,) = exposures(PRIVATE, [address])
    assert words in told


def test_listeners_that_the_node_does_not_tell_of_are_named() -> None:
    """H-26: an announcement that is held back hides a door, and closes none."""

    def found(*listeners: str) -> tuple[str, ...]:
        config = {**PRIVATE, "Addresses": {**PRIVATE["Addresses"], "Swarm": list(listeners)}}
        return exposures(config, [])

    assert found() == ()
    assert ["tell where" in one for one in found("/ip4/10.0.0.7/tcp/4001")] == [True]
    assert ["public address" in one for one in found("/ip4/8.8.8.8/tcp/4001")] == [False, True]
    assert ["TCP alone" in one for one in found("/ip4/10.0.0.7/udp/4001/quic-v1")] == [False, True]
