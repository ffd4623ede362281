"""A real PostgreSQL for tests: Debian's where it is installed, else the one that pgserver brings. It is never root's."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL

from consentry.databases.place import Place
from tests.waiting import until

_USERS = ("postgres", "nobody")


def binaries() -> Path:
    """The folder of `postgres` and `initdb`."""
    for name in ("postgres", "initdb"):
        found = shutil.which(name)
        if found is None:
            break
    else:
        return Path(found).resolve().parent
    import pgserver  # where there is none but the one of the environment

    return Path(pgserver.__file__).parent / "pginstall" / "bin"


class Postgres:
    """One server in a folder of its own, reached by a socket in it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._data, self._bin = folder, folder / "data", binaries()
        self._user = _other_user()
        if self._user:
            shutil.chown(folder, self._user)
        self._run(
            "initdb", "-D", str(self._data), "-U", "consentry", "-A", "trust", "-E", "UTF8", "--no-sync"
        )
        self._server: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        options = ("-k", str(self.folder), "-c", "listen_addresses=", "-c", "max_connections=200")
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._bin / "postgres", "-D", self._data, *options],
                stdout=log,
                stderr=log,
                **self._as_whom(),
            )
        until(self._answers, "PostgreSQL answers")

    def kill(self) -> None:
        """The postmaster and what it started, as a power cut would: `kill -9`, and no word to anybody."""
        assert self._server is not None
        children = [
            int(one.parent.name)
            for one in Path("/proc").glob("[0-9]*/stat")
            if _parent_of(one) == self._server.pid
        ]
        for process in (self._server.pid, *children):
            with contextlib.suppress(ProcessLookupError):  # one that ended by itself meanwhile
                os.kill(process, signal.SIGKILL)
        self._server.wait(30)

    def stop(self) -> None:
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(signal.SIGQUIT)  # without writing out what is thrown away
            self._server.wait(60)

    def database(self) -> URL:
        """A new, empty one."""
        name = f"t{secrets.token_hex(6)}"
        self.say(f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, name: str) -> URL:
        return URL.create("postgresql+psycopg", "consentry", database=name, query={"host": str(self.folder)})

    def say(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        with self.connect(database) as connection:
            found = connection.execute(statement)
            return found.fetchall() if found.description else []

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self.folder), user="consentry", dbname=database, autocommit=True, connect_timeout=10
        )

    def _answers(self) -> bool:
        assert self._server is not None and self._server.poll() is None, (self.folder / "log").read_text()
        try:
            self.say("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, *command: str) -> None:
        program, *rest = command
        subprocess.run([self._bin / program, *rest], check=True, capture_output=True, **self._as_whom())

    def _as_whom(self) -> dict[str, Any]:
        ours = {"cwd": self.folder, "env": {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}}
        return ours | ({"user": self._user, "extra_groups": []} if self._user else {})


@contextmanager
def running() -> Iterator[Postgres]:
    """A short folder: a socket's path has 107 bytes at most."""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        server = Postgres(Path(folder))
        try:
            yield server
        finally:
            server.stop()


def setting(place: Place) -> str:
    """As a file of settings names it."""
    return str(place) if isinstance(place, Path) else place.render_as_string(hide_password=False)


def _other_user() -> str | None:
    """Whom a server that root starts runs as."""
    if os.geteuid() != 0:
        return None
    known = {one.pw_name for one in pwd.getpwall()}
    return next(name for name in _USERS if name in known)


def _parent_of(status: Path) -> int | None:
    try:
        return int(status.read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None  # it has ended meanwhile
