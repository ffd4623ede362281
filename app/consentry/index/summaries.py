"""What an author keeps for emergency summaries, in its own book (the Summaries port)."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from consentry.index.author_tables import summaries
from consentry.index.database import Database
from consentry.ports.summaries import KeptSummary


class SqlSummaries:
    """On the database of an author's book (`SqlPublications.database`). Raises StoreUnreachable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, patient_key: bytes) -> KeptSummary:
        query = select(summaries.c.sealed, summaries.c.with_sensitive)
        with self._database.read() as connection:
            row = connection.execute(query.where(summaries.c.patient_key == patient_key)).first()
        return KeptSummary() if row is None else KeptSummary(row.sealed, row.with_sensitive)

    def keep(self, patient_key: bytes, kept: KeptSummary) -> None:
        with self._database.write() as connection:
            connection.execute(delete(summaries).where(summaries.c.patient_key == patient_key))
            connection.execute(insert(summaries).values(patient_key=patient_key, **vars(kept)))
