"""Sendings on disk (the Sendings port). A SQLite file of their own: nobody needs them in a back-up, as the chain tells what took
effect, and what is in an old copy would be sent again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, insert, select

from consentry.databases.place import Place
from consentry.index.database import Database
from consentry.index.schemas import SENDINGS
from consentry.index.sending_tables import attempts, sendings
from consentry.ports.sendings import Attempt, Call, Sending

NONCES = select(sendings.c.nonce).where(
    sendings.c.chain == bindparam("chain"), sendings.c.account == bindparam("account")
)


class SqlSendings:
    """The sendings on the chain whose first block has the hash `chain` (32 bytes)."""

    def __init__(self, place: Place, chain: bytes) -> None:
        self.database = Database(place, SENDINGS, durable=True)
        self._chain = chain

    def of(self, account: str) -> tuple[Sending, ...]:
        with self.database.read() as connection:
            return self._of(connection, account)

    def find(self, account: str, key: bytes) -> Sending | None:
        with self.database.read() as connection:
            return self._one(connection, account, sendings.c.key == key)

    def begin(
        self, account: str, call: Call, least: int, sign: Callable[[int], Attempt]
    ) -> tuple[Sending, bool]:
        with self.database.write() as connection:
            known = self._one(connection, account, sendings.c.key == call.key)
            if known is not None:
                return known, False
            taken = set(connection.execute(NONCES, {"chain": self._chain, "account": account}).scalars())
            nonce = least
            while nonce in taken:
                nonce += 1
            attempt = sign(nonce)
            place = {"chain": self._chain, "account": account, "nonce": nonce}
            row = {**place, "key": call.key, "target": call.to, "data": call.data, "gas": call.gas}
            connection.execute(insert(sendings).values(**row))
            connection.execute(insert(attempts).values(**place, number=0, **vars(attempt)))
        return Sending(account, nonce, call, (attempt,)), True

    def add(self, sending: Sending, attempt: Attempt) -> Sending:
        with self.database.write() as connection:
            kept = self._one(connection, sending.account, sendings.c.key == sending.call.key)
            if kept is None or kept.nonce != sending.nonce:
                return replace(sending, attempts=(*sending.attempts, attempt))
            place = {"chain": self._chain, "account": kept.account, "nonce": kept.nonce}
            row = {**place, "number": len(kept.attempts), **vars(attempt)}
            connection.execute(insert(attempts).values(**row))
        return replace(kept, attempts=(*kept.attempts, attempt))

    def end(self, sending: Sending) -> None:
        with self.database.write() as connection:
            of = [*self._place(sendings, sending.account), sendings.c.nonce == sending.nonce]
            if connection.execute(delete(sendings).where(*of, sendings.c.key == sending.call.key)).rowcount:
                tried = [*self._place(attempts, sending.account), attempts.c.nonce == sending.nonce]
                connection.execute(delete(attempts).where(*tried))

    def close(self) -> None:
        self.database.close()

    def _place(self, table: Table, account: str) -> tuple[Any, ...]:
        return table.c.chain == self._chain, table.c.account == account

    def _one(self, connection: Connection, account: str, which: ColumnElement[bool]) -> Sending | None:
        return next(iter(self._of(connection, account, which)), None)

    def _of(self, connection: Connection, account: str, *which: ColumnElement[bool]) -> tuple[Sending, ...]:
        rows = connection.execute(
            select(sendings).where(*self._place(sendings, account), *which).order_by(sendings.c.nonce)
        ).all()
        if not rows:
            return ()
        tried: dict[int, list[Attempt]] = {}
        asked = select(attempts).where(*self._place(attempts, account)).order_by(attempts.c.number)
        for one in connection.execute(asked):
            tried.setdefault(one.nonce, []).append(Attempt(one.hash, one.raw, one.max_fee, one.block))
        return tuple(
            Sending(account, row.nonce, Call(row.key, row.target, row.data, row.gas), tuple(tried[row.nonce]))
            for row in rows
        )
