"""The one way in which tools write a generated page, or only compare it with `--check`."""

from __future__ import annotations

import sys
from pathlib import Path


def write_or_check(target: Path, text: str, source: str) -> int:
    """The exit code: 1 if the page was only to be compared and is not what `source` says."""
    if "--check" not in sys.argv:
        target.write_text(text, "utf-8")
        return 0
    if target.exists() and target.read_text("utf-8") == text:
        return 0
    print(f"docs/{target.name} is not what {source}: run `make docs`", file=sys.stderr)
    return 1
