"""The keeper's database: SQLite, WAL, synchronous=FULL, so that what is filed survives a power cut.

One writer at a time by `BEGIN IMMEDIATE`, also between processes; the sequence number is read inside that
transaction, so that receipts stay contiguous whatever dies when (specification K-6).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from consentry.domain.grounds import PERMITTED, KeeperReason
from consentry.errors import ConfigInvalid, StoreUnreachable
from consentry.ports.receipt_book import (
    UNBOUND,
    Commit,
    Decision,
    Draft,
    Filed,
    SignedReceipt,
    StoredReceipt,
    UseLimit,
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS owner (keeper TEXT NOT NULL, chain_id INTEGER NOT NULL, audit_log TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS receipts (
    seq INTEGER PRIMARY KEY, request_digest BLOB NOT NULL, item INTEGER NOT NULL, reason TEXT NOT NULL,
    patient TEXT NOT NULL, body BLOB NOT NULL, signature BLOB NOT NULL, value BLOB NOT NULL,
    UNIQUE (request_digest, item, reason));
CREATE INDEX IF NOT EXISTS receipts_by_patient ON receipts (patient, seq);
CREATE TABLE IF NOT EXISTS uses (
    consent_id BLOB NOT NULL, request_digest BLOB NOT NULL, record_id BLOB NOT NULL,
    PRIMARY KEY (consent_id, request_digest, record_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS commits (
    first_seq INTEGER PRIMARY KEY, count INTEGER NOT NULL, root BLOB NOT NULL, tx BLOB NOT NULL);
"""
_RECEIPT = "SELECT seq, body, signature, value FROM receipts"


class SqliteReceiptBook:
    """The `ReceiptBook` of one keeper account on one chain; one connection, safe from any thread."""

    def __init__(self, path: Path, *, keeper: str, chain_id: int, audit_log: str) -> None:
        """Open or create. Raises ConfigInvalid for another keeper's or chain's file, StoreUnreachable."""
        self._lock = Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
            path.chmod(0o600)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(_SCHEMA)
        except (OSError, sqlite3.Error):
            raise StoreUnreachable("the keeper's database cannot be opened") from None
        with self._writing() as db:
            owner = db.execute("SELECT keeper, chain_id, audit_log FROM owner").fetchone()
            if owner is None:
                db.execute("INSERT INTO owner VALUES (?, ?, ?)", (keeper, chain_id, audit_log))
            elif owner != (keeper, chain_id, audit_log):
                raise ConfigInvalid("the database belongs to another keeper, chain or deployment")

    def file(
        self, request_digest: bytes, drafts: Sequence[Draft], sign: Callable[[Draft, int], SignedReceipt]
    ) -> tuple[Filed, ...]:
        with self._writing() as db:
            return tuple(_file_one(db, request_digest, draft, sign) for draft in drafts)

    def next_seq(self) -> int:
        with self._reading() as db:
            return _next_seq(db)

    def values(self, first_seq: int, count: int) -> tuple[bytes, ...]:
        with self._reading() as db:
            rows = db.execute(
                "SELECT value FROM receipts WHERE seq >= ? AND seq < ? ORDER BY seq",
                (first_seq, first_seq + count),
            ).fetchall()
        return tuple(value for (value,) in rows)

    def about(self, patient: str, *, first_seq: int, limit: int) -> tuple[StoredReceipt, ...]:
        with self._reading() as db:
            rows = db.execute(
                f"{_RECEIPT} WHERE patient = ? AND seq >= ? ORDER BY seq LIMIT ?", (patient, first_seq, limit)
            ).fetchall()
        return tuple(StoredReceipt(seq, SignedReceipt(*rest)) for seq, *rest in rows)

    def note(self, commit: Commit) -> None:
        with self._writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO commits (first_seq, count, root, tx) VALUES (?, ?, ?, ?)",
                (commit.first_seq, commit.count, commit.root, commit.transaction),
            )

    def committed_until(self) -> int:
        with self._reading() as db:
            (until,) = db.execute("SELECT COALESCE(MAX(first_seq + count), 0) FROM commits").fetchone()
        return int(until)

    def commit_covering(self, seq: int) -> Commit | None:
        with self._reading() as db:
            row = db.execute(
                "SELECT root, first_seq, count, tx FROM commits WHERE first_seq <= ? ORDER BY first_seq DESC",
                (seq,),
            ).fetchone()
        commit = Commit(*row) if row else None
        return commit if commit and seq < commit.first_seq + commit.count else None

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._db
            except sqlite3.Error:
                raise StoreUnreachable("the keeper's database does not answer") from None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, on disk when the block ends."""
        with self._reading() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")


def _next_seq(db: sqlite3.Connection) -> int:
    (last,) = db.execute("SELECT COALESCE(MAX(seq), -1) FROM receipts").fetchone()
    return int(last) + 1


def _file_one(
    db: sqlite3.Connection, digest: bytes, draft: Draft, sign: Callable[[Draft, int], SignedReceipt]
) -> Filed:
    before = {
        reason: (seq, value)
        for reason, seq, value in db.execute(
            "SELECT reason, seq, value FROM receipts WHERE request_digest = ? AND item = ?",
            (digest, draft.item),
        )
    }
    for reason in before:
        if reason != PERMITTED and reason not in UNBOUND:
            return Filed(draft.item, Decision.REFUSED, *before[reason])
    if draft.limit is not None and not _use(db, digest, draft.limit):
        draft = draft.refused(KeeperReason.UsesExhausted)
    elif draft.reason in before:
        return Filed(draft.item, draft.decision, *before[draft.reason])
    seq = _next_seq(db)
    signed = sign(draft, seq)
    db.execute(
        "INSERT INTO receipts (seq, request_digest, item, reason, patient, body, signature, value)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            seq,
            digest,
            draft.item,
            draft.reason,
            draft.patient,
            signed.body,
            signed.signature,
            signed.value,
        ),
    )
    return Filed(draft.item, draft.decision, seq, signed.value)


def _use(db: sqlite3.Connection, digest: bytes, limit: UseLimit) -> bool:
    """Count a use; False if it would be one too many. The same request and record again is the same use."""
    key = (limit.consent_id, digest, limit.record_id)
    if db.execute(
        "SELECT 1 FROM uses WHERE consent_id = ? AND request_digest = ? AND record_id = ?", key
    ).fetchone():
        return True
    (used,) = db.execute("SELECT COUNT(*) FROM uses WHERE consent_id = ?", (limit.consent_id,)).fetchone()
    if used >= limit.max_uses:
        return False
    db.execute("INSERT INTO uses VALUES (?, ?, ?)", key)
    return True
