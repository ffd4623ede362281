"""Mandates that were given through this gateway (the MandateBook port). Cannot be rebuilt: the chain knows no scope."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from consentry.domain.addresses import Address
from consentry.index.desk_tables import mandates
from consentry.index.gateway_store import GatewayStore
from consentry.ports.mandates import KeptMandate


class DeskMandates:
    """Raises StoreUnreachable."""

    def __init__(self, store: GatewayStore) -> None:
        self._database = store.database

    def keep(self, kept: KeptMandate) -> None:
        same = mandates.c.mandate_id == kept.mandate_id
        newest = {"sealed": kept.sealed, "kept_at": kept.kept_at}
        with self._database.write() as connection:
            if connection.execute(update(mandates).where(same).values(**newest)).rowcount == 0:
                connection.execute(insert(mandates).values(**vars(kept)))

    def relayed(self, mandate_id: bytes, transaction: bytes) -> None:
        same = mandates.c.mandate_id == mandate_id
        with self._database.write() as connection:
            connection.execute(update(mandates).where(same).values(transaction=transaction))

    def drop(self, mandate_id: bytes) -> None:
        with self._database.write() as connection:
            connection.execute(delete(mandates).where(mandates.c.mandate_id == mandate_id))

    def given_by(self, patient: Address, most: int) -> tuple[KeptMandate, ...]:
        return self._newest(mandates.c.patient == patient, most)

    def held_by(self, representative: Address, most: int) -> tuple[KeptMandate, ...]:
        return self._newest(mandates.c.representative == representative, most)

    def _newest(self, where: Any, most: int) -> tuple[KeptMandate, ...]:
        query = select(mandates).where(where).order_by(mandates.c.kept_at.desc()).limit(most)
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
