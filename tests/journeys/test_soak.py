"""The load that `make soak` puts on a network for hours, for a minute (specification H-70)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INTERACTIONS = 2_000
LIMIT_SECONDS = 900


def test_a_mixed_load_loses_and_doubles_nothing() -> None:
    """H-70: reads, publications, consents, revocations and accounts by several at once; every kind is done, none fails."""
    count = str(INTERACTIONS)
    command = [sys.executable, "-m", "benchmarks.soak", count, "--chain", "anvil", "--seed", "7"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "records lost or doubled: 0; errors: none" in done.stdout
    for kind in ("read", "publish", "grant", "account", "revoke"):
        assert f"\n| {kind} " in done.stdout
