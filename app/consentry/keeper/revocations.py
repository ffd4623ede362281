"""Revocations seen before the chain has them for good, in the keeper's database (specification K-17, K-37)."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from consentry.domain.addresses import Address
from consentry.domain.revocation import SignedRevocation
from consentry.errors import RateLimited
from consentry.keeper.database import KeeperDatabase
from consentry.keeper.doors import Session
from consentry.ports.revocations import REFUSALS, TIME_TO_TAKE_SECONDS, SeenRevocation

MOST_OF_ONE = 256
"""Revocations of one patient that wait for the chain: each is of a granted id, and most wait for seconds."""

MOST = 100_000
AGAIN_SECONDS = 60

_ONE = " WHERE patient = ? AND consent_id = ?"
_ALL = (
    "SELECT patient, consent_id, signature, seen_at, until, tries, refused_since, refusals FROM revocations"
)
_LOG = logging.getLogger(__name__)


class SqlRevocations:
    """The `Revocations` of one keeper."""

    def __init__(self, database: KeeperDatabase) -> None:
        self._database = database

    def see(self, seen: SeenRevocation, *, bring_at: int) -> int:
        return self._database.together(lambda db: _see(db, seen, bring_at))

    def find(self, patient: Address, consent_id: bytes) -> SeenRevocation | None:
        with self._database.reading() as db:
            row = db.execute(_ALL + _ONE, (patient, consent_id)).fetchone()
        return None if row is None else _seen(*row)

    def due(self, now: int, limit: int) -> tuple[SeenRevocation, ...]:
        with self._database.reading() as db:
            # what the chain has refused before keeps nothing waiting that it would take
            order = " WHERE bring_at <= ? ORDER BY refused_since IS NOT NULL, bring_at LIMIT ?"
            rows = db.execute(_ALL + order, (now, limit)).fetchall()
        return tuple(_seen(*row) for row in rows)

    def put_off(self, revocation: SignedRevocation, *, until: int, refused_at: int | None = None) -> None:
        later = (
            "UPDATE revocations SET bring_at = ?, tries = tries + 1,"
            " refused_since = COALESCE(refused_since, ?), refusals = refusals + ?"
        )
        values = (until, refused_at, 0 if refused_at is None else 1)
        # not one that was signed anew meanwhile
        key = (revocation.patient, revocation.consent_id, revocation.signature)
        tried = later + _ONE + " AND signature = ?"
        self._database.together(lambda db: db.execute(tried, values + key).rowcount)

    def forget(self, revocation: SignedRevocation) -> None:
        key = (revocation.patient, revocation.consent_id)
        self._database.together(lambda db: db.execute("DELETE FROM revocations" + _ONE, key).rowcount)

    def waiting(self) -> int:
        return self._count("")

    def refused(self) -> int:
        return self._count(" WHERE refused_since IS NOT NULL")

    def _count(self, which: str) -> int:
        with self._database.reading() as db:
            return int(db.execute("SELECT COUNT(*) FROM revocations" + which).fetchone()[0])


def was_seen(db: Session, patient: str, ids: Iterable[bytes]) -> bool:
    """Inside whichever transaction decides: nothing is released after an acknowledgement has left."""
    return any(_seen_at(db, patient, one) is not None for one in ids)


def _seen_at(db: Session, patient: str, consent_id: bytes) -> int | None:
    found = db.execute("SELECT seen_at FROM revocations" + _ONE, (patient, consent_id)).fetchone()
    return None if found is None else int(found[0])


def _seen(patient: str, consent_id: bytes, signature: bytes, *rest: int) -> SeenRevocation:
    return SeenRevocation(SignedRevocation(Address(patient), consent_id, signature), *rest)


def _see(db: Session, seen: SeenRevocation, bring_at: int) -> int:
    asked = seen.revocation
    key = (asked.patient, asked.consent_id)
    before = db.execute("SELECT signature, seen_at FROM revocations" + _ONE, key).fetchone()
    if before is not None:
        if before[0] != asked.signature:
            anew = "UPDATE revocations SET signature = ?, bring_at = ?, tries = 0, refused_since = NULL, refusals = 0"
            db.execute(anew + _ONE, (asked.signature, bring_at, *key))
        return int(before[1])
    for most, which, whose in ((MOST_OF_ONE, " WHERE patient = ?", (asked.patient,)), (MOST, "", ())):
        (held,) = db.execute("SELECT COUNT(*) FROM revocations" + which, whose).fetchone()
        if held >= most and not _made_room(db, asked.patient if whose else None, seen.seen_at):
            raise RateLimited("as many revocations wait for the chain as are kept", seconds=AGAIN_SECONDS)
    row = (*key, asked.signature, seen.seen_at, seen.until, bring_at, seen.tries)
    columns = "patient, consent_id, signature, seen_at, until, bring_at, tries"
    db.execute(f"INSERT INTO revocations ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    return seen.seen_at


def _made_room(db: Session, patient: str | None, now: int) -> bool:
    """Drop the one that the chain has refused longest, of this patient or of all, if it had the time to take it."""
    longest = "SELECT patient, consent_id FROM revocations WHERE refused_since <= ? AND refusals >= ?"
    values: list[object] = [now - TIME_TO_TAKE_SECONDS, REFUSALS]
    if patient is not None:
        longest += " AND patient = ?"
        values.append(patient)
    found = db.execute(f"{longest} ORDER BY refused_since LIMIT 1", values).fetchone()
    if found is None:
        return False
    db.execute("DELETE FROM revocations" + _ONE, found)
    # whose it was is no line for a log
    _LOG.warning("a revocation made room: the chain has refused its signature for a week")
    return True
