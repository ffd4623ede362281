"""A keeper on an old copy of its database: it says so and does not serve, until it has the right one again (A-9, K-9)."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from consentry.errors import KeeperBehindChain
from consentry.services.verify import verify
from tests.app.chain.world import build_world
from tests.app.keeper.scene import Scene
from tests.chains import DeployedChain


@pytest.fixture
def scene(deployed_chain: DeployedChain, tmp_path: Path) -> Iterator[Scene]:
    with deployed_chain.undone():
        made = Scene(build_world(deployed_chain), tmp_path)
        made.start(0, 1, 2)
        yield made
        made.close()


def read_and_committed(scene: Scene, receipts: int) -> None:
    """One more release, and all of seat 0's receipts on chain."""
    scene.ask(scene.request())
    until = time.monotonic() + 60
    account = scene.committee.keepers[0].account
    while scene.ledger.next_seq_of(account) < receipts:
        assert time.monotonic() < until, scene.log(0)
        time.sleep(0.1)


def copied(scene: Scene, folder: Path) -> None:
    """The stopped keeper's database, with what SQLite keeps beside it."""
    folder.mkdir()
    for path in scene.folder.glob("keeper0.sqlite*"):
        shutil.copy2(path, folder / path.name)


def restored(scene: Scene, folder: Path) -> None:
    for path in scene.folder.glob("keeper0.sqlite*"):
        path.unlink()
    for path in folder.iterdir():
        shutil.copy2(path, scene.folder / path.name)


def test_keeper_on_a_restored_old_database_serves_nobody(scene: Scene) -> None:
    """A-9, K-9: a real process, a real chain; the receipts of the newer file are all still proven after."""
    read_and_committed(scene, 1)
    scene.kill(0)
    copied(scene, scene.folder / "old")
    scene.start(0)
    read_and_committed(scene, 2)
    scene.kill(0)
    copied(scene, scene.folder / "newest")

    restored(scene, scene.folder / "old")
    scene.start(0)
    health = scene.health(0)
    assert health is not None and not health["ok"] and health["reasons"] == ["keeper-behind-chain"]
    assert health["nextSteps"] == [KeeperBehindChain.next_step]
    with pytest.raises(KeeperBehindChain):
        scene.receipts(0)
    answer = urllib3.request("POST", f"{scene.urls[0]}/release", body=b"{}")
    assert answer.status == 503 and answer.json()["code"] == "keeper-behind-chain"
    assert scene.ledger.next_seq_of(scene.committee.keepers[0].account) == 2

    scene.kill(0)
    restored(scene, scene.folder / "newest")
    scene.start(0)
    page = scene.receipts(0)
    assert [verify(one, scene.ledger).seq for one in page.evidence] == [0, 1]
    read_and_committed(scene, 3)
