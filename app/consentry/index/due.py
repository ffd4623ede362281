"""What is to be fetched now, and by which statements that is found again and again."""

from __future__ import annotations

from sqlalchemy import BigInteger, BindParameter, ColumnElement, bindparam, literal_column, select

from consentry.index.tables import EntryState, ManifestState, anchors, checkpoints, entries


def manifests_due(now: int | BindParameter[int], *, fresh: bool) -> list[ColumnElement[bool]]:
    waiting = anchors.c.state == ManifestState.WAITING
    return [waiting, anchors.c.next_attempt_at == 0 if fresh else anchors.c.next_attempt_at <= now]


def entries_due(now: int | BindParameter[int], *, fresh: bool) -> list[ColumnElement[bool]]:
    # The state stands in the text, or the partial index would not be used.
    waiting = entries.c.state == literal_column(f"'{EntryState.WAITING}'")
    return [waiting, entries.c.next_attempt_at == 0 if fresh else entries.c.next_attempt_at <= now]


# Made once: putting a statement together takes longer than running it. By whether such are meant that were never tried.
NEWEST = select(checkpoints.c.block, checkpoints.c.hash).order_by(checkpoints.c.block.desc()).limit(1)
_NOW: BindParameter[int] = bindparam("now", type_=BigInteger)
MANIFEST_AUTHORS = {
    fresh: select(anchors.c.author).where(*manifests_due(_NOW, fresh=fresh)).distinct()
    for fresh in (False, True)
}
ENTRY_AUTHORS = {
    fresh: select(entries.c.author).where(*entries_due(_NOW, fresh=fresh)).distinct()
    for fresh in (False, True)
}
