"""The pages' core under Node, against a real network: what the page would read, as Python values."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from consentry.network.run import Network

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 300


def run_core(network: Network, slug: str, what: str, gateway: str = "city", **task: object) -> dict[str, Any]:
    """What the page of `gateway` gives somebody whose key is in the place's wallets. `task` as in tests/browser/core/run.ts."""
    asked = {
        "what": what,
        "origin": network.gateways[gateway],
        "key": "0x" + network.place.wallet_key(slug).hex(),
        **task,
    }
    ran = subprocess.run(
        ["node", "tests/browser/run_core.mjs"],
        cwd=ROOT,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    told = json.loads(ran.stdout.splitlines()[-1])
    assert isinstance(told, dict)
    return told | ({"stderr": ran.stderr[-4000:]} if ran.stderr else {})
