"""Migrations: from nothing, and from what each release left, to the tables of the models, on both databases (H-18)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from consentry.databases import upgrading
from consentry.databases.columns import ARRIVAL
from consentry.databases.engine import engine_of, writing
from consentry.databases.place import Place
from consentry.databases.schema import Schema, Standing, bring_up, find
from consentry.errors import DatabaseForeign
from consentry.index.author import SqlPublications
from consentry.index.gateway_store import GatewayStore
from consentry.index.schemas import AUTHOR, BEFORE, DESK, INDEX, SENDINGS
from consentry.keeper.tables import KEEPER
from tests.app.keeper.test_keeper_store import opened

SCHEMAS = (INDEX, AUTHOR, DESK, KEEPER, SENDINGS)
each = pytest.mark.parametrize("schema", SCHEMAS, ids=lambda one: one.name)
released = pytest.mark.parametrize("schema", SCHEMAS[:-1], ids=lambda one: one.name)


@contextmanager
def writing_to(place: Place, schema: Schema) -> Iterator[Connection]:
    engine = engine_of(place, durable=True)
    with writing(engine, schema.name).connect() as connection, connection.begin():
        yield connection
    engine.dispose()


def differences(connection: Connection, schema: Schema) -> list[Any]:
    """Between the tables that are there and the models."""

    def ours(one: Any, name: str | None, kind: str, *_rest: Any) -> bool:
        if kind == "column" and name == ARRIVAL and connection.dialect.name == "sqlite":
            return False  # every table has it there, and none names it
        table = name if kind == "table" else one.table.name
        return table in schema.metadata.tables

    options: dict[str, Any] = {"compare_type": True, "include_object": ours}
    if connection.dialect.name != "sqlite":  # of which Alembic takes an empty text for another one
        options["compare_server_default"] = True
    found = compare_metadata(MigrationContext.configure(connection, opts=options), schema.metadata)
    return [one for one in found if not _is_of_a_key(one, schema)]


def _is_of_a_key(found: Any, schema: Schema) -> bool:
    """SQLite says of a key that numbers its rows that it may be NULL, which it never is."""
    changes = found if isinstance(found, list) else [found]
    return all(
        one[0] == "modify_nullable" and schema.metadata.tables[one[2]].c[one[3]].primary_key
        for one in changes
    )


def triggers(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname || ' ' || prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal"
    return set(connection.execute(text(query)).scalars())


@each
def test_head_is_the_newest_migration(schema: Schema) -> None:
    """H-18: one line of them, from the first release on."""
    scripts = upgrading.scripts(schema)
    assert scripts.get_heads() == [schema.head] and scripts.get_bases() == [BEFORE]


@each
def test_migrations_from_nothing_make_what_the_models_say(place: Place, schema: Schema) -> None:
    """H-18: and so does a new database, which is made without them."""
    with writing_to(place, schema) as connection:
        upgrading.upgrade(connection, schema, None)
        assert differences(connection, schema) == []
        assert find(connection, schema).standing is Standing.CURRENT
        migrated = triggers(connection)
        schema.metadata.drop_all(connection)
        connection.execute(text(f"DROP TABLE {schema.notes}"))
        assert bring_up(connection, schema).standing is Standing.EMPTY
        assert differences(connection, schema) == []
        assert triggers(connection) == migrated
        assert find(connection, schema).standing is Standing.CURRENT


@released
def test_a_database_of_the_first_release_is_upgraded_when_it_is_opened(place: Place, schema: Schema) -> None:
    """H-18: with what it holds, unless that is filled again from elsewhere."""
    with writing_to(place, schema) as connection:
        upgrading.upgrade(connection, schema, None, BEFORE)
        if place_is_file := isinstance(place, Path):  # which noted no revision
            connection.execute(text(f"DROP TABLE {schema.notes}"))
            connection.exec_driver_sql(
                f"PRAGMA user_version = {min(schema.unnoted) if schema is not INDEX else 2}"
            )
        connection.execute(text(ROWS[schema.name]))
    with writing_to(place, schema) as connection:
        found = bring_up(connection, schema)
        assert found.standing is Standing.OLDER and found.revision == BEFORE, place_is_file
        assert differences(connection, schema) == []
        table = ROWS[schema.name].split()[2]
        kept = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()
        assert kept == (0 if schema is INDEX else 1)
    with writing_to(place, schema) as connection:
        assert bring_up(connection, schema).standing is Standing.CURRENT


ROWS = {
    "index": "INSERT INTO checkpoints (block, hash) VALUES (1, 'h')",
    "author": "INSERT INTO channels (channel_id, lineage, next_position) VALUES ('c', 0, 7)",
    "keeper": "INSERT INTO commits (first_seq, count, root, tx) VALUES (0, 7, 'r', 't')",
    "desk": "INSERT INTO episodes (ref, department, until, noted_at, noted_by) VALUES ('r', 'd', 1, 1, 'n')",
}


def test_a_file_from_between_releases_gets_what_it_lacks(tmp_path: Path) -> None:
    """H-18: such files have some tables of the second revision already."""
    path = tmp_path / "gateway.sqlite"
    with writing_to(path, DESK) as connection:
        DESK.metadata.create_all(connection)
        for gone in ("petitions", "audit_keys", "links"):
            connection.execute(text(f"DROP TABLE {gone}"))
        connection.execute(text("CREATE TABLE links (id INTEGER PRIMARY KEY)"))
        connection.exec_driver_sql("PRAGMA user_version = 1")
    desk = GatewayStore(path)
    with desk.database.read() as connection:
        assert {"petitions", "audit_keys"} <= set(inspect(connection.whole).get_table_names())
        assert "audit_keys_kept" in triggers(connection.whole)


def test_a_database_of_a_newer_version_is_left_as_it_is(place: Place) -> None:
    """H-18: whatever that version wrote there."""
    SqlPublications(place).database.close()
    with writing_to(place, AUTHOR) as connection:
        connection.execute(text("UPDATE schema_author SET version_num = '9999'"))
    with pytest.raises(DatabaseForeign, match="newer version.*9999"):
        SqlPublications(place)


def test_books_that_share_a_database_are_opened_in_any_order(place: Place) -> None:
    """H-18: as a gateway's desk and its author's book do."""
    for made in (SqlPublications, GatewayStore, GatewayStore, SqlPublications):
        made(place).database.close()
    with writing_to(place, DESK) as connection:
        assert [differences(connection, one) for one in (AUTHOR, DESK)] == [[], []]


def test_a_keepers_file_of_the_first_release_opens(tmp_path: Path) -> None:
    """H-18: as that release made it, by statements of its own."""
    path = tmp_path / "receipts.sqlite"
    with closing(sqlite3.connect(path)) as file:
        file.executescript(KEEPER_0_1_0)
        file.execute("INSERT INTO receipts VALUES (0, x'aa', 0, 'Permitted', 'p', x'', x'', x'bb')")
        file.commit()
    book = opened(path)
    assert book.next_seq() == 1 and book.committed_until() == 0
    book.close()
    with writing_to(path, KEEPER) as connection:
        assert differences(connection, KEEPER) == []


KEEPER_0_1_0 = """
CREATE TABLE owner (keeper TEXT NOT NULL, chain_id INTEGER NOT NULL, audit_log TEXT NOT NULL);
CREATE TABLE receipts (
    seq INTEGER PRIMARY KEY, request_digest BLOB NOT NULL, item INTEGER NOT NULL, reason TEXT NOT NULL,
    patient TEXT NOT NULL, body BLOB NOT NULL, signature BLOB NOT NULL, value BLOB NOT NULL,
    UNIQUE (request_digest, item, reason));
CREATE INDEX receipts_by_patient ON receipts (patient, seq);
CREATE TABLE uses (
    consent_id BLOB NOT NULL, request_digest BLOB NOT NULL, record_id BLOB NOT NULL,
    PRIMARY KEY (consent_id, request_digest, record_id)) WITHOUT ROWID;
CREATE TABLE commits (
    first_seq INTEGER PRIMARY KEY, count INTEGER NOT NULL, root BLOB NOT NULL, tx BLOB NOT NULL);
"""
