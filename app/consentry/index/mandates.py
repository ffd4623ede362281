"""Mandates that were given through this gateway (the MandateBook port). Cannot be rebuilt: the chain knows no scope."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, func, select

from consentry.databases.columns import insert_new
from consentry.domain.addresses import Address
from consentry.index.desk_tables import mandates
from consentry.index.gateway_store import GatewayStore
from consentry.ports.mandates import KeptMandate


class DeskMandates:
    """Raises StoreUnreachable."""

    def __init__(self, store: GatewayStore) -> None:
        self._database = store.database

    def keep(self, kept: KeptMandate) -> bool:
        with self._database.write() as connection:
            new = insert_new(connection, mandates).on_conflict_do_nothing().values(**vars(kept))
            return bool(connection.change(new))

    def relayed(self, kept: KeptMandate) -> None:
        told = {"sealed": kept.sealed, "transaction": kept.transaction}
        with self._database.write() as connection:
            # it may be gone: whoever sent the same without a signature took back what was kept for that
            new = insert_new(connection, mandates).values(**vars(kept))
            connection.execute(new.on_conflict_do_update(index_elements=["mandate_id"], set_=told))

    def drop(self, mandate_id: bytes) -> None:
        with self._database.write() as connection:
            connection.execute(delete(mandates).where(mandates.c.mandate_id == mandate_id))

    def given_by(self, patient: Address, most: int) -> tuple[KeptMandate, ...]:
        return self._first(mandates.c.patient == patient, most, mandates.c.kept_at.desc())

    def held_by(self, representative: Address, most: int) -> tuple[KeptMandate, ...]:
        newest = mandates.c.kept_at.desc()
        turn = func.row_number().over(partition_by=mandates.c.patient, order_by=newest)
        return self._first(mandates.c.representative == representative, most, turn, newest)

    def _first(self, where: Any, most: int, *order: Any) -> tuple[KeptMandate, ...]:
        query = select(mandates).where(where).order_by(*order).limit(most)
        with self._database.read() as connection:
            return tuple(_kept(row) for row in connection.execute(query))


def _kept(row: Row[Any]) -> KeptMandate:
    return KeptMandate(
        mandate_id=row.mandate_id,
        patient=Address(row.patient),
        representative=Address(row.representative),
        sealed=row.sealed,
        kept_at=row.kept_at,
        transaction=row.transaction,
    )
