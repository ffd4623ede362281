"""Which linked people are in which department's care, as the hospital's system told the desk (G-11).

Cannot be rebuilt from anywhere but the hospital's system. An episode stands under the link's reference, and ends with it.
"""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select

from consentry.databases.prepared import Query
from consentry.domain.addresses import Address
from consentry.index.desk_tables import episodes, links
from consentry.index.gateway_store import GatewayStore
from consentry.ports.desk_values import NotedEpisode

# Made once: putting a statement together takes longer than running it.
_CURRENT = Query(
    select(episodes.c.department, episodes.c.until)
    .join(links, links.c.ref == episodes.c.ref)
    .where(links.c.patient == bindparam("of"), links.c.unlinked_at.is_(None))
    .where(episodes.c.until > bindparam("now"))
    .order_by(episodes.c.until)
)


class DeskEpisodes:
    """The EpisodeBook port. Raises StoreUnreachable."""

    def __init__(self, store: GatewayStore) -> None:
        self._database = store.database

    def note(self, episode: NotedEpisode) -> None:
        place = (episodes.c.ref == episode.ref) & (episodes.c.department == episode.department)
        with self._database.write() as connection:
            connection.execute(delete(episodes).where(place | (episodes.c.until <= episode.noted_at)))
            connection.execute(insert(episodes).values(**vars(episode)))

    def end(self, ref: str, department: str) -> bool:
        place = (episodes.c.ref == ref) & (episodes.c.department == department)
        with self._database.write() as connection:
            return connection.change(delete(episodes).where(place)) > 0

    def current(self, patient: Address, now: int) -> dict[str, int]:
        asked = {"of": patient, "now": now}
        with self._database.read() as connection:
            return {row.department: row.until for row in connection.execute(_CURRENT, asked)}
