"""The keeper's book of receipts in its database (specification K-6, K-7, K-25).

The sequence number is read inside the writing transaction, so that receipts stay contiguous whatever dies when, and whoever
else writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from consentry.domain.addresses import Address
from consentry.domain.grounds import PERMITTED, KeeperReason
from consentry.errors import SessionRevoked
from consentry.keeper.database import KeeperDatabase
from consentry.keeper.doors import Session
from consentry.keeper.ended_sessions import has_ended
from consentry.keeper.revocations import was_seen
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
from consentry.telemetry.request_id import current

_NOTE = (
    "INSERT INTO commits (first_seq, count, root, tx) VALUES (?, ?, ?, ?) ON CONFLICT (first_seq)"
    " DO UPDATE SET count = excluded.count, root = excluded.root, tx = excluded.tx"
)
_NOTE_BLOCK = (
    "INSERT INTO commit_blocks (first_seq, block) VALUES (?, ?) ON CONFLICT (first_seq)"
    " DO UPDATE SET block = excluded.block"
)
_COMMIT = (
    "SELECT root, commits.first_seq, count, tx, COALESCE(block, 0) FROM commits LEFT JOIN commit_blocks"
    " ON commit_blocks.first_seq = commits.first_seq WHERE commits.first_seq <= ? ORDER BY commits.first_seq DESC"
)
_BEFORE = "SELECT item, reason, seq, value FROM receipts WHERE request_digest = ?"
_INSERT = (
    "INSERT INTO receipts (seq, request_digest, item, reason, patient, body, signature, value, request_id)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_RECEIPT = "SELECT seq, body, signature, value FROM receipts"


class SqlReceiptBook:
    """The `ReceiptBook` of one keeper account on one chain. Safe from any thread."""

    def __init__(self, database: KeeperDatabase) -> None:
        self._database = database

    def file(
        self,
        request_digest: bytes,
        drafts: Sequence[Draft],
        sign: Callable[[Draft, int], SignedReceipt],
        *,
        by: tuple[Address, str] | None = None,
    ) -> tuple[Filed, ...]:
        asked_as = current() or None  # in this thread: another may carry it out

        def write(db: Session) -> tuple[Filed, ...]:
            # whichever is durable first counts: an end that was told is never followed by a share
            if by is not None and has_ended(db, *by):
                raise SessionRevoked()
            return _file(db, (request_digest, asked_as), drafts, sign)

        return self._database.together(write)

    def next_seq(self) -> int:
        with self._database.reading() as db:
            return _next_seq(db)

    def values(self, first_seq: int, count: int) -> tuple[bytes, ...]:
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT value FROM receipts WHERE seq >= ? AND seq < ? ORDER BY seq",
                (first_seq, first_seq + count),
            ).fetchall()
        return tuple(value for (value,) in rows)

    def about(self, patient: str, *, first_seq: int, limit: int) -> tuple[StoredReceipt, ...]:
        with self._database.reading() as db:
            rows = db.execute(
                f"{_RECEIPT} WHERE patient = ? AND seq >= ? ORDER BY seq LIMIT ?", (patient, first_seq, limit)
            ).fetchall()
        return tuple(StoredReceipt(seq, SignedReceipt(*rest)) for seq, *rest in rows)

    def since(self, first_seq: int, *, limit: int) -> tuple[StoredReceipt, ...]:
        with self._database.reading() as db:
            rows = db.execute(
                f"{_RECEIPT} WHERE seq >= ? ORDER BY seq LIMIT ?", (first_seq, limit)
            ).fetchall()
        return tuple(StoredReceipt(seq, SignedReceipt(*rest)) for seq, *rest in rows)

    def note(self, commit: Commit) -> None:
        def write(db: Session) -> int:
            db.execute(_NOTE, (commit.first_seq, commit.count, commit.root, commit.transaction))
            return db.execute(_NOTE_BLOCK, (commit.first_seq, commit.block)).rowcount

        self._database.together(write)

    def forget_commits(self, first_seq: int) -> None:
        self._database.together(
            lambda db: db.execute("DELETE FROM commits WHERE first_seq >= ?", (first_seq,)).rowcount
        )

    def committed_until(self) -> int:
        with self._database.reading() as db:
            (until,) = db.execute("SELECT COALESCE(MAX(first_seq + count), 0) FROM commits").fetchone()
        return int(until)

    def commit_covering(self, seq: int) -> Commit | None:
        with self._database.reading() as db:
            row = db.execute(_COMMIT, (seq,)).fetchone()
        commit = Commit(*row) if row else None
        return commit if commit and seq < commit.first_seq + commit.count else None

    def close(self) -> None:
        """End the database as well, which is this keeper's alone."""
        self._database.close()


def _next_seq(db: Session) -> int:
    (last,) = db.execute("SELECT COALESCE(MAX(seq), -1) FROM receipts").fetchone()
    return int(last) + 1


def _file(
    db: Session,
    request: tuple[bytes, str | None],
    drafts: Sequence[Draft],
    sign: Callable[[Draft, int], SignedReceipt],
) -> tuple[Filed, ...]:
    digest, asked_as = request
    before: dict[int, dict[str, tuple[int, bytes]]] = {}
    for item, reason, seq, value in db.execute(_BEFORE, (digest,)):
        before.setdefault(item, {})[reason] = (seq, value)
    filed, seq = [], _next_seq(db)
    for asked in drafts:
        draft = asked
        known = before.setdefault(draft.item, {})
        bound = next((reason for reason in known if reason != PERMITTED and reason not in UNBOUND), None)
        if bound is not None:
            filed.append(Filed(draft.item, Decision.REFUSED, *known[bound]))
            continue
        if draft.decision is Decision.RELEASED and was_seen(db, draft.patient, draft.revocable):
            draft = draft.refused(KeeperReason.RevocationSeen)
        if draft.limit is not None and not _use(db, digest, draft.limit):
            draft = draft.refused(KeeperReason.UsesExhausted)
        elif draft.reason in known:
            filed.append(Filed(draft.item, draft.decision, *known[draft.reason]))
            continue
        signed = sign(draft, seq)
        row = (
            seq,
            digest,
            draft.item,
            draft.reason,
            draft.patient,
            signed.body,
            signed.signature,
            signed.value,
            asked_as,
        )
        db.execute(_INSERT, row)
        known[draft.reason] = (seq, signed.value)
        filed.append(Filed(draft.item, draft.decision, seq, signed.value))
        seq += 1
    return tuple(filed)


def _use(db: Session, digest: bytes, limit: UseLimit) -> bool:
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
