"""Rows of an author's book that two of its parts write: publications, further entries of them, positions taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, Table, bindparam, delete, insert, select

from consentry.databases.connection import Connection
from consentry.databases.prepared import Change, Query
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

_AT_ONCE = 400
_PLACE = (channels.c.channel_id == bindparam("id")) & (channels.c.lineage == bindparam("in"))
_TAKEN = Query(
    select(channels.c.channel_id, channels.c.lineage, channels.c.next_position).where(
        channels.c.channel_id.in_(bindparam("ids", expanding=True))
    ),
    "ids",
)
_NO_PLACE, _NEXT_PLACE = Change(delete(channels).where(_PLACE)), Change(insert(channels))


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


def take(connection: Connection, taken: Sequence[Taken]) -> None:
    """Raises StoreUnreachable when a range does not begin at its channel's next position."""
    for start in range(0, len(taken), _AT_ONCE):
        these = taken[start : start + _AT_ONCE]
        found = connection.execute(_TAKEN, {"ids": [one.channel_id for one in these]})
        known = {(row.channel_id, row.lineage): row.next_position for row in found}
        if any(known.get((one.channel_id, one.lineage), 0) != one.first for one in these):
            raise StoreUnreachable("another publish has taken these positions")
    if taken:
        connection.change(_NO_PLACE, [{"id": one.channel_id, "in": one.lineage} for one in taken])
        rows = [
            {"channel_id": one.channel_id, "lineage": one.lineage, "next_position": one.first + one.count}
            for one in taken
        ]
        connection.change(_NEXT_PLACE, rows)
