"""The metrics that there are, as docs/metrics.md lists them."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "metrics.md").read_text("utf-8")
_ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| ([^|]*) \|", re.MULTILINE)


def _series(name: str, kind: str) -> set[str]:
    return {f"{name}_{part}" for part in ("bucket", "count", "sum")} if kind == "histogram" else {name}


NAMES = frozenset(series for name, kind, _ in _ROW.findall(PAGE) for series in _series(name, kind))
LABELS = frozenset(label for *_, labels in _ROW.findall(PAGE) for label in re.findall(r"`(\w+)`", labels))
