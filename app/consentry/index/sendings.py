"""Sendings on disk (the Sendings port). A SQLite file of their own: nobody needs them in a back-up, as the chain tells what took
effect, and what is in an old copy would be sent again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select

from consentry.databases.connection import Connection
from consentry.databases.place import Place
from consentry.databases.prepared import Change, Query
from consentry.index.database import Database
from consentry.index.schemas import SENDINGS
from consentry.index.sending_tables import attempts, sendings
from consentry.ports.sendings import Attempt, Call, Sending


def _own(table: Table) -> tuple[Any, ...]:
    return table.c.chain == bindparam("on"), table.c.account == bindparam("by")


# Made once: to put a statement together takes longer than to carry it out.
_OF = Query(select(sendings).where(*_own(sendings)).order_by(sendings.c.nonce))
_FIND = Query(select(sendings).where(*_own(sendings), sendings.c.key == bindparam("which")))
_NONCES = Query(select(sendings.c.nonce).where(*_own(sendings)))
_TRIED = Query(
    select(attempts)
    .where(*_own(attempts), attempts.c.nonce == bindparam("under"))
    .order_by(attempts.c.number)
)
_KEEP, _TRY = Change(insert(sendings)), Change(insert(attempts))
_END = Change(
    delete(sendings).where(
        *_own(sendings), sendings.c.nonce == bindparam("under"), sendings.c.key == bindparam("which")
    )
)
_END_TRIED = Change(delete(attempts).where(*_own(attempts), attempts.c.nonce == bindparam("under")))


class SqlSendings:
    """The sendings on the chain whose first block has the hash `chain` (32 bytes)."""

    def __init__(self, place: Place, chain: bytes) -> None:
        self.database = Database(place, SENDINGS, durable=True)
        self._chain = chain

    def of(self, account: str) -> tuple[Sending, ...]:
        with self.database.read() as connection:
            rows = connection.execute(_OF, self._at(account)).all()
            return tuple(self._whole(connection, row) for row in rows)

    def find(self, account: str, key: bytes) -> Sending | None:
        with self.database.read() as connection:
            return self._find(connection, account, key)

    def begin(
        self, account: str, call: Call, least: int, sign: Callable[[int], Attempt]
    ) -> tuple[Sending, bool]:
        (begun,) = self.begin_all(account, [call], least, lambda _, nonce: sign(nonce))
        return begun

    def begin_all(
        self, account: str, calls: Sequence[Call], least: int, sign: Callable[[Call, int], Attempt]
    ) -> tuple[tuple[Sending, bool], ...]:
        begun: list[tuple[Sending, bool]] = []
        with self.database.write() as connection:
            for call in calls:
                known = self._find(connection, account, call.key)
                new = known or self._keep(connection, account, call, least, partial(sign, call))
                begun.append((new, known is None))
        return tuple(begun)

    def again(self, old: Sending, least: int, sign: Callable[[int], Attempt]) -> tuple[Sending, bool]:
        at = self._at(old.account) | {"under": old.nonce}
        with self.database.write() as connection:
            if not connection.change(_END, at | {"which": old.call.key}):
                return self._find(connection, old.account, old.call.key) or old, False
            connection.change(_END_TRIED, at)
            begun = self._keep(connection, old.account, old.call, least, sign)
        return begun, True

    def add(self, sending: Sending, attempt: Attempt) -> Sending:
        with self.database.write() as connection:
            kept = self._find(connection, sending.account, sending.call.key)
            if kept is None or kept.nonce != sending.nonce:
                return replace(sending, attempts=(*sending.attempts, attempt))
            place = {"chain": self._chain, "account": kept.account, "nonce": kept.nonce}
            connection.change(_TRY, {**place, "number": len(kept.attempts), **vars(attempt)})
        return replace(kept, attempts=(*kept.attempts, attempt))

    def end(self, sending: Sending, *, at_once: bool = True) -> None:
        at = self._at(sending.account) | {"under": sending.nonce}
        with self.database.write(at_once=at_once) as connection:
            if connection.change(_END, at | {"which": sending.call.key}):
                connection.change(_END_TRIED, at)

    def close(self) -> None:
        self.database.close()

    def _at(self, account: str) -> dict[str, Any]:
        return {"on": self._chain, "by": account}

    def _keep(
        self, connection: Connection, account: str, call: Call, least: int, sign: Callable[[int], Attempt]
    ) -> Sending:
        taken = set(connection.execute(_NONCES, self._at(account)).scalars())
        nonce = least
        while nonce in taken:
            nonce += 1
        attempt = sign(nonce)
        place = {"chain": self._chain, "account": account, "nonce": nonce}
        row = {**place, "key": call.key, "target": call.to, "data": call.data, "gas": call.gas}
        connection.change(_KEEP, row)
        connection.change(_TRY, {**place, "number": 0, **vars(attempt)})
        return Sending(account, nonce, call, (attempt,))

    def _find(self, connection: Connection, account: str, key: bytes) -> Sending | None:
        row = connection.execute(_FIND, self._at(account) | {"which": key}).first()
        return None if row is None else self._whole(connection, row)

    def _whole(self, connection: Connection, row: Any) -> Sending:
        tried = connection.execute(_TRIED, self._at(row.account) | {"under": row.nonce})
        found = tuple(Attempt(one.hash, one.raw, one.max_fee, one.block) for one in tried)
        return Sending(row.account, row.nonce, Call(row.key, row.target, row.data, row.gas), found)
