"""Tables of an author's documents and their versions (the Versions port, specification D-13 to D-15)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, text, update

from consentry.domain.retraction import Why
from consentry.index.author_tables import retractions, version_documents, version_names, versions, waiting
from consentry.index.database import Database
from consentry.ports.versions import UNNAMED, Changes, Noted, Retraction, Standing, Version

AT_ONCE = 400
_IN_ORDER = text("rowid")


class SqlVersions:
    """The Versions port on the author's database. Raises StoreUnreachable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_contents(self, contents: Sequence[bytes]) -> dict[bytes, Version]:
        found: dict[bytes, Version] = {}
        with self._database.read() as connection:
            for part in _parts(contents):
                for one in _read(connection, select(versions).where(versions.c.content.in_(part))):
                    known = found.get(one.content)
                    if known is None or known.standing is not Standing.CURRENT:
                        found[one.content] = one
        return found

    def of_records(self, record_ids: Sequence[bytes]) -> dict[bytes, Version]:
        found: dict[bytes, Version] = {}
        with self._database.read() as connection:
            for part in _parts(record_ids):
                for one in _read(connection, select(versions).where(versions.c.record_id.in_(part))):
                    found[one.record_id] = one
        return found

    def related(self, document: bytes, names: Sequence[bytes]) -> tuple[Version, ...]:
        ids: set[bytes] = set()
        with self._database.read() as connection:
            if document != UNNAMED:
                parts_of_it = select(version_documents.c.record_id).where(
                    version_documents.c.document == document
                )
                ids |= set(connection.execute(parts_of_it).scalars())
            for part in _parts(names):
                holders = select(version_names.c.record_id).where(version_names.c.name.in_(part)).distinct()
                ids |= set(connection.execute(holders).scalars())
        found = self.of_records(sorted(ids))
        return tuple(one for one in found.values() if one.standing is Standing.CURRENT)

    def note(self, changes: Changes) -> None:
        with self._database.write() as connection:
            note(connection, changes)

    def retracting(self) -> tuple[bytes, ...]:
        query = select(versions.c.record_id).where(versions.c.standing == Standing.RETRACTING)
        with self._database.read() as connection:
            return tuple(connection.execute(query.order_by(_IN_ORDER)).scalars())

    def retractions(self, before: int | None, limit: int) -> tuple[Retraction, ...]:
        query = select(retractions).order_by(retractions.c.number.desc()).limit(limit)
        return self._retractions(query if before is None else query.where(retractions.c.number < before))

    def retraction_of(self, record_id: bytes) -> Retraction | None:
        query = select(retractions).where(retractions.c.record_id == record_id)
        return next(iter(self._retractions(query)), None)

    def _retractions(self, query: Select[Any]) -> tuple[Retraction, ...]:
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Retraction(row.number, row.record_id, Noted(row.by, row.at, Why(row.why))) for row in rows
        )


def note(connection: Connection, changes: Changes) -> None:
    """Within the caller's transaction."""
    for one in changes.created:
        row = {
            "record_id": one.record_id,
            "content": one.content,
            "place": one.place,
            "department": one.department,
            "version": one.version,
            "replaces": one.replaces,
            "standing": one.standing,
            "replaced_by": one.replaced_by,
        }
        connection.execute(insert(versions).values(row))
        if one.names:
            rows = [{"name": name, "record_id": one.record_id} for name in sorted(one.names)]
            connection.execute(insert(version_names), rows)
        _part_of(connection, one.record_id, one.documents)
    for record_id, documents in changes.documents.items():
        _part_of(connection, record_id, documents)
    for ended in changes.ended:
        standing = ended.standing
        if standing is Standing.RETRACTING:
            # what only waits for a directory never was on chain
            waited = connection.execute(delete(waiting).where(waiting.c.record_id == ended.record_id))
            standing = Standing.RETRACTED if waited.rowcount else standing
            _say_who(connection, ended.record_id, changes.noted)
        change = update(versions).where(versions.c.record_id == ended.record_id)
        connection.execute(change.values(standing=standing))
        if ended.replaced_by is not None:
            connection.execute(change.values(replaced_by=ended.replaced_by))


def _say_who(connection: Connection, record_id: bytes, noted: Noted | None) -> None:
    known = select(retractions.c.number).where(retractions.c.record_id == record_id)
    if noted is not None and connection.execute(known).first() is None:
        connection.execute(insert(retractions).values(record_id=record_id, **vars(noted)))


def _part_of(connection: Connection, record_id: bytes, documents: Iterable[bytes]) -> None:
    connection.execute(delete(version_documents).where(version_documents.c.record_id == record_id))
    rows = [{"document": one, "record_id": record_id} for one in sorted(documents)]
    if rows:
        connection.execute(insert(version_documents), rows)


def _parts(values: Sequence[bytes]) -> Iterable[Sequence[bytes]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def _read(connection: Connection, query: Select[tuple[object, ...]]) -> list[Version]:
    rows = connection.execute(query.order_by(_IN_ORDER)).all()
    ids = [row.record_id for row in rows]
    names: dict[bytes, set[bytes]] = {one: set() for one in ids}
    documents: dict[bytes, set[bytes]] = {one: set() for one in ids}
    for part in _parts(ids):
        for one in connection.execute(select(version_names).where(version_names.c.record_id.in_(part))):
            names[one.record_id].add(one.name)
        held = select(version_documents).where(version_documents.c.record_id.in_(part))
        for one in connection.execute(held):
            documents[one.record_id].add(one.document)
    return [
        Version(
            row.record_id,
            row.content,
            row.place,
            row.department,
            row.version,
            row.replaces,
            frozenset(names[row.record_id]),
            frozenset(documents[row.record_id]),
            Standing(row.standing),
            row.replaced_by,
        )
        for row in rows
    ]
