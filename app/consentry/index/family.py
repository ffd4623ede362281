"""Who was named for whose identity here, and what guardians have agreed to so far (W-48 to W-51).

Cannot be rebuilt: a name is only here, and an agreement until enough guardians have signed. None of it decides anything.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, delete, insert, select

from consentry.domain.addresses import Address
from consentry.index.desk_tables import agreements, ties
from consentry.index.gateway_store import GatewayStore
from consentry.ports.recoveries import Agreement, KeptTie


class DeskFamily:
    """The FamilyBook port. Raises StoreUnreachable."""

    def __init__(self, store: GatewayStore) -> None:
        self._database = store.database

    def tie(self, tie: KeptTie) -> None:
        place = (ties.c.identity == tie.identity) & (ties.c.account == tie.account)
        with self._database.write() as connection:
            connection.execute(delete(ties).where(place))
            connection.execute(insert(ties).values(**vars(tie)))

    def ties_of(self, identity: Address) -> tuple[KeptTie, ...]:
        return self._ties(select(ties).where(ties.c.identity == identity).order_by(ties.c.noted_at))

    def ties_to(self, account: Address, most: int) -> tuple[KeptTie, ...]:
        newest = (ties.c.noted_at.desc(), ties.c.identity)
        return self._ties(select(ties).where(ties.c.account == account).order_by(*newest).limit(most))

    def agree(self, agreement: Agreement) -> None:
        same = (agreements.c.identity == agreement.identity) & (agreements.c.guardian == agreement.guardian)
        with self._database.write() as connection:
            connection.execute(delete(agreements).where(same | (agreements.c.deadline < agreement.noted_at)))
            connection.execute(insert(agreements).values(**vars(agreement)))

    def agreements(self, identity: Address) -> tuple[Agreement, ...]:
        query = select(agreements).where(agreements.c.identity == identity).order_by(agreements.c.noted_at)
        with self._database.read() as connection:
            return tuple(_agreement(row) for row in connection.execute(query))

    def settle(self, identity: Address) -> None:
        with self._database.write() as connection:
            connection.execute(delete(agreements).where(agreements.c.identity == identity))

    def _ties(self, query: Select[Any]) -> tuple[KeptTie, ...]:
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(
            KeptTie(Address(row.identity), Address(row.account), row.sealed_name, row.noted_at)
            for row in rows
        )


def _agreement(row: Row[Any]) -> Agreement:
    return Agreement(
        identity=Address(row.identity),
        new_owner=Address(row.new_owner),
        attempt=row.attempt,
        deadline=row.deadline,
        guardian=Address(row.guardian),
        signature=row.signature,
        noted_at=row.noted_at,
    )
