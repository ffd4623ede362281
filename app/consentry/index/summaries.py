"""What an author keeps for emergency summaries, in its own book (the Summaries port)."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select

from consentry.databases.connection import Connection
from consentry.databases.prepared import Change, Query
from consentry.index.author_tables import summaries
from consentry.index.database import Database
from consentry.ports.summaries import KeptSummary

_MINE = summaries.c.patient_key == bindparam("whose")
_OF_PATIENT = Query(select(summaries.c.sealed, summaries.c.with_sensitive).where(_MINE))
_NONE_OF_PATIENT, _KEPT = Change(delete(summaries).where(_MINE)), Change(insert(summaries))


class SqlSummaries:
    """On the database of an author's book (`SqlPublications.database`). Raises StoreUnreachable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, patient_key: bytes) -> KeptSummary:
        with self._database.read() as connection:
            row = connection.execute(_OF_PATIENT, {"whose": patient_key}).first()
        return KeptSummary() if row is None else KeptSummary(row.sealed, row.with_sensitive)

    def keep(self, patient_key: bytes, kept: KeptSummary) -> None:
        with self._database.write() as connection:
            keep_summary(connection, patient_key, kept)


def keep_summary(connection: Connection, patient_key: bytes, kept: KeptSummary) -> None:
    """Within the caller's transaction."""
    connection.change(_NONE_OF_PATIENT, {"whose": patient_key})
    connection.change(_KEPT, {"patient_key": patient_key, **vars(kept)})
