"""Objects that are nearly right: one field changed, added or left out."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from typing import Any

GONE = object()

Change = tuple[str, tuple[str | int, ...], Any]
"""(why, path to the field, its new value or GONE)"""


def changed(obj: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """A copy with one field set, or removed when the value is GONE."""
    result = copy.deepcopy(obj)
    inner = result
    for step in path[:-1]:
        inner = inner[step]
    if value is GONE:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return result


def text(obj: Any) -> str:
    """Canonical form without any check, so that wrong values can be written."""
    return json.dumps(obj, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def refused(obj: Any, changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Cases of canonical text that must be refused."""
    return [{"why": why, "text": text(changed(obj, path, value))} for why, path, value in changes]
