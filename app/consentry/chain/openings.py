"""Break-glass openings as the chain tells of them (the Openings port)."""

from __future__ import annotations

from typing import Any

from consentry.chain.ledger import ChainLedger
from consentry.domain.addresses import Address
from consentry.domain.openings import Finding
from consentry.ports.openings import CONTRACT, OpeningState, OpeningStatus, Unreviewed


class ChainOpenings:
    """Reads through a ledger's node."""

    def __init__(self, ledger: ChainLedger) -> None:
        self._ledger = ledger

    def state_of(self, opening_id: bytes) -> OpeningState:
        return self._ledger.ask(self._ledger.call(CONTRACT, "openingOf", opening_id, read=_state))

    def unreviewed_of(self, member: Address) -> tuple[Unreviewed, ...]:
        return self._ledger.ask(self._ledger.call(CONTRACT, "unreviewedOf", member, read=_unreviewed))


def _state(found: tuple[Any, ...]) -> OpeningState:
    """From `IEmergencyAccess.Opening`."""
    status, finding, _member, _first, _second, ends_at, review_by = found
    return OpeningState(OpeningStatus(status), Finding(finding) if finding else None, ends_at, review_by)


def _unreviewed(found: tuple[tuple[Any, ...], ...]) -> tuple[Unreviewed, ...]:
    return tuple(
        Unreviewed(bytes(opening_id), Address(first), Address(second), ends_at, review_by)
        for opening_id, first, second, ends_at, review_by in found
    )
