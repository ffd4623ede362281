"""A database of PostgreSQL as a stream of bytes, and back into an empty one, by PostgreSQL's own tools (specification U-7, U-8).

A dump is SQL that the server carries out: it is loaded only from whom one trusts. Passwords reach the tools by their environment,
neither by their command line nor by a file. What the tools say is dropped, for it may quote rows; the server's log has it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, Connection, Select, text
from sqlalchemy.exc import SQLAlchemyError

from consentry.databases import claims
from consentry.databases.engine import LINE, engine_of, reading
from consentry.databases.place import called
from consentry.errors import (
    BackupInvalid,
    DatabaseToolMissing,
    DatabaseUncopied,
    DatabaseUnreachable,
)

PIECE_BYTES: Final = 1 << 20
DUMP, RESTORE = "pg_dump", "pg_restore"
_LOCK_MILLISECONDS = 10_000
_BEGIN_SECONDS, _LOOK_AGAIN_SECONDS = 60, 0.02
_VERSION = text("SELECT current_setting('server_version_num')::int / 10000")
_SCHEMA = text("SELECT '\"' || replace(current_schema(), '\"', '\"\"') || '\"'")
_SEQUENCES = text(
    "SELECT s.relname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')"
    " JOIN pg_class t ON t.oid = d.refobjid WHERE s.relkind = 'S' AND t.relname = ANY(:tables)"
)
"""Of tables that are left out: they would be made without them."""


def dump(url: URL, leave_out: Sequence[str]) -> Iterator[bytes]:
    """All of it, functions and triggers too, but for the tables `leave_out`, as it is when the first piece is asked for.

    Raises DatabaseToolMissing, DatabaseUnreachable, DatabaseUncopied.
    """
    with _connected(url) as connection:
        tool = _tool(DUMP, connection)
        schema = connection.execute(_SCHEMA).scalar_one()
        without = [
            claims.NOTE,
            *leave_out,
            *connection.execute(_SEQUENCES, {"tables": [*leave_out]}).scalars(),
        ]
    choice = [f"--exclude-table={schema}.{one}" for one in without]
    wait = f"--lock-wait-timeout={_LOCK_MILLISECONDS}"
    with _running(url, tool, "--format=custom", wait, *choice, stdout=subprocess.PIPE) as process:
        while piece := _pipe(process.stdout).read(PIECE_BYTES):
            yield piece
        if process.wait() != 0:
            raise DatabaseUncopied(f"{DUMP} of {called(url)} ended with {process.returncode}")


def asked(url: URL, query: Select[Any]) -> Any:
    """The one value that it answers. Raises DatabaseUnreachable."""
    with _connected(url) as connection:
        return connection.execute(query).scalar_one()


def require_loadable(url: URL) -> None:
    """Empty, or what a restore left that died. Raises DatabaseTaken, DatabaseToolMissing, DatabaseUnreachable."""
    with _connected(url) as connection:
        _tool(RESTORE, connection)
        claims.require_claimable(connection, url)


def load(url: URL, pieces: Iterable[bytes], digest: bytes, begun: Callable[[], bool]) -> None:
    """In one transaction, all or nothing. `digest`: SHA-256 of all pieces, whose last one is held back until they have it.
    `begun` is asked until it has seen that transaction, which cannot end before.

    Raises BackupInvalid, DatabaseToolMissing, DatabaseUnreachable, DatabaseUncopied, and whatever `pieces` raises.
    """
    with _connected(url) as connection:
        tool = _tool(RESTORE, connection)
    options = ("--single-transaction", "--exit-on-error")
    with _running(url, tool, *options, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        held, seen, whole = b"", sha256(), False
        with suppress(BrokenPipeError):  # it has ended already
            for piece in pieces:
                _pipe(process.stdin).write(held)
                held = piece
                seen.update(piece)
            if seen.digest() != digest:
                raise BackupInvalid("it was changed while it was read")
            # A dump ends with the rows of its last table: by then all tables are made, and more is to come.
            _pipe(process.stdin).write(held[:-1])
            _pipe(process.stdin).flush()
            whole = _until(begun, process)
            _pipe(process.stdin).write(held[-1:] if whole else b"")
            _pipe(process.stdin).close()
        if process.wait() != 0 or not whole:
            raise DatabaseUncopied(f"{RESTORE} into {called(url)} ended with {process.returncode}")


def _until(begun: Callable[[], bool], process: subprocess.Popen[bytes]) -> bool:
    """Whether it was, before the process ended or time was up."""
    deadline = time.monotonic() + _BEGIN_SECONDS
    while not begun():
        if process.poll() is not None or time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_AGAIN_SECONDS)
    return True


@contextmanager
def _running(
    url: URL, tool: str, *options: str, stdin: int = subprocess.DEVNULL, stdout: int
) -> Iterator[subprocess.Popen[bytes]]:
    """Killed, if it has not ended, before its pipes are closed: it never takes an end of ours for its own."""
    conninfo, environment = _line(url, tool)
    command = [tool, "--no-owner", "--no-privileges", "--no-password", *options, f"--dbname={conninfo}"]
    try:
        process = subprocess.Popen(
            command, stdin=stdin, stdout=stdout, stderr=subprocess.DEVNULL, env=environment
        )
    except OSError as problem:
        raise DatabaseToolMissing(f"{tool}: {problem.strerror}") from None
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def _line(url: URL, tool: str) -> tuple[str, dict[str, str]]:
    """Where libpq connects, without secrets, and the environment with them."""
    _, found = url.get_dialect()().create_connect_args(url)
    password = found.pop("password", None)
    if "sslpassword" in found:
        raise DatabaseUncopied("the password of a client's key (sslpassword) cannot be handed to its tools")
    environment = os.environ if password is None else os.environ | {"PGPASSWORD": str(password)}
    line: dict[str, Any] = {**LINE, **found, "application_name": f"consentry {Path(tool).name}"}
    return make_conninfo(**line), dict(environment)


def _tool(name: str, connection: Connection) -> str:
    """Its path. Raises DatabaseToolMissing where there is none, or one older than the server."""
    server = int(connection.execute(_VERSION).scalar_one())
    path = shutil.which(name)
    if path is None:
        raise DatabaseToolMissing(f"{name} is not installed; the server is PostgreSQL {server}")
    try:
        told = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=30, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        raise DatabaseToolMissing(f"{name} does not say its version") from None
    found = re.search(r"\s(\d+)[.\w]*", told)
    if found is None or int(found.group(1)) < server:
        raise DatabaseToolMissing(f"{told.strip()} is older than the server, PostgreSQL {server}")
    return path


@contextmanager
def _connected(url: URL) -> Iterator[Connection]:
    engine = engine_of(url, durable=True)
    try:
        with reading(engine).connect() as connection, connection.begin():
            yield connection
    except (SQLAlchemyError, psycopg.Error) as problem:
        cause = type(getattr(problem, "orig", None) or problem).__name__
        raise DatabaseUnreachable(f"the database {called(url)} failed: {cause}") from None
    finally:
        engine.dispose()
