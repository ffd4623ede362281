"""What an author keeps of its own publications and channels (the Publications port, specification G-1, D-3).

This cannot be rebuilt from anywhere: back it up. A restored copy takes the next lineage where positions were taken after the
back-up (`services.positions`).
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import Column, Connection, delete, func, insert, select, text, update

from consentry.errors import StoreUnreachable
from consentry.index.author_tables import channels, metadata, publications, settled, waiting
from consentry.index.author_versions import SqlVersions, note
from consentry.index.database import Database
from consentry.ports.publications import Place, Publication, State, Taken
from consentry.ports.versions import NO_CHANGES, Changes

EXCLUSIVE_SECONDS = 120.0
_AT_ONCE = 400

_PUBLICATION = select(
    publications.c.content_id,
    publications.c.record_id,
    publications.c.tag,
    publications.c.entry_cid,
    publications.c.digest,
    publications.c.state,
    publications.c.root,
    publications.c.manifest_digest,
    publications.c.transaction,
)


class SqlPublications:
    """The Publications port on a database file. Raises StoreUnreachable."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, metadata, durable=True)
        self.versions = SqlVersions(self._database)
        self._lock_path = path.with_name(f"{path.name}.publishing")
        self._lock = Lock()

    @property
    def database(self) -> Database:
        """For what else the author keeps in the same book."""
        return self._database

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """One publish at a time, also between processes. Raises StoreUnreachable when another one takes too long."""
        deadline = time.monotonic() + EXCLUSIVE_SECONDS
        busy = StoreUnreachable("another publish of this author has not ended yet")
        if not self._lock.acquire(timeout=EXCLUSIVE_SECONDS):
            raise busy
        try:
            with self._lock_path.open("ab") as held:
                while not _locked(held.fileno()):
                    if time.monotonic() > deadline:
                        raise busy
                    time.sleep(0.02)
                yield  # closing the file ends the lock, and so does the end of this process
        finally:
            self._lock.release()

    def find(self, content_ids: Sequence[bytes]) -> dict[bytes, Publication]:
        return {one.content_id: one for one in self._those(publications.c.content_id, content_ids)}

    def of_records(self, record_ids: Sequence[bytes]) -> dict[bytes, Publication]:
        return {one.record_id: one for one in self._those(publications.c.record_id, record_ids)}

    def _those(self, column: Column[bytes], wanted: Sequence[bytes]) -> Iterator[Publication]:
        with self._database.read() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                query = _PUBLICATION.where(column.in_(wanted[start : start + _AT_ONCE]))
                for row in connection.execute(query):
                    yield _publication(*row)

    def place(self, channel_id: bytes) -> Place:
        latest = select(channels.c.lineage, channels.c.next_position).where(
            channels.c.channel_id == channel_id
        )
        with self._database.read() as connection:
            row = connection.execute(latest.order_by(channels.c.lineage.desc()).limit(1)).first()
        return Place(0, 0) if row is None else Place(row.lineage, row.next_position)

    def store(
        self, fresh: Sequence[Publication], taken: Sequence[Taken], changes: Changes = NO_CHANGES
    ) -> None:
        if not fresh and changes == NO_CHANGES:
            return
        rows = [
            {
                "content_id": one.content_id,
                "record_id": one.record_id,
                "tag": one.tag,
                "entry_cid": one.entry_cid,
                "digest": one.digest,
                "state": State.STORED,
            }
            for one in fresh
        ]
        with self._database.write() as connection:
            for one in taken:
                _take(connection, one)
            if rows:
                connection.execute(insert(publications), rows)
            note(connection, changes)
            for row in rows:
                connection.execute(delete(waiting).where(waiting.c.content_id == row["content_id"]))

    def batch(self, content_ids: Sequence[bytes], root: bytes, manifest_digest: bytes) -> None:
        with self._database.write() as connection:
            for position, content_id in enumerate(content_ids):
                connection.execute(
                    update(publications)
                    .where(publications.c.content_id == content_id, publications.c.state != State.ANCHORED)
                    .values(
                        state=State.BATCHED, root=root, position=position, manifest_digest=manifest_digest
                    )
                )

    def of_root(self, root: bytes) -> tuple[Publication, ...]:
        query = _PUBLICATION.where(publications.c.root == root).order_by(publications.c.position)
        with self._database.read() as connection:
            return tuple(_publication(*row) for row in connection.execute(query))

    def anchored(self, root: bytes, transaction: bytes | None) -> None:
        with self._database.write() as connection:
            connection.execute(
                update(publications)
                .where(publications.c.root == root)
                .values(state=State.ANCHORED, transaction=transaction)
            )

    def unsettled(self, most: int) -> tuple[bytes, ...]:
        newest = func.max(text("publications.rowid"))
        query = (
            select(publications.c.root)
            .where(publications.c.state == State.ANCHORED, publications.c.root.not_in(select(settled.c.root)))
            .group_by(publications.c.root)
            .order_by(newest.desc())
            .limit(most)
        )
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalars())

    def settle(self, roots: Sequence[bytes]) -> None:
        with self._database.write() as connection:
            for root in roots:
                connection.execute(settled.insert().prefix_with("OR IGNORE").values(root=root))

    def unanchor(self, roots: Sequence[bytes]) -> None:
        with self._database.write() as connection:
            connection.execute(
                update(publications)
                .where(publications.c.root.in_(roots), publications.c.state == State.ANCHORED)
                .values(state=State.BATCHED, transaction=None)
            )

    def unfinished(self) -> tuple[Publication, ...]:
        query = _PUBLICATION.where(publications.c.state != State.ANCHORED).order_by(text("rowid"))
        with self._database.read() as connection:
            return tuple(_publication(*row) for row in connection.execute(query))


def _next_position(connection: Connection, channel_id: bytes, lineage: int) -> int:
    place = (channels.c.channel_id == channel_id) & (channels.c.lineage == lineage)
    return int(connection.execute(select(channels.c.next_position).where(place)).scalar() or 0)


def _take(connection: Connection, taken: Taken) -> None:
    if _next_position(connection, taken.channel_id, taken.lineage) != taken.first:
        raise StoreUnreachable("another publish has taken these positions")
    place = (channels.c.channel_id == taken.channel_id) & (channels.c.lineage == taken.lineage)
    connection.execute(delete(channels).where(place))
    connection.execute(
        insert(channels).values(
            channel_id=taken.channel_id, lineage=taken.lineage, next_position=taken.first + taken.count
        )
    )


def _publication(
    content_id: bytes,
    record_id: bytes,
    tag: bytes,
    entry_cid: str,
    digest: bytes,
    state: str,
    root: bytes | None,
    manifest_digest: bytes | None,
    transaction: bytes | None,
) -> Publication:
    return Publication(
        content_id,
        record_id,
        tag,
        entry_cid,
        digest,
        State(state),
        root,
        manifest_digest,
        transaction,
    )


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
