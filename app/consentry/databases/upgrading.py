"""Migrations, carried out by Alembic on a connection of ours: all of them in the one transaction that the caller has begun."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from consentry.databases.schema import Schema, note
from consentry.errors import DatabaseForeign

_MIGRATIONS = Path(__file__).with_name("migrations")


def scripts(schema: Schema) -> ScriptDirectory:
    """The migrations of this schema."""
    return ScriptDirectory.from_config(_config(schema))


def require_known(schema: Schema, revision: str) -> None:
    """Raises DatabaseForeign for a revision that no migration here has."""
    try:
        scripts(schema).get_revision(revision)
    except CommandError:
        told = f"it was written by a newer version of Consentry ({schema.name} {revision})"
        raise DatabaseForeign(told) from None


def upgrade(connection: Connection, schema: Schema, revision: str | None, to: str = "head") -> None:
    """From the revision that was found (None: from nothing). Raises DatabaseForeign for one that nobody here knows."""
    if revision is not None:
        require_known(schema, revision)
        note(connection, schema, revision)
    config = _config(schema)
    config.attributes["connection"] = connection
    config.attributes["schema"] = schema
    command.upgrade(config, to)


def _config(schema: Schema) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("version_locations", str(_MIGRATIONS / schema.name))
    config.set_main_option("path_separator", "newline")
    return config
