"""Committees as `KeeperCommittee.publish` takes them."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.contracts.consents import Person

INSTITUTIONS, ETHICS, PATIENTS = range(3)
KEY_BYTES = 1216


def key(seat: int) -> bytes:
    return hashlib.shake_256(f"seat {seat}".encode()).digest(KEY_BYTES)


def keepers_of(places: list[tuple[Any, int]]) -> list[tuple[Any, ...]]:
    """A keeper for each (member, chamber)."""
    return [
        (
            Person.named(f"keeper {seat}").address,
            str(member),
            chamber,
            f"https://keeper-{seat}.example",
            key(seat),
        )
        for seat, (member, chamber) in enumerate(places)
    ]


def changed(keepers: list[tuple[Any, ...]], seat: int, **fields: Any) -> list[tuple[Any, ...]]:
    names = ("account", "member", "chamber", "url", "sealingKey")
    old = dict(zip(names, keepers[seat], strict=True))
    return [*keepers[:seat], tuple((old | fields).values()), *keepers[seat + 1 :]]
