"""What patients ask about their records, at the desk of the gateway (the Petitions port). Cannot be rebuilt: back it up."""

from __future__ import annotations

from sqlalchemy import Row, func, insert, select, update

from consentry.domain.addresses import Address
from consentry.domain.petitions import Asked, State
from consentry.index.desk_tables import petitions
from consentry.index.gateway_store import GatewayStore
from consentry.ports.petitions import KeptPetition

_ROWS = select(petitions)


class DeskPetitions:
    """Raises StoreUnreachable."""

    def __init__(self, store: GatewayStore) -> None:
        self._database = store.database

    def add(self, petition: KeptPetition, most_open: int) -> bool:
        waiting = select(func.count()).where(
            petitions.c.patient == petition.patient, petitions.c.state == State.OPEN
        )
        with self._database.write() as connection:
            if connection.execute(waiting).scalar_one() >= most_open:
                return False
            connection.execute(insert(petitions).values(**vars(petition)))
        return True

    def of_patient(self, patient: Address) -> tuple[KeptPetition, ...]:
        query = _ROWS.where(petitions.c.patient == patient).order_by(petitions.c.asked_at.desc())
        with self._database.read() as connection:
            return tuple(_kept(row) for row in connection.execute(query))

    def answered(self, patient: Address) -> dict[bytes, int]:
        query = (
            select(petitions.c.petition_id, petitions.c.answered_at)
            .where(petitions.c.patient == patient, petitions.c.state != State.OPEN)
            .order_by(petitions.c.answered_at.desc())
        )
        with self._database.read() as connection:
            return {row.petition_id: row.answered_at for row in connection.execute(query)}

    def open_ones(self, most: int) -> tuple[KeptPetition, ...]:
        query = _ROWS.where(petitions.c.state == State.OPEN).order_by(petitions.c.asked_at).limit(most)
        with self._database.read() as connection:
            return tuple(_kept(row) for row in connection.execute(query))

    def count_open(self) -> int:
        with self._database.read() as connection:
            waiting = select(func.count()).where(petitions.c.state == State.OPEN)
            return int(connection.execute(waiting).scalar_one())

    def get(self, petition_id: bytes) -> KeptPetition | None:
        with self._database.read() as connection:
            row = connection.execute(_ROWS.where(petitions.c.petition_id == petition_id)).first()
        return None if row is None else _kept(row)

    def answer(self, petition: KeptPetition) -> bool:
        place = (petitions.c.petition_id == petition.petition_id) & (petitions.c.state == State.OPEN)
        told = {
            "state": petition.state,
            "sealed_answer": petition.sealed_answer,
            "answered_at": petition.answered_at,
            "answered_by": petition.answered_by,
        }
        with self._database.write() as connection:
            return connection.change(update(petitions).where(place).values(**told)) == 1


def _kept(row: Row[tuple[object, ...]]) -> KeptPetition:
    values = dict(row._mapping)
    values |= {
        "patient": Address(values["patient"]),
        "asked": Asked(values["asked"]),
        "state": State(values["state"]),
    }
    return KeptPetition(**values)
