"""Work that only one process does at a time, beside the transactions that it makes meanwhile.

In SQLite a lock on a file beside the database; in PostgreSQL an advisory one, held by a transaction that does nothing else: it
ends with the connection, whoever ends that (specification H-19).
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from consentry.databases.engine import beginning, lock_of
from consentry.databases.place import Place, called
from consentry.errors import DatabaseUnreachable

_LOOK_AGAIN_SECONDS = 0.02


class Busy(DatabaseUnreachable):
    """Somebody else does the work still."""


@contextmanager
def alone(engine: Engine, place: Place, here: Lock, name: str, seconds: float) -> Iterator[None]:
    """`here`: of the threads of this process, which wait in turn. Raises Busy, DatabaseUnreachable."""
    deadline = time.monotonic() + seconds
    if not here.acquire(timeout=seconds):
        raise Busy
    try:
        left = max(deadline - time.monotonic(), 0.001)
        held = (
            _by_file(place, name, left) if isinstance(place, Path) else _by_advice(engine, place, name, left)
        )
        with held:
            yield
    finally:
        here.release()


@contextmanager
def _by_file(path: Path, name: str, seconds: float) -> Iterator[None]:
    deadline = time.monotonic() + seconds
    with path.with_name(f"{path.name}.{name.rpartition('/')[2]}").open("ab") as held:
        while not _locked(held.fileno()):
            if time.monotonic() > deadline:
                raise Busy
            time.sleep(_LOOK_AGAIN_SECONDS)
        yield  # closing the file ends the lock, and so does the end of this process


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _by_advice(engine: Engine, place: Place, name: str, seconds: float) -> Iterator[None]:
    bounded = f"SET LOCAL lock_timeout = {max(int(seconds * 1000), 1)}"
    holding = beginning(engine, "BEGIN", bounded, lock_of(name))
    try:
        connection = holding.connect()
    except (SQLAlchemyError, psycopg.Error):
        raise DatabaseUnreachable(f"the database {called(place)} does not answer") from None
    with connection:
        try:
            transaction = connection.begin()
        except DBAPIError as problem:
            if isinstance(problem.orig, psycopg.errors.LockNotAvailable):
                raise Busy from None
            raise DatabaseUnreachable(f"the database {called(place)} does not answer") from None
        try:
            yield
        finally:
            try:
                transaction.rollback()
            except DBAPIError:
                connection.invalidate()  # it is gone, and the lock with it; what was done has its own transactions
