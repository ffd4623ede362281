"""The page of the soak's measurements: a section for each number of interactions, the latest run of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

INTRODUCTION = """# Soak

What `make soak N=…` saw: reads, publications, consents, revocations and accounts by several at once, on four validators (Kaia),
five keepers and three gateways of one machine, and at the end every record that was acknowledged read once more. The tool
writes this page: a run of as many interactions replaces its section. The load's own processes share the machine."""


def write(page: Path, count: int, parts: Sequence[str]) -> None:
    """Put the section of so many interactions in its place."""
    sections = _sections(page.read_text("utf-8")) if page.exists() else {}
    day = datetime.now(UTC).strftime("%d %B %Y").lstrip("0")
    sections[count] = "\n\n".join((f"## {count:,} interactions", f"{day}. {parts[0]}", *parts[1:]))
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("\n\n".join((INTRODUCTION, *(sections[one] for one in sorted(sections)))) + "\n", "utf-8")


def _sections(text: str) -> dict[int, str]:
    """By their number of interactions."""
    found = text.strip().split("\n\n## ")[1:]
    return {int(one.split(" ", 1)[0].replace(",", "")): "## " + one for one in found}
