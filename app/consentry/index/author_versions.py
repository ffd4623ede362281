"""Tables of an author's documents and their versions (the Versions port, specification D-13 to D-15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, delete, insert, select, text, update

from consentry.databases.connection import Connection
from consentry.databases.prepared import Change, Query
from consentry.domain.retraction import Why
from consentry.index.author_tables import retractions, version_documents, version_names, versions, waiting
from consentry.index.database import Database
from consentry.index.own_resources import keep_resources
from consentry.index.summaries import keep_summary
from consentry.ports.versions import UNNAMED, Changes, Ended, Noted, Retraction, Standing, Version

AT_ONCE = 400
_IN_ORDER = text("rowid")

# Made once: putting a statement together takes longer than running it.
_WANTED: BindParameter[bytes] = bindparam("wanted", expanding=True)
_OF_CONTENTS, _OF_RECORDS = (
    Query(select(versions).where(column.in_(_WANTED)).order_by(_IN_ORDER), "wanted")
    for column in (versions.c.content, versions.c.record_id)
)
_STANDINGS = Query(
    select(versions.c.record_id, versions.c.standing).where(versions.c.record_id.in_(_WANTED)), "wanted"
)
_NAMES, _DOCUMENTS = (
    Query(select(table).where(table.c.record_id.in_(_WANTED)), "wanted")
    for table in (version_names, version_documents)
)
_PARTS_OF = Query(
    select(version_documents.c.record_id).where(version_documents.c.document == bindparam("document"))
)
_HOLDERS = Query(
    select(version_names.c.record_id).where(version_names.c.name.in_(_WANTED)).distinct(), "wanted"
)
_CREATED, _NAMED, _PART_OF = (Change(insert(table)) for table in (versions, version_names, version_documents))
_PART_OF_NONE = Change(delete(version_documents).where(version_documents.c.record_id == bindparam("its_id")))
_ITS_VERSION = update(versions).where(versions.c.record_id == bindparam("its_id"))
_STANDS = Change(_ITS_VERSION.values(standing=bindparam("now")))
_REPLACED = Change(_ITS_VERSION.values(standing=bindparam("now"), replaced_by=bindparam("by")))
_RETRACTING = Query(
    select(versions.c.record_id).where(versions.c.standing == Standing.RETRACTING).order_by(_IN_ORDER)
)


class SqlVersions:
    """The Versions port on the author's database. Raises StoreUnreachable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_contents(self, contents: Sequence[bytes]) -> dict[bytes, Version]:
        found: dict[bytes, Version] = {}
        with self._database.read() as connection:
            for part in _parts(contents):
                for one in _read(connection, _OF_CONTENTS, part):
                    known = found.get(one.content)
                    if known is None or known.standing is not Standing.CURRENT:
                        found[one.content] = one
        return found

    def of_records(self, record_ids: Sequence[bytes]) -> dict[bytes, Version]:
        if not record_ids:
            return {}
        with self._database.read() as connection:
            return _of_records(connection, record_ids)

    def standings(self, record_ids: Sequence[bytes]) -> dict[bytes, Standing]:
        found: dict[bytes, Standing] = {}
        with self._database.read() as connection:
            for part in _parts(record_ids):
                for row in connection.execute(_STANDINGS, {"wanted": part}):
                    found[row.record_id] = Standing(row.standing)
        return found

    def related(self, document: bytes, names: Sequence[bytes]) -> tuple[Version, ...]:
        ids: set[bytes] = set()
        with self._database.read() as connection:
            if document != UNNAMED:
                ids |= set(connection.execute(_PARTS_OF, {"document": document}).scalars())
            for part in _parts(names):
                ids |= set(connection.execute(_HOLDERS, {"wanted": part}).scalars())
            found = _of_records(connection, sorted(ids))
        return tuple(one for one in found.values() if one.standing is Standing.CURRENT)

    def note(self, changes: Changes) -> None:
        with self._database.write() as connection:
            note(connection, changes)

    def retracting(self) -> tuple[bytes, ...]:
        with self._database.read() as connection:
            return tuple(connection.execute(_RETRACTING).scalars())

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
    created = [
        {
            "record_id": one.record_id,
            "content": one.content,
            "place": one.place,
            "department": one.department,
            "version": one.version,
            "replaces": one.replaces,
            "standing": one.standing,
            "replaced_by": one.replaced_by,
        }
        for one in changes.created
    ]
    if created:
        connection.change(_CREATED, created)
    names = [
        {"name": name, "record_id": one.record_id} for one in changes.created for name in sorted(one.names)
    ]
    if names:
        connection.change(_NAMED, names)
    _part_of(connection, {one.record_id: one.documents for one in changes.created} | dict(changes.documents))
    for ended in changes.ended:
        _end(connection, ended, changes.noted)
    for ended in changes.by_rule:
        _end(connection, ended, None)
    keep_resources(connection, changes.resources)
    for patient_key, kept in changes.summaries.items():
        keep_summary(connection, patient_key, kept)


def _end(connection: Connection, ended: Ended, noted: Noted | None) -> None:
    standing = ended.standing
    if standing is Standing.RETRACTING:
        # what only waits for a directory never was on chain
        waited = connection.change(delete(waiting).where(waiting.c.record_id == ended.record_id))
        standing = Standing.RETRACTED if waited else standing
        _say_who(connection, ended.record_id, noted)
    values = {"its_id": ended.record_id, "now": standing}
    if ended.replaced_by is None:
        connection.change(_STANDS, values)
    else:
        connection.change(_REPLACED, {**values, "by": ended.replaced_by})


def _say_who(connection: Connection, record_id: bytes, noted: Noted | None) -> None:
    known = select(retractions.c.number).where(retractions.c.record_id == record_id)
    if noted is not None and connection.execute(known).first() is None:
        connection.execute(insert(retractions).values(record_id=record_id, **vars(noted)))


def _part_of(connection: Connection, documents: Mapping[bytes, Iterable[bytes]]) -> None:
    if not documents:
        return
    connection.change(_PART_OF_NONE, [{"its_id": record_id} for record_id in documents])
    rows = [
        {"document": one, "record_id": record_id}
        for record_id, these in documents.items()
        for one in sorted(these)
    ]
    if rows:
        connection.change(_PART_OF, rows)


def _parts(values: Sequence[bytes]) -> Iterable[Sequence[bytes]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def _of_records(connection: Connection, record_ids: Sequence[bytes]) -> dict[bytes, Version]:
    found = (one for part in _parts(record_ids) for one in _read(connection, _OF_RECORDS, part))
    return {one.record_id: one for one in found}


def _read(connection: Connection, query: Query, wanted: Sequence[bytes]) -> list[Version]:
    rows = connection.execute(query, {"wanted": wanted}).all()
    if not rows:
        return []
    ids = [row.record_id for row in rows]
    names: dict[bytes, set[bytes]] = {one: set() for one in ids}
    documents: dict[bytes, set[bytes]] = {one: set() for one in ids}
    for part in _parts(ids):
        for one in connection.execute(_NAMES, {"wanted": part}):
            names[one.record_id].add(one.name)
        for one in connection.execute(_DOCUMENTS, {"wanted": part}):
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
