"""Where an author's own resources are (the OwnResources port), in its own book."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, text

from consentry.databases.connection import Connection
from consentry.databases.prepared import Change, Query
from consentry.index.author_tables import own_identifiers, own_resources
from consentry.index.database import Database
from consentry.ports.own_resources import KeptResource

# Made once: putting a statement together takes longer than running it.
_NO_IDENTIFIERS, _NO_RESOURCE = (
    Change(delete(table).where(table.c.key == bindparam("its_key")))
    for table in (own_identifiers, own_resources)
)
_IDENTIFIED, _RESOURCE = Change(insert(own_identifiers)), Change(insert(own_resources))
_OF_KEY = Query(select(own_resources).where(own_resources.c.key == bindparam("its_key")))


class SqlOwnResources:
    """On the database of an author's book (`SqlPublications.database`). Raises StoreUnreachable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_key(self, key: bytes) -> KeptResource | None:
        with self._database.read() as connection:
            row = connection.execute(_OF_KEY, {"its_key": key}).first()
        return None if row is None else _kept(row)

    def of_identifier(self, identifier: bytes, most: int) -> tuple[KeptResource, ...]:
        keys = select(own_identifiers.c.key).where(own_identifiers.c.identifier == identifier)
        query = select(own_resources).where(own_resources.c.key.in_(keys)).order_by(text("rowid DESC"))
        with self._database.read() as connection:
            return tuple(_kept(row) for row in connection.execute(query.limit(most)))


def keep_resources(connection: Connection, resources: Sequence[KeptResource]) -> None:
    """Within the caller's transaction."""
    if not resources:
        return
    keys = [{"its_key": one.key} for one in resources]
    connection.change(_NO_IDENTIFIERS, keys)
    connection.change(_NO_RESOURCE, keys)
    rows = [
        {"key": one.key, "record_id": one.record_id, "name": one.name, "sealed": one.sealed}
        for one in {one.key: one for one in resources}.values()
    ]
    connection.change(_RESOURCE, rows)
    named = {(identifier, one.key) for one in resources for identifier in one.identifiers}
    if named:
        found = [{"identifier": identifier, "key": key} for identifier, key in sorted(named)]
        connection.change(_IDENTIFIED, found)


def _kept(row: Row[Any]) -> KeptResource:
    return KeptResource(row.key, row.record_id, row.name, row.sealed)
