"""Where an author's own resources are (the OwnResources port), in its own book."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, select, text

from consentry.index.author_tables import own_identifiers, own_resources
from consentry.index.author_versions import AT_ONCE
from consentry.index.database import Database
from consentry.ports.own_resources import KeptResource


class SqlOwnResources:
    """On the database of an author's book (`SqlPublications.database`). Raises StoreUnreachable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, resources: Sequence[KeptResource]) -> None:
        with self._database.write() as connection:
            keys = [one.key for one in resources]
            for start in range(0, len(keys), AT_ONCE):
                part = keys[start : start + AT_ONCE]
                connection.execute(delete(own_identifiers).where(own_identifiers.c.key.in_(part)))
                connection.execute(delete(own_resources).where(own_resources.c.key.in_(part)))
            rows = [
                {"key": one.key, "record_id": one.record_id, "name": one.name, "sealed": one.sealed}
                for one in {one.key: one for one in resources}.values()
            ]
            if rows:
                connection.execute(insert(own_resources), rows)
            named = {(identifier, one.key) for one in resources for identifier in one.identifiers}
            if named:
                found = [{"identifier": identifier, "key": key} for identifier, key in sorted(named)]
                connection.execute(insert(own_identifiers), found)

    def of_key(self, key: bytes) -> KeptResource | None:
        with self._database.read() as connection:
            row = connection.execute(select(own_resources).where(own_resources.c.key == key)).first()
        return None if row is None else _kept(row)

    def of_identifier(self, identifier: bytes, most: int) -> tuple[KeptResource, ...]:
        keys = select(own_identifiers.c.key).where(own_identifiers.c.identifier == identifier)
        query = select(own_resources).where(own_resources.c.key.in_(keys)).order_by(text("rowid DESC"))
        with self._database.read() as connection:
            return tuple(_kept(row) for row in connection.execute(query.limit(most)))


def _kept(row: Row[Any]) -> KeptResource:
    return KeptResource(row.key, row.record_id, row.name, row.sealed)
