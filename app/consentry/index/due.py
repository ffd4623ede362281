"""What is to be fetched now, and by which statements that is found again and again."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Integer,
    String,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)

from consentry.databases.columns import keep_new
from consentry.databases.prepared import Change, Query
from consentry.index.tables import EntryState, ManifestState, anchors, checkpoints, entries, scans


def manifests_due(now: int | BindParameter[int], *, fresh: bool) -> list[ColumnElement[bool]]:
    waiting = anchors.c.state == ManifestState.WAITING
    return [waiting, anchors.c.next_attempt_at == 0 if fresh else anchors.c.next_attempt_at <= now]


def entries_due(now: int | BindParameter[int], *, fresh: bool) -> list[ColumnElement[bool]]:
    # The state stands in the text, or the partial index would not be used.
    waiting = entries.c.state == literal_column(f"'{EntryState.WAITING}'")
    return [waiting, entries.c.next_attempt_at == 0 if fresh else entries.c.next_attempt_at <= now]


# Made once: putting a statement together takes longer than running it. By whether such are meant that were never tried.
BLOCKS = Query(select(checkpoints.c.block).order_by(checkpoints.c.block.desc()))
HOW_MANY_BLOCKS = Query(select(func.count()).select_from(checkpoints))
NO_CHECKPOINT = Change(delete(checkpoints).where(checkpoints.c.block == bindparam("at")))
CHECKPOINT = Change(insert(checkpoints))
NO_SCAN, SCAN = Change(delete(scans)), Change(insert(scans))
NEWEST = Query(select(checkpoints.c.block, checkpoints.c.hash).order_by(checkpoints.c.block.desc()).limit(1))
_NOW: BindParameter[int] = bindparam("now", type_=BigInteger)
MANIFEST_AUTHORS = {
    fresh: Query(select(anchors.c.author).where(*manifests_due(_NOW, fresh=fresh)).distinct())
    for fresh in (False, True)
}
ENTRY_AUTHORS = {
    fresh: Query(select(entries.c.author).where(*entries_due(_NOW, fresh=fresh)).distinct())
    for fresh in (False, True)
}
_BY, _MOST = bindparam("by", type_=String), bindparam("most", type_=Integer)
MANIFESTS_OF = {
    fresh: Query(
        select(*anchors.c["author", "root", "manifest_digest", "count", "block", "attempts"])
        .where(anchors.c.author == _BY, *manifests_due(_NOW, fresh=fresh))
        .order_by(anchors.c.next_attempt_at, anchors.c.block, anchors.c.log_index)
        .limit(_MOST)
    )
    for fresh in (False, True)
}
ENTRIES_OF = {
    fresh: Query(
        select(*entries.c["author", "root", "position", "entry_cid", "attempts"])
        .where(entries.c.author == _BY, *entries_due(_NOW, fresh=fresh))
        .order_by(entries.c.next_attempt_at)
        .limit(_MOST)
    )
    for fresh in (False, True)
}
_ANCHOR = (anchors.c.author == _BY) & (anchors.c.root == bindparam("under"))
ANCHORED_IN = Query(select(anchors.c.block).where(_ANCHOR))
NEW_ANCHORS, ENTRY = keep_new(anchors), Change(insert(entries))
INDEXED = Change(update(anchors).where(_ANCHOR).values(state=ManifestState.INDEXED, reason=""))
NO_ROWS = Change(delete(entries).where(entries.c.author == _BY, entries.c.root == bindparam("under")))
# what was erased meanwhile stays so
SETTLED = Change(
    update(entries)
    .where(
        entries.c.author == _BY,
        entries.c.root == bindparam("under"),
        entries.c.position == bindparam("at"),
        entries.c.state == EntryState.WAITING,
    )
    .values(state=bindparam("now"))
)
