"""Writes the ABIs that others build against to interfaces/, or checks with --check that they are up to date.

    .venv/bin/python scripts/export.py [--check]   after `tools/brownie compile`; or brownie run export

Reads Brownie's build output only, so that it needs neither a compiler nor a chain. Exit code 1 when --check
finds a difference.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
if str(REPOSITORY) not in sys.path:
    sys.path.insert(0, str(REPOSITORY))

from scripts.settings import CONTRACTS  # noqa: E402  (the script also runs as a plain file)

BUILD = REPOSITORY / "build" / "contracts"
TARGET = REPOSITORY / "interfaces"


def exported(name: str) -> str:
    """The ABI of one contract as stable JSON text. Raises FileNotFoundError before the first compilation."""
    abi = json.loads((BUILD / f"{name}.json").read_text(encoding="utf-8"))["abi"]
    unique = {json.dumps(entry, sort_keys=True): entry for entry in abi}
    ordered = sorted(unique.values(), key=_place)
    return json.dumps(ordered, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _place(entry: dict) -> tuple[str, str, str]:
    return entry["type"], entry.get("name", ""), json.dumps(entry.get("inputs", []), sort_keys=True)


def stale() -> list[str]:
    """Contracts whose file in interfaces/ is missing or differs, and files that nobody exports."""
    outdated = [
        name
        for name in CONTRACTS
        if not (TARGET / f"{name}.json").exists()
        or (TARGET / f"{name}.json").read_text(encoding="utf-8") != exported(name)
    ]
    return outdated + sorted(path.stem for path in TARGET.glob("*.json") if path.stem not in CONTRACTS)


def main(*arguments: str) -> None:
    """Export, or check when "--check" is given."""
    check = "--check" in (arguments or sys.argv[1:])
    if check:
        outdated = stale()
        if outdated:
            sys.exit(f"interfaces/ differs from the contracts: {', '.join(outdated)}. Run scripts/export.py.")
        print(f"interfaces/ is up to date: {len(CONTRACTS)} ABIs")
        return
    TARGET.mkdir(exist_ok=True)
    for name in CONTRACTS:
        (TARGET / f"{name}.json").write_text(exported(name), encoding="utf-8")
    print(f"{len(CONTRACTS)} ABIs written to interfaces/")


if __name__ == "__main__":
    main()
