"""An author's book: what it keeps of its own records, and further entries of them (K-35)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from consentry.databases.place import Place as DatabasePlace
from consentry.errors import StoreUnreachable
from consentry.index.author import SqlPublications
from consentry.index.author_tables import own_records, resealings
from consentry.index.own_records import SqlOwnRecords
from consentry.ports.own_records import OwnSummary
from consentry.ports.publications import Publication, State, Taken


def fresh(version: int = 1, record_id: bytes | None = None) -> Publication:
    return Publication(
        secrets.token_bytes(32),
        record_id or secrets.token_bytes(32),
        secrets.token_bytes(32),
        "b" + "a" * 58,
        secrets.token_bytes(32),
        State.STORED,
        committee_version=version,
        kept=secrets.token_bytes(40),
    )


@pytest.fixture
def book(place: DatabasePlace) -> Iterator[SqlPublications]:
    made = SqlPublications(place)
    yield made
    made.database.close()


def anchored(book: SqlPublications, *publications: Publication) -> None:
    root = secrets.token_bytes(32)
    book.store(publications, [])
    book.batch([one.content_id for one in publications], root, secrets.token_bytes(32))
    book.anchored(root, None)


def test_older_than_gives_what_is_on_chain_in_order_and_from_where_it_stopped(book: SqlPublications) -> None:
    """K-35: not what was only stored, nor what is of this version."""
    own = SqlOwnRecords(book.database)
    records = sorted((fresh() for _ in range(5)), key=lambda one: one.record_id)
    anchored(book, *records, fresh(2))
    book.store([fresh()], [])
    first = own.older_than(2, b"", 3)
    assert [(one.record_id, one.sealed) for one in first] == [
        (one.record_id, one.kept) for one in records[:3]
    ]
    assert [one.record_id for one in own.older_than(2, first[-1].record_id, 3)] == [
        one.record_id for one in records[3:]
    ]
    assert own.summary(2) == OwnSummary(6, 1, 0) and own.older_than(1, b"", 9) == ()


def test_store_resealed_notes_entries_positions_and_the_new_version_together(book: SqlPublications) -> None:
    """K-35, D-3: one transaction; they are unfinished, before what was published since, and go on chain as others do."""
    own, channel = SqlOwnRecords(book.database), secrets.token_bytes(32)
    record = fresh()
    anchored(book, record)
    moved, later = fresh(2, record.record_id), fresh()
    with pytest.raises(StoreUnreachable):
        own.store_resealed(2, [moved], [Taken(channel, 0, 3, 1)])
    assert own.summary(2).older == 1 and book.unfinished() == ()
    book.store([later], [])
    own.store_resealed(2, [moved], [Taken(channel, 0, 0, 1)])
    own.store_resealed(2, [], [])
    assert own.summary(2) == OwnSummary(1, 1, 0) and book.places([channel])[channel].next_position == 1
    assert [one.content_id for one in book.unfinished()] == [moved.content_id, later.content_id]
    root = secrets.token_bytes(32)
    book.batch([later.content_id, moved.content_id], root, root)
    assert [one.content_id for one in book.of_root(root)] == [later.content_id, moved.content_id]
    book.anchored(root, None)
    assert book.unfinished() == () and own.older_than(2, b"", 9)[0].record_id == later.record_id


def test_a_book_of_before_opens_and_says_of_how_many_records_it_kept_nothing(tmp_path: Path) -> None:
    """K-35: its tables are added; those records cannot be moved."""
    path = tmp_path / "author.sqlite"
    old = SqlPublications(path)
    with old.database.write() as connection:
        for table in (own_records, resealings):
            table.drop(connection.whole)
        connection.whole.exec_driver_sql("DROP TABLE schema_author")
    book = SqlPublications(path)
    anchored(book, replace(fresh(), kept=b""), fresh())
    assert SqlOwnRecords(book.database).summary(2) == OwnSummary(1, 0, 1)
