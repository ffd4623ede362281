"""Directory documents that wait for the chain to name them (the StagedBook port), in the desk's database."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, func, insert, select, update

from consentry.databases.connection import Connection
from consentry.databases.prepared import Query
from consentry.domain.addresses import Address
from consentry.errors import RateLimited
from consentry.index.desk_tables import staged
from consentry.index.gateway_store import GatewayStore
from consentry.ports.staged import Room, Stage, Staged

_ROW = select(staged.c.cid, staged.c.patient, staged.c.size, staged.c.staged_at, staged.c.stage)
_BEFORE = Query(
    _ROW.where(staged.c.staged_at < bindparam("time")).order_by(staged.c.staged_at).limit(bindparam("most"))
)


class DeskStaged:
    """Raises StoreUnreachable."""

    def __init__(self, store: GatewayStore) -> None:
        self._database = store.database

    def take(self, new: Staged, room: Room) -> bool:
        with self._database.write() as connection:
            known = connection.execute(select(staged.c.stage).where(staged.c.cid == new.cid)).scalar()
            stage = Stage.NAMED if known == Stage.NAMED else new.stage
            _require_own_room(connection, new, room)
            if stage is Stage.KEPT and not _fits(connection, new, room):
                return False
            connection.execute(delete(staged).where(staged.c.cid == new.cid))
            connection.execute(insert(staged).values(**vars(new) | {"stage": stage}))
        return True

    def name(self, cid: str) -> None:
        self._set(cid, Stage.NAMED)

    def unname(self, cid: str) -> None:
        self._set(cid, Stage.KEPT)

    def oldest_kept(self) -> Staged | None:
        kept = _ROW.where(staged.c.stage == Stage.KEPT).order_by(staged.c.staged_at).limit(1)
        with self._database.read() as connection:
            return next((_staged(*row) for row in connection.execute(kept)), None)

    def before(self, time: int, limit: int) -> tuple[Staged, ...]:
        with self._database.read() as connection:
            rows = connection.execute(_BEFORE, {"time": time, "most": limit})
            return tuple(_staged(*row) for row in rows)

    def is_as(self, one: Staged) -> bool:
        with self._database.read() as connection:
            row = connection.execute(_ROW.where(staged.c.cid == one.cid)).first()
        return row is not None and _staged(*row) == one

    def forget(self, cid: str) -> None:
        with self._database.write() as connection:
            connection.execute(delete(staged).where(staged.c.cid == cid))

    def _set(self, cid: str, stage: Stage) -> None:
        with self._database.write() as connection:
            connection.execute(update(staged).where(staged.c.cid == cid).values(stage=stage))


def _staged(cid: str, patient: str, size: int, staged_at: int, stage: str) -> Staged:
    return Staged(cid, Address(patient), size, staged_at, Stage(stage))


def _require_own_room(connection: Connection, new: Staged, room: Room) -> None:
    others = (staged.c.patient == new.patient) & (staged.c.cid != new.cid)
    figures = (
        func.count(),
        func.coalesce(func.sum(staged.c.size), 0),
        func.coalesce(func.min(staged.c.staged_at), new.staged_at),
    )
    number, size, first = connection.execute(select(*figures).where(others)).one()
    if number + 1 > room.most_of_one or size + new.size > room.bytes_of_one:
        raise RateLimited(
            "as many directory documents of this patient came in a day as are kept",
            seconds=max(first + room.seconds - new.staged_at, 1),
        )


def _fits(connection: Connection, new: Staged, room: Room) -> bool:
    others = (staged.c.stage == Stage.KEPT) & (staged.c.cid != new.cid)
    figures = (func.count(), func.coalesce(func.sum(staged.c.size), 0))
    number, size = connection.execute(select(*figures).where(others)).one()
    return bool(number + 1 <= room.most and size + new.size <= room.bytes)
