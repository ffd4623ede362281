"""Who keeps shares: every keeper that the chain ever named."""

from __future__ import annotations

from consentry.domain.ledger import KeeperInfo
from consentry.services.succession import Committees


def every_keeper(ledger: Committees) -> tuple[KeeperInfo, ...]:
    """Every keeper there ever was, by its newest seat. Raises ChainUnreachable, ChainWrong."""
    newest = ledger.committee()
    versions = range(1, newest.version + 1) if newest else range(0)
    committees = [ledger.committee(version) for version in versions]
    found = {keeper.account: keeper for one in committees if one is not None for keeper in one.keepers}
    return tuple(found.values())
