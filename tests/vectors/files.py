"""Read a vector file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def load(name: str) -> dict[str, Any]:
    """The content of `<name>.json` beside this module."""
    return json.loads((Path(__file__).resolve().parent / f"{name}.json").read_text("utf-8"))


def named(cases: list[dict[str, Any]]) -> list[str]:
    """The reasons of refused cases, as names of parametrised tests."""
    return [case["why"] for case in cases]
