"""Break-glass openings that this gateway relayed, with the patient and the salt that the chain does not have (E-12).

Cannot be rebuilt from anywhere: without it nobody reads under an opening, and nobody is told of it.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update

from consentry.domain.addresses import Address
from consentry.domain.openings import Opening
from consentry.index.desk_tables import links, notices, openings
from consentry.index.gateway_store import GatewayStore
from consentry.ports.notices import DueNotice
from consentry.ports.openings import KeptOpening


class DeskOpenings:
    """The OpeningBook port. Raises StoreUnreachable."""

    def __init__(self, store: GatewayStore) -> None:
        self._database = store.database

    def keep(self, kept: KeptOpening) -> None:
        known = select(openings.c.opening_id).where(openings.c.opening_id == kept.opening_id)
        row = {
            "opening_id": kept.opening_id,
            "patient": kept.patient,
            "opening": json.dumps(kept.opening.to_json(), ensure_ascii=False),
            "kept_at": kept.kept_at,
        }
        with self._database.write() as connection:
            if connection.execute(known).first() is None:
                connection.execute(insert(openings).values(**row))
                notice = {"opening_id": kept.opening_id, "attempts": 0, "next_at": kept.kept_at}
                connection.execute(insert(notices).values(**notice))

    def drop(self, opening_id: bytes) -> None:
        with self._database.write() as connection:
            connection.execute(delete(openings).where(openings.c.opening_id == opening_id))
            connection.execute(delete(notices).where(notices.c.opening_id == opening_id))

    def get(self, opening_id: bytes) -> KeptOpening | None:
        with self._database.read() as connection:
            row = connection.execute(_KEPT.where(openings.c.opening_id == opening_id)).first()
        return None if row is None else _kept(row)

    def of_patient(self, patient: Address) -> tuple[KeptOpening, ...]:
        with self._database.read() as connection:
            rows = connection.execute(_KEPT.where(openings.c.patient == patient)).all()
        return tuple(_kept(row) for row in rows)

    def seen(self, opening_id: bytes, patient: Address, now: int) -> bool:
        place = (openings.c.opening_id == opening_id) & (openings.c.patient == patient)
        with self._database.write() as connection:
            if connection.execute(select(openings.c.seen_at).where(place)).first() is None:
                return False
            connection.execute(
                update(openings).where(place, openings.c.seen_at.is_(None)).values(seen_at=now)
            )
        return True


class DeskNotices:
    """The NoticeBook port, on the same database. Raises StoreUnreachable."""

    def __init__(self, store: GatewayStore) -> None:
        self._database = store.database

    def due(self, now: int, limit: int) -> tuple[DueNotice, ...]:
        open_ = notices.c.settled_at.is_(None) & (notices.c.next_at <= now)
        query = (
            _KEPT.add_columns(notices.c.attempts)
            .join(notices, notices.c.opening_id == openings.c.opening_id)
            .where(open_)
            .order_by(None)
            .order_by(notices.c.next_at)
            .limit(limit)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            return tuple(
                DueNotice(kept, tuple(connection.execute(_refs(kept.patient)).scalars()), row.attempts)
                for row in rows
                for kept in (_kept(row),)
            )

    def later(self, opening_id: bytes, next_at: int, *, failed: bool) -> None:
        self._change(opening_id, attempts=notices.c.attempts + failed, next_at=next_at)

    def settle(self, opening_id: bytes, now: int) -> None:
        self._change(opening_id, settled_at=now)

    def _change(self, opening_id: bytes, **values: Any) -> None:
        with self._database.write() as connection:
            place = notices.c.opening_id == opening_id
            connection.execute(update(notices).where(place).values(**values))


def _refs(patient: Address) -> Select[Any]:
    live = (links.c.patient == patient) & links.c.unlinked_at.is_(None)
    return select(links.c.ref).where(live).order_by(links.c.linked_at)


_KEPT = select(openings.c.opening_id, openings.c.opening, openings.c.kept_at, openings.c.seen_at).order_by(
    openings.c.kept_at.desc()
)


def _kept(row: Row[Any]) -> KeptOpening:
    return KeptOpening(row.opening_id, Opening.from_json(json.loads(row.opening)), row.kept_at, row.seen_at)
