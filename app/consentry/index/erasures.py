"""What a gateway remembers of erasures, in its author's book (the ErasedEntries and OwnErasures ports)."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import bindparam, delete, exists, select

from consentry.databases.columns import insert_new
from consentry.databases.prepared import Query
from consentry.domain.erasure import ErasureCertificate, OrderedEntry
from consentry.index.author_tables import (
    entry_sealings,
    erased_entries,
    erasure_certificates,
    erasures,
    obeyed_orders,
    own_contents,
    own_identifiers,
    own_records,
    own_resources,
    publications,
)
from consentry.index.database import Database
from consentry.ports.erasures import SignedCertificate, SignedOrder

_AT_ONCE = 400
_ERASED = Query(
    select(erased_entries.c.entry_cid).where(
        erased_entries.c.entry_cid.in_(bindparam("cids", expanding=True))
    ),
    "cids",
)


class SqlErasures:
    """On the database of an author's book (`SqlPublications.database`). Raises StoreUnreachable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- of anybody's entries ---

    def obeyed(self, entries: Sequence[str], order: SignedOrder) -> None:
        if not entries:
            return
        named = sha256(order.raw).digest()
        with self._database.write() as connection:
            kept = {"id": named, "order": order.raw, "signature": order.signature}
            connection.execute(insert_new(connection, obeyed_orders).on_conflict_do_nothing(), [kept])
            rows = [{"entry_cid": cid, "order_id": named} for cid in entries]
            connection.execute(insert_new(connection, erased_entries).on_conflict_do_nothing(), rows)

    def erased(self, entries: Sequence[str]) -> frozenset[str]:
        found: set[str] = set()
        with self._database.read() as connection:
            for start in range(0, len(entries), _AT_ONCE):
                asked = {"cids": entries[start : start + _AT_ONCE]}
                found |= set(connection.execute(_ERASED, asked).scalars())
        return frozenset(found)

    def holds_content(self, cid: str) -> bool:
        with self._database.read() as connection:
            return bool(connection.execute(select(exists().where(own_contents.c.cid == cid))).scalar())

    # --- of the author's own records ---

    def kept(self, record_id: bytes) -> bytes | None:
        query = select(own_records.c.sealed).where(own_records.c.record_id == record_id)
        with self._database.read() as connection:
            return connection.execute(query).scalar()

    def entries_of(self, record_id: bytes) -> tuple[OrderedEntry, ...]:
        query = select(entry_sealings.c.entry_cid, entry_sealings.c.sealing_hash)
        with self._database.read() as connection:
            rows = connection.execute(query.where(entry_sealings.c.record_id == record_id))
            return tuple(sorted((OrderedEntry(*row) for row in rows), key=lambda one: one.cid))

    def root_of(self, record_id: bytes) -> bytes | None:
        with self._database.read() as connection:
            return connection.execute(
                select(publications.c.root).where(publications.c.record_id == record_id)
            ).scalar()

    def begin(self, record_id: bytes, content: str, order: SignedOrder) -> None:
        row = {"record_id": record_id, "content": content, "order": order.raw, "signature": order.signature}
        with self._database.write() as connection:
            connection.execute(insert_new(connection, erasures).on_conflict_do_nothing(), [row])

    def begun(self, record_id: bytes) -> tuple[str, SignedOrder] | None:
        query = select(erasures.c.content, erasures.c.order, erasures.c.signature)
        with self._database.read() as connection:
            row = connection.execute(query.where(erasures.c.record_id == record_id)).first()
        return None if row is None else (row.content, SignedOrder(row.order, row.signature))

    def forget(self, record_id: bytes) -> None:
        with self._database.write() as connection:
            for table in (own_records, own_contents):
                connection.execute(delete(table).where(table.c.record_id == record_id))
            held = select(own_resources.c.key).where(own_resources.c.record_id == record_id)
            connection.execute(delete(own_identifiers).where(own_identifiers.c.key.in_(held)))
            connection.execute(delete(own_resources).where(own_resources.c.record_id == record_id))

    def certify(self, record_id: bytes, member: str, certificate: SignedCertificate) -> None:
        row = {
            "record_id": record_id,
            "member": member,
            "certificate": certificate.raw,
            "signature": certificate.signature,
        }
        said = ErasureCertificate.parse(certificate.raw)
        with self._database.write() as connection:
            write = insert_new(connection, erasure_certificates).values(row)
            connection.execute(
                write.on_conflict_do_update(index_elements=["record_id", "member"], set_=row)
                if said.deleted
                else write.on_conflict_do_nothing()  # an order that is repeated finds everything absent
            )

    def certificates(self, record_id: bytes) -> tuple[SignedCertificate, ...]:
        columns = select(erasure_certificates.c.certificate, erasure_certificates.c.signature)
        query = columns.where(erasure_certificates.c.record_id == record_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(erasure_certificates.c.member))
            return tuple(SignedCertificate(*row) for row in rows)
