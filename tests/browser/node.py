"""The pages' TypeScript run under Node, for what needs no browser."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_BUILD = """
import { build } from "esbuild";
const made = await build({
  stdin: { contents: process.argv[2], resolveDir: process.cwd(), loader: "ts" },
  bundle: true, write: false, platform: "node", format: "esm", target: "node20", logLevel: "error",
});
process.stdout.write(made.outputFiles[0].text);
"""


def evaluate(source: str, given: Any = None) -> Any:
    """What TypeScript `source` prints as JSON; imports are relative to the repository, `given` is the variable of that name."""
    bundled = _node(_BUILD, source)
    # in the script: an argument has room for 128 KiB only
    return json.loads(_node(f"const given = {json.dumps(given)};\n{bundled}", ""))


def for_browsers(source: str) -> str:
    """The same source and all it imports as one classic script."""
    build = _BUILD.replace('platform: "node", format: "esm"', 'platform: "browser", format: "iife"')
    return _node(build.replace('target: "node20"', 'target: "es2022"'), source)


def _node(script: str, argument: str) -> str:
    # both by standard input and argument, so that nothing is left behind on disk
    command = ["node", "--input-type=module", "-", argument]
    ran = subprocess.run(
        command, cwd=ROOT, input=script, capture_output=True, text=True, timeout=180, check=False
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    return ran.stdout
