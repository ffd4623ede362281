"""What an author keeps of its own publications and channels (the Publications port, specification G-1, D-3).

This cannot be rebuilt from anywhere: back it up. A restored copy takes the next lineage where positions were taken after the
back-up (`services.positions`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest

from sqlalchemy import BindParameter, Select, Table, bindparam, delete, func, insert, select, text, update

from consentry.databases.columns import insert_new
from consentry.databases.locks import Busy
from consentry.databases.place import Place as DatabasePlace
from consentry.databases.prepared import Change, Query
from consentry.errors import StoreUnreachable
from consentry.index.author_rows import new_row, publication_rows, read_publication, sealing_rows, take
from consentry.index.author_tables import (
    channels,
    entry_sealings,
    own_contents,
    own_records,
    publications,
    resealings,
    settled,
    waiting,
)
from consentry.index.author_versions import SqlVersions, note
from consentry.index.database import Database
from consentry.index.schemas import AUTHOR
from consentry.ports.publications import Place, Publication, State, Taken
from consentry.ports.versions import NO_CHANGES, Changes

EXCLUSIVE_SECONDS = 120.0
_AT_ONCE = 400

_OF_RECORDS = (resealings, publications)
"""In this order: what is left of records sealed again is older than what is left of new ones (K-35)."""

# Made once: putting a statement together takes longer than running it.
_WANTED: BindParameter[bytes] = bindparam("wanted", expanding=True)
_OF_CONTENTS = Query(publication_rows(publications).where(publications.c.content_id.in_(_WANTED)), "wanted")
_OF_IDS = Query(publication_rows(publications).where(publications.c.record_id.in_(_WANTED)), "wanted")
_OF_ROOT = tuple(
    Query(publication_rows(table).add_columns(table.c.position).where(table.c.root == bindparam("its_root")))
    for table in _OF_RECORDS
)
_UNFINISHED = tuple(
    Query(publication_rows(table).where(table.c.state != State.ANCHORED).order_by(text("rowid")))
    for table in _OF_RECORDS
)
_BATCHED = tuple(
    Change(
        update(table)
        .where(table.c.content_id == bindparam("its_id"), table.c.state != State.ANCHORED)
        .values(
            state=State.BATCHED,
            root=bindparam("its_root"),
            position=bindparam("place"),
            manifest_digest=bindparam("manifest"),
        )
    )
    for table in _OF_RECORDS
)
_ANCHORED = tuple(
    Change(
        update(table)
        .where(table.c.root == bindparam("its_root"))
        .values(state=State.ANCHORED, transaction=bindparam("by"))
    )
    for table in _OF_RECORDS
)
_PLACES = Query(
    select(channels.c.channel_id, channels.c.lineage, channels.c.next_position)
    .where(channels.c.channel_id.in_(bindparam("ids", expanding=True)))
    .order_by(channels.c.lineage),
    "ids",
)
_PUBLISHED, _OWN_RECORD = Change(insert(publications)), Change(insert(own_records))
_OWN_CONTENT, _ENTRY_SEALING = Change(insert(own_contents)), Change(insert(entry_sealings))
_WAITS_NO_MORE = Change(delete(waiting).where(waiting.c.content_id == bindparam("its_id")))


class SqlPublications:
    """The Publications port on a database. Raises StoreUnreachable."""

    def __init__(self, place: DatabasePlace) -> None:
        self._database = Database(place, AUTHOR, durable=True)
        self.versions = SqlVersions(self._database)

    @property
    def database(self) -> Database:
        """For what else the author keeps in the same book."""
        return self._database

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """One publish at a time, also between processes. Raises StoreUnreachable when another one takes too long."""
        try:
            with self._database.alone("publishing", EXCLUSIVE_SECONDS):
                yield
        except Busy:
            raise StoreUnreachable("another publish of this author has not ended yet") from None

    def find(self, content_ids: Sequence[bytes]) -> dict[bytes, Publication]:
        return {one.content_id: one for one in self._those(_OF_CONTENTS, content_ids)}

    def of_records(self, record_ids: Sequence[bytes]) -> dict[bytes, Publication]:
        return {one.record_id: one for one in self._those(_OF_IDS, record_ids)}

    def _those(self, query: Query, wanted: Sequence[bytes]) -> Iterator[Publication]:
        if not wanted:
            return
        with self._database.read() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                part = wanted[start : start + _AT_ONCE]
                yield from map(read_publication, connection.execute(query, {"wanted": part}))

    def places(self, channel_ids: Sequence[bytes]) -> dict[bytes, Place]:
        found = dict.fromkeys(channel_ids, Place(0, 0))
        with self._database.read() as connection:
            for row in connection.execute(_PLACES, {"ids": list(channel_ids)}):
                found[row.channel_id] = Place(row.lineage, row.next_position)
        return found

    def store(
        self, fresh: Sequence[Publication], taken: Sequence[Taken], changes: Changes = NO_CHANGES
    ) -> None:
        if not fresh and changes == NO_CHANGES:
            return
        rows = [new_row(one) for one in fresh]
        kept = [
            {"record_id": one.record_id, "committee_version": one.committee_version, "sealed": one.kept}
            for one in fresh
            if one.kept
        ]
        contents = [{"record_id": one.record_id, "cid": one.content_cid} for one in fresh if one.content_cid]
        with self._database.write() as connection:
            take(connection, taken)
            if rows:
                connection.change(_PUBLISHED, rows)
            if kept:
                connection.change(_OWN_RECORD, kept)
            if contents:
                connection.change(_OWN_CONTENT, contents)
            if sealings := sealing_rows(fresh):
                connection.change(_ENTRY_SEALING, sealings)
            note(connection, changes)
            if rows:
                connection.change(_WAITS_NO_MORE, [{"its_id": row["content_id"]} for row in rows])

    def batch(self, content_ids: Sequence[bytes], root: bytes, manifest_digest: bytes) -> None:
        rows = [
            {"its_id": content_id, "its_root": root, "place": position, "manifest": manifest_digest}
            for position, content_id in enumerate(content_ids)
        ]
        if not rows:
            return
        with self._database.write() as connection:
            for batched in _BATCHED:
                connection.change(batched, rows)

    def of_root(self, root: bytes) -> tuple[Publication, ...]:
        found = []
        with self._database.read() as connection:
            for query in _OF_ROOT:
                found += [
                    (row[-1], read_publication(row[:-1]))
                    for row in connection.execute(query, {"its_root": root})
                ]
        return tuple(one for _, one in sorted(found, key=lambda placed: int(placed[0])))

    def anchored(self, root: bytes, transaction: bytes | None) -> None:
        with self._database.write() as connection:
            for anchored in _ANCHORED:
                connection.change(anchored, {"its_root": root, "by": transaction})

    def unsettled(self, most: int) -> tuple[bytes, ...]:
        with self._database.read() as connection:
            found = [list(connection.execute(_unsettled(table, most)).scalars()) for table in _OF_RECORDS]
        in_turn = [root for pair in zip_longest(*found) for root in pair if root is not None]
        return tuple(dict.fromkeys(in_turn))[:most]

    def settle(self, roots: Sequence[bytes]) -> None:
        with self._database.write() as connection:
            for root in roots:
                connection.execute(insert_new(connection, settled).on_conflict_do_nothing().values(root=root))

    def unanchor(self, roots: Sequence[bytes]) -> None:
        with self._database.write() as connection:
            for table in _OF_RECORDS:
                connection.execute(
                    update(table)
                    .where(table.c.root.in_(roots), table.c.state == State.ANCHORED)
                    .values(state=State.BATCHED, transaction=None)
                )

    def unfinished(self) -> tuple[Publication, ...]:
        found: list[Publication] = []
        with self._database.read() as connection:
            for query in _UNFINISHED:
                found += map(read_publication, connection.execute(query))
        return tuple(found)


def _unsettled(table: Table, most: int) -> Select[tuple[bytes]]:
    newest = func.max(text(f"{table.name}.rowid"))
    query = select(table.c.root).where(
        table.c.state == State.ANCHORED, table.c.root.not_in(select(settled.c.root))
    )
    return query.group_by(table.c.root).order_by(newest.desc()).limit(most)
