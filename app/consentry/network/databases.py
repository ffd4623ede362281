"""A database for each process of a network of one machine: a file beside its settings, or one of its own in a PostgreSQL."""

from __future__ import annotations

import hashlib
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

from consentry.databases.place import called, place_of
from consentry.errors import ConfigInvalid, DatabaseUnreachable

_PREFIX = "consentry_dev"


def database_of(process: str, file: Path, server: str) -> str:
    """The setting of a process, with an empty database: `file`, or one in the `server` of PostgreSQL (the URL of any database
    there, whose role may make others). What a former network in the same folder left there is dropped, as its files are.

    Raises ConfigInvalid, DatabaseUnreachable.
    """
    if not server:
        return str(file)
    url = place_of(server)
    if not isinstance(url, URL):
        raise ConfigInvalid("database: files are where the network is; name a postgresql://… instead")
    whose = hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:12]
    name = f"{_PREFIX}_{process.replace('-', '_')}_{whose}"
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(plain, autocommit=True, connect_timeout=10) as connection:
            for statement in (
                "DROP DATABASE IF EXISTS {} WITH (FORCE)",
                "CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0",
            ):
                connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
    except psycopg.Error as problem:
        raise DatabaseUnreachable(f"{called(url)}: {type(problem).__name__}") from None
    return url.set(database=name).render_as_string(hide_password=False)
