"""Who was released category seeds through this gateway (the SeedHolders port), in the desk's database."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from consentry.domain.addresses import Address
from consentry.index.desk_tables import seed_holders
from consentry.index.gateway_store import GatewayStore
from consentry.ports.seed_holders import SeedHolder


class DeskSeedHolders:
    """Raises StoreUnreachable."""

    def __init__(self, store: GatewayStore) -> None:
        self._database = store.database

    def note(self, holder: SeedHolder) -> None:
        place = (seed_holders.c.patient == holder.patient) & (seed_holders.c.account == holder.account)
        with self._database.write() as connection:
            connection.execute(delete(seed_holders).where(place))
            connection.execute(insert(seed_holders).values(**vars(holder)))

    def since(self, patient: Address, time: int) -> tuple[SeedHolder, ...]:
        query = (
            select(seed_holders.c.account, seed_holders.c.held_at)
            .where(seed_holders.c.patient == patient, seed_holders.c.held_at >= time)
            .order_by(seed_holders.c.held_at)
        )
        with self._database.read() as connection:
            found = connection.execute(query).all()
        return tuple(SeedHolder(patient, Address(row.account), row.held_at) for row in found)
