"""`consentry database`: the tables of a gateway's or keeper's databases, whatever engine has them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from consentry.cli.command import Group
from consentry.cli.settings import Settings, pass_settings
from consentry.errors import DatabaseOutdated

if TYPE_CHECKING:
    from consentry.bootstrap.databases import Told

_CONFIG = click.option(
    "--config", metavar="FILE", required=True, help="The settings of the gateway or keeper, a JSON file."
)


@click.group(cls=Group)
def database() -> None:
    """Tables, and how new they are.

    Gateways and keepers upgrade what they open, if their role may: these commands do it before, and look without changing
    anything. docs/postgresql.md says what else PostgreSQL needs.
    """


@database.command("check", example="consentry database check --config gateway.json")
@_CONFIG
@pass_settings
def check_(settings: Settings, config: str) -> None:
    """How the tables stand: current, older or empty.

    Changes nothing. Older ones end it with `database-outdated`, those of a newer version with `database-foreign`.
    """
    from consentry.bootstrap import databases  # Alembic takes its time to import
    from consentry.bootstrap.backup import read_config

    found = databases.check(read_config(Path(config)))
    older = [one.book.schema.name for one in found if one.found.standing.value == "older"]
    if older:
        raise DatabaseOutdated(f"older than this version: {', '.join(older)}")
    _tell(settings, found)


@database.command("upgrade", example="consentry database upgrade --config gateway.json")
@_CONFIG
@pass_settings
def upgrade_(settings: Settings, config: str) -> None:
    """Make or upgrade the tables.

    Each book's in one transaction, with what it holds; an index is filled anew by its gateway. Make a back-up first: there is no
    way back but that. With PostgreSQL the settings, or PGUSER, name a role that may make tables.
    """
    from consentry.bootstrap import databases
    from consentry.bootstrap.backup import read_config

    _tell(settings, databases.upgrade(read_config(Path(config))))


def _tell(settings: Settings, found: Sequence[Told]) -> None:
    value = [
        {
            "book": one.book.schema.name,
            "database": one.book.database,
            "found": one.found.standing.value,
            "revision": one.found.revision,
            "newest": one.book.schema.head,
        }
        for one in found
    ]
    rows = [tuple(one.values()) for one in value]
    settings.output.result(
        value, lambda: settings.output.table(("book", "database", "found", "revision", "newest"), rows)
    )
