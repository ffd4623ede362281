"""Run slither on the contracts: no finding of high or medium impact may be left that docs/audit-notes.md doesn't accept.

A row of its first table accepts all findings of one detector at one place (`Contract.function` or `Contract.variable`). A row
that accepts nothing any more fails too, so that the page stays true. Usage: tools/slither_gate.py (installs slither on demand).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTES = ROOT / "docs" / "audit-notes.md"
ROW = re.compile(r"^\| ([a-z0-9-]+) \| `([\w.]+)` \| (\S.*) \|$", re.MULTILINE)
# interfaces have no code, mocks are never deployed, OpenZeppelin was audited by others
LEFT_OUT = "node_modules|contracts/mocks|contracts/interfaces|tests"


def findings() -> list[tuple[str, str, str]]:
    """(detector, place, description) of each finding of high or medium impact."""
    subprocess.run([ROOT / "tools" / "environment.sh", "assurance"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "slither.json"
        environment = os.environ | {
            "PATH": f"{ROOT / 'node_modules/.bin'}:{os.environ['PATH']}",
            "FOUNDRY_OUT": ".cache/slither/out",
            "FOUNDRY_CACHE_PATH": ".cache/slither/cache",
        }
        done = subprocess.run(
            [
                ROOT / ".cache/assurance/bin/slither",
                ".",
                *("--foundry-out-directory", ".cache/slither/out"),
                *("--filter-paths", LEFT_OUT, "--json", str(target)),
                *("--exclude-low", "--exclude-informational", "--exclude-optimization"),
            ],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if not target.exists():
            sys.exit(f"slither did not finish:\n{done.stderr[-3000:]}")
        if "ContractSolcParsing" in done.stderr:  # it goes on without the contract that it cannot read
            sys.exit(f"slither could not read everything:\n{done.stderr[-3000:]}")
        answer = json.loads(target.read_text("utf-8"))
    if not answer["success"]:
        sys.exit(f"slither failed: {answer['error']}")
    found = []
    for one in answer["results"].get("detectors", []):
        description = one["description"].strip()
        place = re.match(r"[\w.]+", description)
        found.append((one["check"], place.group() if place else "", description))
    return found


def main() -> int:
    accepted = {(detector, place) for detector, place, _ in ROW.findall(NOTES.read_text("utf-8"))}
    found = findings()
    new = [one for one in found if one[:2] not in accepted]
    for detector, place, description in new:
        print(f"{detector} at {place}:\n  {description}\n", file=sys.stderr)
    stale = accepted - {one[:2] for one in found}
    for detector, place in sorted(stale):
        print(f"docs/audit-notes.md accepts {detector} at {place}, where there is none", file=sys.stderr)
    print(
        f"slither: {len(found)} findings of high or medium impact, {len(found) - len(new)} accepted, {len(new)} not"
    )
    return 1 if new or stale else 0


if __name__ == "__main__":
    sys.exit(main())
