"""Write the vectors that Python and TypeScript both run, or check that they are still what this code gives.

    python -m tests.vectors.generate            write what is new or changed
    python -m tests.vectors.generate --check    exit 1 if a deterministic file differs

`hpke.json` holds sealed values, which are random: it is written once, and `--fresh-hpke` replaces it.
Every file is an object with `about` and lists of cases; `refused` lists hold what must be refused, with the reason in `why`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.vectors import (
    acknowledgement_cases,
    episode_cases,
    ground_cases,
    header_cases,
    hpke_cases,
    layout_cases,
    request_cases,
    sealing_cases,
    shamir_cases,
    statement_cases,
    typed_cases,
    wording_cases,
)

FOLDER = Path(__file__).resolve().parent
MAX_BYTES = 250_000

DETERMINISTIC: dict[str, Callable[[], dict[str, Any]]] = {
    "canonical": layout_cases.canonical_json,
    "headers": header_cases.headers,
    "entries": layout_cases.entries,
    "manifest": layout_cases.manifest,
    "merkle": layout_cases.merkle_trees,
    "directory": layout_cases.directory,
    "sealing": sealing_cases.sealing,
    "envelope": sealing_cases.envelopes,
    "shamir": shamir_cases.shamir_shares,
    "channel": sealing_cases.channels,
    "terms": typed_cases.terms,
    "typed": typed_cases.other_typed_data,
    "sessions": request_cases.session_certificates,
    "requests": request_cases.requests,
    "grounds": ground_cases.grounds,
    "acknowledgements": acknowledgement_cases.acknowledgements,
    "receipts": request_cases.receipts,
    "episodes": episode_cases.episode_assertions,
    "statements": statement_cases.statements,
    "wording": wording_cases.wording,
}


def text_of(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def stale() -> list[str]:
    """The names of files that differ from what the code gives."""
    return [
        name
        for name, build in DETERMINISTIC.items()
        if not (path := FOLDER / f"{name}.json").exists() or path.read_text("utf-8") != text_of(build())
    ]


def main(arguments: list[str]) -> int:
    changed = stale()
    if "--check" in arguments:
        print("\n".join(f"{name}.json differs" for name in changed) or "vectors are up to date")
        return 1 if changed else 0
    for name in changed:
        text = text_of(DETERMINISTIC[name]())
        if len(text.encode()) > MAX_BYTES:
            raise SystemExit(f"{name}.json would be larger than {MAX_BYTES} bytes")
        (FOLDER / f"{name}.json").write_text(text, "utf-8")
        print(f"wrote {name}.json")
    hpke = FOLDER / "hpke.json"
    if "--fresh-hpke" in arguments or not hpke.exists():
        hpke.write_text(text_of(hpke_cases.hpke_values()), "utf-8")
        print("wrote hpke.json")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
