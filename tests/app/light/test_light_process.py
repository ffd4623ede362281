"""What the local EVM does to the process that it runs in (specification H-62)."""

from __future__ import annotations

import subprocess
import sys

DEEP = """
import sys
before = sys.getrecursionlimit()
import consentry.light.evm
assert sys.getrecursionlimit() == before, sys.getrecursionlimit()
import json
try:
    json.loads("[" * 200_000)
except RecursionError:
    print("refused")
"""


def test_deep_json_is_refused_and_ends_nothing() -> None:
    """H-62: py-evm would let Python recurse until the stack overflows."""
    done = subprocess.run(
        [sys.executable, "-c", DEEP], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout) == (0, "refused\n"), done.stderr
