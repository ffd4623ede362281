"""An author's book of documents and versions, on a real file (D-13 to D-17)."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from consentry.databases.place import Place
from consentry.errors import StoreUnreachable
from consentry.index.author import SqlPublications
from consentry.index.waiting import SqlWaitingRoom
from consentry.ports.publications import Publication, State, Taken
from consentry.ports.versions import UNNAMED, Changes, Ended, Standing, Version
from consentry.ports.waiting import WaitingRecord


@pytest.fixture
def book(place: Place) -> Iterator[SqlPublications]:
    made = SqlPublications(place)
    yield made
    made.database.close()


def token() -> bytes:
    return secrets.token_bytes(32)


def version(**more: Any) -> Version:
    made: dict[str, Any] = {
        "record_id": token(),
        "content": token(),
        "place": token(),
        "department": token(),
        "version": 1,
        "replaces": None,
        "names": frozenset((token(), token())),
        "documents": frozenset((UNNAMED,)),
    }
    return Version(**made | more)


def publication(record_id: bytes) -> Publication:
    return Publication(token(), record_id, token(), "bafk-entry", token(), State.STORED)


def test_versions_are_found_by_content_record_name_and_document(book: SqlPublications, place: Place) -> None:
    """D-13: after a restart too; only current ones are related."""
    name, document = token(), token()
    named = version(names=frozenset((name,)), documents=frozenset((document,)))
    plain, other = version(names=frozenset((name, token()))), version(names=frozenset())
    book.store([publication(named.record_id)], [], Changes(created=(named, plain, other)))
    again = SqlPublications(place).versions
    assert again.of_contents([named.content, token()]) == {named.content: named}
    assert again.of_records([plain.record_id, other.record_id]) == {
        plain.record_id: plain,
        other.record_id: other,
    }
    assert set(again.related(document, [])) == {named}
    assert set(again.related(UNNAMED, [name])) == {named, plain}
    assert again.related(UNNAMED, []) == ()
    again.note(Changes(ended=(Ended(named.record_id, Standing.REPLACED, plain.record_id),)))
    assert set(again.related(document, [name])) == {plain}
    assert again.of_records([named.record_id])[named.record_id].replaced_by == plain.record_id


def test_current_version_of_a_content_comes_first(book: SqlPublications) -> None:
    """D-16: content that came back is known by the record it is in now."""
    first = version()
    back = version(content=first.content, version=3)
    book.versions.note(Changes(created=(first,)))
    book.versions.note(Changes(ended=(Ended(first.record_id, Standing.REPLACED),)))
    assert book.versions.of_contents([first.content])[first.content].record_id == first.record_id
    book.versions.note(Changes(created=(back,)))
    assert book.versions.of_contents([first.content]) == {first.content: back}


def test_store_notes_all_of_it_or_nothing(book: SqlPublications) -> None:
    """D-3, D-13: no version without its publication, no end without its follower."""
    old, new = version(), version()
    book.store([publication(old.record_id)], [], Changes(created=(old,)))
    changes = Changes(created=(new,), ended=(Ended(old.record_id, Standing.REPLACED, new.record_id),))
    with pytest.raises(StoreUnreachable):
        book.store([publication(new.record_id)], [Taken(token(), 0, 5, 1)], changes)
    assert book.versions.of_records([old.record_id, new.record_id]) == {old.record_id: old}
    assert book.of_records([new.record_id]) == {} and set(book.of_records([old.record_id])) == {old.record_id}


def test_record_that_waits_is_dropped_instead_of_retracted(book: SqlPublications) -> None:
    """D-17: what was never on chain is not taken off it."""
    room, waits, filed = SqlWaitingRoom(book.database), version(), version()
    held = WaitingRecord(token(), waits.record_id, "0x" + "1" * 40, b"sealed", 1)
    room.keep([held], Changes(created=(waits, filed)))
    assert room.of_records([waits.record_id]) == {waits.record_id: held}
    ended = tuple(Ended(one.record_id, Standing.RETRACTING) for one in (waits, filed))
    room.keep([], Changes(ended=ended))
    assert room.of_records([waits.record_id]) == {} and book.versions.retracting() == (filed.record_id,)
    assert book.versions.of_records([waits.record_id])[waits.record_id].standing is Standing.RETRACTED


def test_book_of_an_earlier_release_opens(tmp_path: Path) -> None:
    """D-13: the tables of versions are added; what was published before keeps its place."""
    path = tmp_path / "author.sqlite"
    before = publication(token())
    SqlPublications(path).store([before], [])
    with sqlite3.connect(path) as connection:
        for table in ("versions", "version_names", "version_documents", "schema_author"):
            connection.execute(f"DROP TABLE {table}")
    again = SqlPublications(path)
    assert again.find([before.content_id]) == {before.content_id: before}
    assert again.versions.of_contents([before.content_id]) == {}
    noted = version(record_id=before.record_id, content=before.content_id)
    again.versions.note(Changes(created=(noted,)))
    assert again.versions.of_contents([before.content_id]) == {before.content_id: noted}
