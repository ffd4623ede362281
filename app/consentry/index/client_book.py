"""Registered hospital systems (the ClientBook port), in the desk's database.

What was used is kept over a restart: an assertion that somebody saw on the way is worth nothing after one either.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, insert, select

from consentry.index.desk_tables import client_assertions, registered_clients
from consentry.index.gateway_store import GatewayStore
from consentry.ports.client_book import RegisteredClient


class DeskClients:
    """The ClientBook port. Raises StoreUnreachable."""

    def __init__(self, store: GatewayStore) -> None:
        self._database = store.database

    def client(self, client_id: str) -> RegisteredClient | None:
        with self._database.read() as connection:
            row = connection.execute(_CLIENT.where(_is(client_id))).first()
        return None if row is None else RegisteredClient(*row)

    def clients(self) -> tuple[RegisteredClient, ...]:
        with self._database.read() as connection:
            return tuple(RegisteredClient(*row) for row in connection.execute(_CLIENT))

    def register(self, client: RegisteredClient) -> None:
        with self._database.write() as connection:
            connection.execute(delete(registered_clients).where(_is(client.client_id)))
            connection.execute(insert(registered_clients).values(**vars(client)))

    def strike(self, client_id: str) -> bool:
        with self._database.write() as connection:
            return connection.change(delete(registered_clients).where(_is(client_id))) > 0

    def use(self, assertion: bytes, until: int, now: int) -> bool:
        known = select(client_assertions.c.until).where(client_assertions.c.assertion == assertion)
        with self._database.read() as connection:  # a replay costs no write
            if connection.execute(known).first() is not None:
                return False
        with self._database.write() as connection:
            connection.execute(delete(client_assertions).where(client_assertions.c.until <= now))
            if connection.execute(known).first() is not None:
                return False
            connection.execute(insert(client_assertions).values(assertion=assertion, until=until))
        return True


def _is(client_id: str) -> ColumnElement[bool]:
    return registered_clients.c.client_id == client_id


_CLIENT = select(
    registered_clients.c.client_id,
    registered_clients.c.public_keys,
    registered_clients.c.scopes,
    registered_clients.c.registered_at,
).order_by(registered_clients.c.client_id)
