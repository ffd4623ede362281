"""Decisions of members, made by commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.app.governed import SEATS, Governed

WHY = ("--reason", "It treats our patients")


def decided(chain: Any, governed: Governed, *proposal: str | Path) -> str:
    """Proposed by mercy, voted for by everybody, carried out by a stranger; gives the proposal's id."""
    made = chain(*proposal, by="mercy")
    assert made.code == 0, made.out
    for slug in SEATS:
        governed.pass_time()
        assert chain("consortium", "vote", made.json["proposal"][:14], "for", by=slug).code == 0
    passed = chain("consortium", "execute", made.json["proposal"], "--wait", "0", by="stranger")
    if passed.code:
        assert (passed.code, passed.error) == (5, "proposal-not-due")
        governed.pass_time()
        passed = chain("consortium", "execute", made.json["proposal"], by="stranger")
    assert passed.code == 0 and passed.json["state"] == "Executed", passed.out
    return str(made.json["proposal"])
