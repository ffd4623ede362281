"""The pages' core as scripts: under Node against a real network, or beside the scripts of a page."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from consentry.network.run import Network

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 300
_KEPT: list[TemporaryDirectory[str]] = []  # until this process ends


@cache
def bundled(source: str, *options: str) -> Path:
    """One script of `source`, made once a process; `options` as for esbuild."""
    _KEPT.append(TemporaryDirectory(prefix="consentry-core-"))
    made = Path(_KEPT[-1].name) / "core.mjs"
    command = ["node_modules/.bin/esbuild", source, "--bundle", "--format=esm", f"--outfile={made}", *options]
    subprocess.run([*command, "--log-level=warning"], cwd=ROOT, check=True, timeout=SECONDS)
    return made


def run_core(network: Network, slug: str, what: str, gateway: str = "city", **task: object) -> dict[str, Any]:
    """What the page of `gateway` gives somebody whose key is in the place's wallets. `task` as in tests/browser/core/run.ts."""
    asked = {
        "what": what,
        "origin": network.gateways[gateway],
        "key": "0x" + network.place.wallet_key(slug).hex(),
        **task,
    }
    script = bundled("tests/browser/core/run.ts", "--platform=node", "--target=node20", "--sourcemap=inline")
    ran = subprocess.run(
        ["node", "--enable-source-maps", str(script)],
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
