"""What was proven of a chain, on disk: logs of our contracts, how far all was checked, and blocks to find older ones by (H-79).

One SQLite file. Logs and the checkpoint up to which they are whole are written in one transaction, so that a process that dies
goes on where it was and never misses one in between.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from threading import Lock
from typing import Final

from consentry.errors import ChainWrong, StoreUnreachable
from consentry.light.checkpoint import Checkpoint
from consentry.light.receipts import ProvenLog

MARK_EVERY: Final = 512
"""Blocks from one whose hash is kept to the next: one between them is found by as many headers at most."""

_BEGUN_ANEW: Final = "the book of proven logs was begun anew by another process: start again"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS logs (
    block INTEGER NOT NULL, place INTEGER NOT NULL, block_hash BLOB NOT NULL, tx BLOB NOT NULL, address BLOB NOT NULL,
    topics BLOB NOT NULL, data BLOB NOT NULL, PRIMARY KEY (block, place)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS logs_by_address ON logs (address, block);
CREATE INDEX IF NOT EXISTS logs_by_tx ON logs (tx);
CREATE TABLE IF NOT EXISTS marks (number INTEGER PRIMARY KEY, hash BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS progress (
    one INTEGER PRIMARY KEY CHECK (one = 1), chain BLOB NOT NULL, checkpoint TEXT NOT NULL, lowest INTEGER NOT NULL,
    before BLOB NOT NULL, contracts BLOB NOT NULL, begun BLOB NOT NULL);
"""


@dataclass(frozen=True)
class Noted:
    """A log and where it is: block, its hash, and the transaction's hash."""

    block: int
    block_hash: bytes
    transaction: bytes
    log: ProvenLog


@dataclass(frozen=True)
class Span:
    """All is known from block `lowest` to the checkpoint's; `before` is the hash of the block before the lowest."""

    lowest: int
    before: bytes
    checkpoint: Checkpoint


class Book:
    """Of the chain with the first block `genesis`, and of the logs of `contracts` (a digest). Thread-safe.

    It is begun anew where it was of other contracts, or `start` is no older than its own checkpoint and another one: at whichever
    of the two is later, so that nobody is led back to validators whose keys were retired since.

    Raises ChainWrong for a book of another chain, StoreUnreachable for one that cannot be written; so do the others, ChainWrong
    where somebody else has begun it anew since: how far it was whole before says nothing any more.
    """

    def __init__(self, path: Path, genesis: bytes, contracts: bytes, start: Checkpoint) -> None:
        self._lock = Lock()
        try:
            path.touch(mode=0o600)
            self._connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
            self._connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + _SCHEMA)
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._begun = self._begin(genesis, contracts, start)
        except (OSError, sqlite3.Error) as problem:
            raise StoreUnreachable(f"the book of proven logs cannot be opened: {problem}") from None

    def _begin(self, genesis: bytes, contracts: bytes, start: Checkpoint) -> bytes:
        """What tells this beginning from others."""
        named = {name for _, name, *_ in self._connection.execute("PRAGMA table_info(progress)")}
        for missing in {"contracts", "begun"} - named:  # in books of before
            self._connection.execute(f"ALTER TABLE progress ADD COLUMN {missing} BLOB NOT NULL DEFAULT x''")
        kept = self._connection.execute("SELECT chain, checkpoint, contracts, begun FROM progress").fetchone()
        if kept is not None:
            chain, told, of, begun = kept
            if chain != genesis:
                raise ChainWrong("the book of proven logs is of another chain")
            own = Checkpoint.from_json(json.loads(told))
            handed_out = start.number >= own.number and start != own
            if of == contracts and not handed_out:
                return bytes(begun)
            start = start if handed_out else own
        for table in ("logs", "marks", "progress"):
            self._connection.execute(f"DELETE FROM {table}")
        begun = token_bytes(16)
        row = (genesis, json.dumps(start.to_json()), start.number + 1, start.block, contracts, begun)
        columns = "one, chain, checkpoint, lowest, before, contracts, begun"
        self._connection.execute(f"INSERT INTO progress ({columns}) VALUES (1, ?, ?, ?, ?, ?, ?)", row)
        return begun

    def close(self) -> None:
        self._connection.close()

    def span(self) -> Span:
        query = "SELECT checkpoint, lowest, before FROM progress WHERE begun = ?"
        rows = self._rows(query, self._begun)
        if not rows:
            raise ChainWrong(_BEGUN_ANEW)
        ((checkpoint, lowest, before),) = rows
        return Span(lowest, before, Checkpoint.from_json(json.loads(checkpoint)))

    def extend(
        self, noted: Sequence[Noted], marks: Sequence[tuple[int, bytes]], checkpoint: Checkpoint
    ) -> None:
        """Up to the checkpoint's block all is known now."""
        self._write(noted, marks, "UPDATE progress SET checkpoint = ?", (json.dumps(checkpoint.to_json()),))

    def extend_back(
        self, noted: Sequence[Noted], marks: Sequence[tuple[int, bytes]], lowest: int, before: bytes
    ) -> None:
        """Down to block `lowest` all is known now."""
        self._write(noted, marks, "UPDATE progress SET lowest = ?, before = ?", (lowest, before))

    def logs(self, address: bytes, first: int, last: int) -> Iterator[Noted]:
        """One contract's of these blocks, in order."""
        where = "WHERE address = ? AND block BETWEEN ? AND ? ORDER BY block, place"
        columns = "block, block_hash, tx, place, address, topics, data"
        for block, block_hash, tx, place, at, topics, data in self._rows(
            f"SELECT {columns} FROM logs {where}", address, first, last
        ):
            words = tuple(topics[start : start + 32] for start in range(0, len(topics), 32))
            yield Noted(block, block_hash, tx, ProvenLog(place, at, words, data))

    def block_of(self, transaction: bytes) -> int | None:
        """Of a transaction that left a log of ours."""
        rows = self._rows("SELECT block FROM logs WHERE tx = ? LIMIT 1", transaction)
        return rows[0][0] if rows else None

    def mark_from(self, number: int) -> tuple[int, bytes] | None:
        """The first block from this one on whose hash is kept."""
        rows = self._rows("SELECT number, hash FROM marks WHERE number >= ? ORDER BY number LIMIT 1", number)
        return rows[0] if rows else None

    def _rows(self, query: str, *values: object) -> list[tuple]:
        with self._lock:
            try:
                with closing(self._connection.execute(query, values)) as cursor:
                    return cursor.fetchall()
            except sqlite3.Error as problem:
                raise StoreUnreachable(f"the book of proven logs cannot be read: {problem}") from None

    def _write(
        self,
        noted: Sequence[Noted],
        marks: Sequence[tuple[int, bytes]],
        progress: str,
        values: tuple[object, ...],
    ) -> None:
        rows = [
            (
                one.block,
                one.log.place,
                one.block_hash,
                one.transaction,
                one.log.address,
                b"".join(one.log.topics),
                one.log.data,
            )
            for one in noted
        ]
        with self._lock:
            try:
                with self._connection:
                    self._connection.executemany(
                        "INSERT OR REPLACE INTO logs VALUES (?, ?, ?, ?, ?, ?, ?)", rows
                    )
                    self._connection.executemany("INSERT OR REPLACE INTO marks VALUES (?, ?)", marks)
                    where = " WHERE begun = ?"
                    if not self._connection.execute(progress + where, (*values, self._begun)).rowcount:
                        raise ChainWrong(_BEGUN_ANEW)
            except sqlite3.Error as problem:
                raise StoreUnreachable(f"the book of proven logs cannot be written: {problem}") from None
