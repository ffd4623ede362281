"""Rows of an author's book that two of its parts write: publications, further entries of them, positions taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, insert, select

from consentry.errors import StoreUnreachable
from consentry.index.author_tables import channels
from consentry.ports.publications import Publication, State, Taken

_COLUMNS = (
    "content_id",
    "record_id",
    "tag",
    "entry_cid",
    "digest",
    "state",
    "root",
    "manifest_digest",
    "transaction",
)


def publication_rows(table: Table) -> Select[Any]:
    """Of `publications` or `resealings`, as `read_publication` takes them."""
    return select(*(table.c[name] for name in _COLUMNS))


def read_publication(row: Sequence[Any]) -> Publication:
    content_id, record_id, tag, entry_cid, digest, state, *rest = row
    return Publication(content_id, record_id, tag, entry_cid, digest, State(state), *rest)


def new_row(one: Publication) -> dict[str, Any]:
    """What is noted of a publication in state STORED."""
    return {
        "content_id": one.content_id,
        "record_id": one.record_id,
        "tag": one.tag,
        "entry_cid": one.entry_cid,
        "digest": one.digest,
        "state": State.STORED,
    }


def sealing_rows(fresh: Sequence[Publication]) -> list[dict[str, Any]]:
    """What erasing needs of each entry (X-3)."""
    return [
        {"entry_cid": one.entry_cid, "record_id": one.record_id, "sealing_hash": one.sealing_hash}
        for one in fresh
        if one.sealing_hash
    ]


def take(connection: Connection, taken: Taken) -> None:
    """Raises StoreUnreachable when the range does not begin at its channel's next position."""
    place = (channels.c.channel_id == taken.channel_id) & (channels.c.lineage == taken.lineage)
    known = connection.execute(select(channels.c.next_position).where(place)).scalar()
    if int(known or 0) != taken.first:
        raise StoreUnreachable("another publish has taken these positions")
    connection.execute(delete(channels).where(place))
    connection.execute(
        insert(channels).values(
            channel_id=taken.channel_id, lineage=taken.lineage, next_position=taken.first + taken.count
        )
    )
