"""Processes that are started, awaited and ended (specification H-71)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from consentry.children import Child
from consentry.errors import ChainUnreachable, ProcessFailed
from tests.waiting import until

WAITS = "import time; print('it serves', flush=True); time.sleep(600)"
WITH_A_CHILD = (
    "import subprocess, sys, time; one = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print(one.pid, flush=True); time.sleep(600)"
)


def child(tmp_path: Path, program: str) -> Child:
    return Child("the engine", [sys.executable, "-c", program], tmp_path / "log")


def test_await_until_returns_when_it_serves(tmp_path: Path) -> None:
    """H-71."""
    log = tmp_path / "log"
    one = child(tmp_path, WAITS)
    one.start()
    try:
        one.await_until(lambda: "it serves" in log.read_text())
        assert one.running and one.pid is not None
    finally:
        one.stop()
    assert not one.running and one.pid is None


def test_await_until_tells_the_last_line_of_this_life_when_it_ends(tmp_path: Path) -> None:
    """H-71: not what an earlier life wrote."""
    one = child(tmp_path, "print('no port is free')")
    one.start()
    with pytest.raises(ProcessFailed, match="the engine ended while starting: no port is free; see .*log"):
        one.await_until(lambda: False)
    one.command = [sys.executable, "-c", ""]
    one.start()
    with pytest.raises(ProcessFailed, match="it wrote nothing"):
        one.await_until(lambda: False)


def test_start_says_what_to_do_when_the_program_is_missing(tmp_path: Path) -> None:
    """H-71: by the error of whoever needs it."""
    one = Child("geth", [str(tmp_path / "geth")], None, failure=ChainUnreachable, hint="build it")
    with pytest.raises(ChainUnreachable, match=r"geth cannot be started \(No such file.*\): build it"):
        one.start()
    one.stop()
    one.kill()


def test_kill_ends_what_it_started_too(tmp_path: Path) -> None:
    """H-71: nothing is left behind, and it can be started again."""
    one = child(tmp_path, WITH_A_CHILD)
    for life in (1, 2):
        one.start()
        told = until(lambda wanted=life: len(lines(tmp_path)) == wanted and lines(tmp_path), "its child")
        one.kill()
        assert until(lambda pid=told[-1]: ended(pid), "the end of what it started")


def lines(tmp_path: Path) -> list[str]:
    return [one for one in (tmp_path / "log").read_text().split("\n")[:-1] if one]


def ended(pid: str) -> bool:
    """Gone, or a zombie that nobody waits for."""
    try:
        status = (Path("/proc") / pid / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return status.rpartition(")")[2].split()[0] == "Z"
