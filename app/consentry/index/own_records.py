"""What an author keeps of its own records, in its own book (the OwnRecords port)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, func, insert, select, update

from consentry.index.author_rows import new_row, sealing_rows, take
from consentry.index.author_tables import entry_sealings, own_records, publications, resealings
from consentry.index.database import Database
from consentry.ports.own_records import KeptRecord, OwnSummary
from consentry.ports.publications import Publication, State, Taken

_PUBLISHED = exists().where(
    publications.c.record_id == own_records.c.record_id, publications.c.state == State.ANCHORED
)


class SqlOwnRecords:
    """On the database of an author's book (`SqlPublications.database`). Raises StoreUnreachable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def summary(self, version: int) -> OwnSummary:
        older = own_records.c.committee_version < version
        counts = select(func.count().filter(older), func.count().filter(~older)).select_from(own_records)
        kept = exists().where(own_records.c.record_id == publications.c.record_id)
        lacking = select(func.count()).select_from(publications).where(~kept)
        with self._database.read() as connection:
            before, since = connection.execute(counts).one()
            return OwnSummary(before, since, connection.execute(lacking).scalar_one())

    def older_than(self, version: int, after: bytes, limit: int) -> tuple[KeptRecord, ...]:
        query = (
            select(own_records.c.record_id, own_records.c.committee_version, own_records.c.sealed)
            .where(own_records.c.committee_version < version, own_records.c.record_id > after, _PUBLISHED)
            .order_by(own_records.c.record_id)
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(KeptRecord(*row) for row in connection.execute(query))

    def store_resealed(self, version: int, fresh: Sequence[Publication], taken: Sequence[Taken]) -> None:
        if not fresh:
            return
        with self._database.write() as connection:
            take(connection, taken)
            rows = [new_row(one) | {"committee_version": version} for one in fresh]
            connection.execute(insert(resealings), rows)
            if sealings := sealing_rows(fresh):
                connection.execute(insert(entry_sealings), sealings)
            for one in fresh:
                newest = update(own_records).where(own_records.c.record_id == one.record_id)
                connection.execute(newest.values(committee_version=version))
