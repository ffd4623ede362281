"""Sessions that ended before their time, in the keeper's database (specification K-26)."""

from __future__ import annotations

from consentry.domain.addresses import Address
from consentry.errors import RateLimited
from consentry.keeper.database import KeeperDatabase
from consentry.keeper.doors import Session

MOST_OF_ONE = 1_000
"""Ended sessions kept of one account: more than anybody opens in eight hours, and nothing for a disk."""


class SqlEndedSessions:
    """The `EndedSessions` of one keeper. Safe from any thread."""

    def __init__(self, database: KeeperDatabase) -> None:
        self._database = database

    def end(self, account: Address, key: str, *, until: int, now: int) -> None:
        self._database.together(lambda db: _end(db, account, key, until, now))

    def ended(self, account: Address, key: str) -> bool:
        with self._database.reading() as db:
            return has_ended(db, account, key)


def has_ended(db: Session, account: str, key: str) -> bool:
    """Inside whichever transaction decides."""
    found = db.execute("SELECT 1 FROM ended_sessions WHERE account = ? AND key = ?", (account, key))
    return found.fetchone() is not None


def _end(db: Session, account: Address, key: str, until: int, now: int) -> None:
    db.execute("DELETE FROM ended_sessions WHERE until <= ?", (now,))
    kept, first = db.execute(
        "SELECT COUNT(*), MIN(until) FROM ended_sessions WHERE account = ? AND key <> ?", (account, key)
    ).fetchone()
    if kept >= MOST_OF_ONE:
        raise RateLimited("this account has ended as many sessions as are kept", seconds=max(first - now, 1))
    db.execute(
        "INSERT INTO ended_sessions VALUES (?, ?, ?)"
        " ON CONFLICT (account, key) DO UPDATE SET until = CASE WHEN excluded.until > ended_sessions.until"
        " THEN excluded.until ELSE ended_sessions.until END",
        (account, key, until),
    )
