"""Under which mandates consents were granted that are kept here (the ConsentMandates port). Cannot be rebuilt: no chain
knows a scope. Beside the proposals; back it up with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, select

from consentry.databases.columns import insert_new
from consentry.domain.addresses import Address
from consentry.index.desk_tables import consent_mandates as table
from consentry.index.gateway_store import GatewayStore
from consentry.ports.consent_mandates import KeptUnder

_AT_ONCE = 500


class DeskConsentMandates:
    """Raises StoreUnreachable."""

    def __init__(self, store: GatewayStore) -> None:
        self._database = store.database

    def keep(self, kept: KeptUnder) -> bool:
        with self._database.write() as connection:
            new = insert_new(connection, table).on_conflict_do_nothing().values(**vars(kept))
            return bool(connection.change(new))

    def drop(self, consent_id: bytes) -> None:
        with self._database.write() as connection:
            connection.execute(delete(table).where(table.c.consent_id == consent_id))

    def of(self, consent_ids: Sequence[bytes]) -> tuple[KeptUnder, ...]:
        found: list[KeptUnder] = []
        with self._database.read() as connection:
            for start in range(0, len(consent_ids), _AT_ONCE):
                part = table.c.consent_id.in_(list(consent_ids[start : start + _AT_ONCE]))
                found += [_kept(row) for row in connection.execute(select(table).where(part))]
        return tuple(found)

    def by(self, representative: Address, most: int) -> tuple[KeptUnder, ...]:
        newest = (table.c.kept_at.desc(), table.c.consent_id)
        query = select(table).where(table.c.representative == representative).order_by(*newest).limit(most)
        with self._database.read() as connection:
            return tuple(_kept(row) for row in connection.execute(query))


def _kept(row: Row[Any]) -> KeptUnder:
    return KeptUnder(
        consent_id=row.consent_id,
        mandate_id=row.mandate_id,
        representative=Address(row.representative),
        sealed=row.sealed,
        kept_at=row.kept_at,
    )
