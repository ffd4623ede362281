"""The SeenBook port on the desk's database (specification W-19)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert, select

from consentry.domain.addresses import Address
from consentry.index.desk_tables import seen_news
from consentry.index.gateway_store import GatewayStore


class DeskSeen:
    """Raises StoreUnreachable."""

    def __init__(self, store: GatewayStore) -> None:
        self._database = store.database

    def seen(self, patient: Address, kind: str) -> Mapping[str, int]:
        place = (seen_news.c.patient == patient) & (seen_news.c.kind == kind)
        with self._database.read() as connection:
            rows = connection.execute(select(seen_news.c.subject, seen_news.c.seen_at).where(place))
            return dict(rows.tuples().all())

    def mark(self, patient: Address, kind: str, subject: str, now: int) -> None:
        row = {"patient": patient, "kind": kind, "subject": subject, "seen_at": now}
        place = (seen_news.c.patient == patient, seen_news.c.kind == kind, seen_news.c.subject == subject)
        with self._database.write() as connection:
            if connection.execute(select(seen_news.c.seen_at).where(*place)).first() is None:
                connection.execute(insert(seen_news).values(**row))

    def forget(self, patient: Address, kind: str, subjects: Collection[str]) -> None:
        place = (seen_news.c.patient == patient, seen_news.c.kind == kind, seen_news.c.subject.in_(subjects))
        with self._database.write() as connection:
            connection.execute(delete(seen_news).where(*place))
