"""Committees of former versions as the chain lets them be asked today (specification K-30, K-33)."""

from __future__ import annotations

from typing import Protocol

from consentry.domain.ledger import CommitteeInfo
from consentry.domain.succession import Line, holders, lines


class Committees(Protocol):
    """A part of the Ledger port, raising what that says."""

    def committee(self, version: int | None = None) -> CommitteeInfo | None: ...


def versions_from(version: int, ledger: Committees, last: int | None = None) -> tuple[CommitteeInfo, ...]:
    """The committees of this version and all later ones, up to `last` (the current one); empty if it is unknown."""
    if last is None:
        current = ledger.committee()
        last = current.version if current else 0
    found = [ledger.committee(one) for one in range(version, last + 1)] if version >= 1 else []
    return tuple(one for one in found if one is not None)


def serving(version: int, ledger: Committees) -> CommitteeInfo | None:
    """The committee of this version with whoever holds its seats now; None if the chain does not know it."""
    committees = versions_from(version, ledger)
    return holders(committees) if committees else None


def lines_of(version: int, ledger: Committees, last: int | None = None) -> tuple[Line, ...]:
    """The line of each of its seats, as far as the committees up to `last` (the current one) tell; empty if it is unknown."""
    committees = versions_from(version, ledger, last)
    return lines(committees) if committees else ()


def seats_of(version: int, ledger: Committees) -> dict[str, int]:
    """Whose shares of this version are whose: the seat of each account in its line, former holders and later ones."""
    return {one.account: line[0].seat for line in lines_of(version, ledger) for one in line}
