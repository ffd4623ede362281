"""Revocations seen before the chain has them for good, in the keeper's database (specification K-17)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from consentry.domain.addresses import Address
from consentry.domain.revocation import SignedRevocation
from consentry.errors import RateLimited
from consentry.keeper.database import KeeperDatabase
from consentry.ports.revocations import SeenRevocation

MOST_OF_ONE = 256
"""Revocations of one patient that wait for the chain: each is of a granted id, and most wait for seconds."""

MOST = 100_000
AGAIN_SECONDS = 60

SCHEMA = """
CREATE TABLE IF NOT EXISTS revocations (
    patient TEXT NOT NULL, consent_id BLOB NOT NULL, signature BLOB NOT NULL, seen_at INTEGER NOT NULL,
    until INTEGER NOT NULL, bring_at INTEGER NOT NULL, tries INTEGER NOT NULL,
    PRIMARY KEY (patient, consent_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS revocations_due ON revocations (bring_at);
"""
_ONE = " WHERE patient = ? AND consent_id = ?"


class SqliteRevocations:
    """The `Revocations` of one keeper."""

    def __init__(self, database: KeeperDatabase) -> None:
        """Raises StoreUnreachable."""
        self._database = database
        database.define(SCHEMA)

    def see(self, seen: SeenRevocation, *, bring_at: int) -> int:
        return self._database.together(lambda db: _see(db, seen, bring_at))

    def seen_at(self, patient: Address, consent_id: bytes) -> int | None:
        with self._database.reading() as db:
            return _seen_at(db, patient, consent_id)

    def due(self, now: int, limit: int) -> tuple[SeenRevocation, ...]:
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT patient, consent_id, signature, seen_at, until, tries FROM revocations"
                " WHERE bring_at <= ? ORDER BY bring_at LIMIT ?",
                (now, limit),
            ).fetchall()
        return tuple(
            SeenRevocation(SignedRevocation(Address(patient), consent_id, signature), *rest)
            for patient, consent_id, signature, *rest in rows
        )

    def put_off(self, revocation: SignedRevocation, *, until: int) -> None:
        later = "UPDATE revocations SET bring_at = ?, tries = tries + 1" + _ONE
        key = (until, revocation.patient, revocation.consent_id)
        self._database.together(lambda db: db.execute(later, key).rowcount)

    def forget(self, revocation: SignedRevocation) -> None:
        key = (revocation.patient, revocation.consent_id)
        self._database.together(lambda db: db.execute("DELETE FROM revocations" + _ONE, key).rowcount)

    def waiting(self) -> int:
        with self._database.reading() as db:
            return int(db.execute("SELECT COUNT(*) FROM revocations").fetchone()[0])


def was_seen(db: sqlite3.Connection, patient: str, ids: Iterable[bytes]) -> bool:
    """Inside whichever transaction decides: nothing is released after an acknowledgement has left."""
    return any(_seen_at(db, patient, one) is not None for one in ids)


def _seen_at(db: sqlite3.Connection, patient: str, consent_id: bytes) -> int | None:
    found = db.execute("SELECT seen_at FROM revocations" + _ONE, (patient, consent_id)).fetchone()
    return None if found is None else int(found[0])


def _see(db: sqlite3.Connection, seen: SeenRevocation, bring_at: int) -> int:
    asked = seen.revocation
    before = _seen_at(db, asked.patient, asked.consent_id)
    if before is not None:
        return before
    (own,) = db.execute("SELECT COUNT(*) FROM revocations WHERE patient = ?", (asked.patient,)).fetchone()
    (every,) = db.execute("SELECT COUNT(*) FROM revocations").fetchone()
    if own >= MOST_OF_ONE or every >= MOST:
        raise RateLimited("as many revocations wait for the chain as are kept", seconds=AGAIN_SECONDS)
    row = (asked.patient, asked.consent_id, asked.signature, seen.seen_at, seen.until, bring_at, seen.tries)
    db.execute("INSERT INTO revocations VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    return seen.seen_at
