"""Ports of networks that start beside one another."""

from __future__ import annotations

import subprocess
import sys

import pytest

from consentry.errors import ProcessFailed
from consentry.network import processes
from consentry.network.processes import free_port

FEW = range(19_000, 19_016)


def test_a_port_is_given_once_before_anything_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """H-25: neither to this process nor to another."""
    monkeypatch.setattr(processes, "_PORTS", FEW)
    given: list[int] = []
    with pytest.raises(ProcessFailed):
        while True:
            given.append(free_port())
    assert len(set(given)) == len(given) > 1
    other = f"""
from consentry.network import processes
processes._PORTS = range({FEW.start}, {FEW.stop})
print(processes.free_port())
"""
    asked = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True, check=False)
    assert asked.returncode == 1 and "ProcessFailed" in asked.stderr
