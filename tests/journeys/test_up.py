"""`consentry up` is for trying things, also what happens when parts of the network fail."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 120.0


@pytest.fixture
def network(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "consentry.cli", "up", "--at", str(tmp_path / "net")]
    with (tmp_path / "told").open("wb") as told:
        child = subprocess.Popen(command, cwd=ROOT, stdout=told, stderr=told)
        try:
            yield child
        finally:
            child.send_signal(signal.SIGINT)
            child.wait(STOP_SECONDS)


def pid_of(config: Path) -> int:
    found = subprocess.run(
        ["pgrep", "-f", "--", f"--config {config}"], capture_output=True, text=True, check=True
    )
    return int(found.stdout.split()[0])


def test_up_goes_on_without_a_keeper_and_says_how_to_start_it_again(
    network: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    root = tmp_path / "net"

    def told() -> str:
        return (tmp_path / "told").read_text("utf-8")

    until(lambda: "Ctrl-C stops it all" in told() or network.poll() is not None, "the network")
    assert network.poll() is None, told()
    os.kill(pid_of(root / "keepers" / "trustee" / "keeper.json"), signal.SIGKILL)
    until(lambda: "keeper-trustee ended" in told() or network.poll() is not None, "a word about the keeper")
    assert network.poll() is None, told()
    assert f"-m consentry.keeper --config {root}/keepers/trustee/keeper.json" in told()

    gateway = json.loads((root / "network.json").read_text("utf-8"))["gateways"]["city"]
    command = [sys.executable, "-m", "consentry.cli", "status", "--json", "--gateway", gateway]

    def keepers() -> list[dict[str, Any]]:
        status = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
        return list(status.get("keepers", ()))

    found = until(keepers, "the network's state")
    assert [one["reasons"] for one in found if not one["ok"]] == [["keeper-unreachable"]]

    network.send_signal(signal.SIGINT)
    assert network.wait(STOP_SECONDS) == 0, told()
