"""What a gateway remembers of erasures, in its author's book (the ErasedEntries and OwnErasures ports)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, exists, select, union
from sqlalchemy.dialects.sqlite import insert

from consentry.index.author_tables import (
    erased_entries,
    erasure_certificates,
    erasures,
    own_contents,
    own_records,
    publications,
    resealings,
)
from consentry.index.database import Database
from consentry.ports.erasures import SignedCertificate, SignedOrder


class SqlErasures:
    """On the database of an author's book (`SqlPublications.database`). Raises StoreUnreachable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- of anybody's entries ---

    def obeyed(self, author: str, entries: Sequence[str], order: SignedOrder) -> None:
        rows = [
            {"author": author, "entry_cid": cid, "order": order.raw, "signature": order.signature}
            for cid in entries
        ]
        if not rows:
            return
        with self._database.write() as connection:
            connection.execute(insert(erased_entries).on_conflict_do_nothing(), rows)

    def is_erased(self, author: str, entry: str) -> bool:
        row = (erased_entries.c.author == author) & (erased_entries.c.entry_cid == entry)
        with self._database.read() as connection:
            return bool(connection.execute(select(exists().where(row))).scalar())

    def holds_content(self, cid: str) -> bool:
        with self._database.read() as connection:
            return bool(connection.execute(select(exists().where(own_contents.c.cid == cid))).scalar())

    # --- of the author's own records ---

    def kept(self, record_id: bytes) -> bytes | None:
        query = select(own_records.c.sealed).where(own_records.c.record_id == record_id)
        with self._database.read() as connection:
            return connection.execute(query).scalar()

    def entries_of(self, record_id: bytes) -> tuple[str, ...]:
        both = union(
            *(
                select(table.c.entry_cid).where(table.c.record_id == record_id)
                for table in (publications, resealings)
            )
        )
        with self._database.read() as connection:
            return tuple(sorted(connection.execute(both).scalars()))

    def root_of(self, record_id: bytes) -> bytes | None:
        with self._database.read() as connection:
            return connection.execute(
                select(publications.c.root).where(publications.c.record_id == record_id)
            ).scalar()

    def begin(self, record_id: bytes, content: str, order: SignedOrder) -> None:
        row = {"record_id": record_id, "content": content, "order": order.raw, "signature": order.signature}
        with self._database.write() as connection:
            connection.execute(insert(erasures).on_conflict_do_nothing(), [row])

    def begun(self, record_id: bytes) -> tuple[str, SignedOrder] | None:
        query = select(erasures.c.content, erasures.c.order, erasures.c.signature)
        with self._database.read() as connection:
            row = connection.execute(query.where(erasures.c.record_id == record_id)).first()
        return None if row is None else (row.content, SignedOrder(row.order, row.signature))

    def forget(self, record_id: bytes) -> None:
        with self._database.write() as connection:
            for table in (own_records, own_contents):
                connection.execute(delete(table).where(table.c.record_id == record_id))

    def certify(self, record_id: bytes, member: str, certificate: SignedCertificate) -> None:
        row = {
            "record_id": record_id,
            "member": member,
            "certificate": certificate.raw,
            "signature": certificate.signature,
        }
        # the first one says what was deleted; a repeated order finds everything absent
        with self._database.write() as connection:
            connection.execute(insert(erasure_certificates).on_conflict_do_nothing(), [row])

    def certificates(self, record_id: bytes) -> tuple[SignedCertificate, ...]:
        columns = select(erasure_certificates.c.certificate, erasure_certificates.c.signature)
        query = columns.where(erasure_certificates.c.record_id == record_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(erasure_certificates.c.member))
            return tuple(SignedCertificate(*row) for row in rows)
