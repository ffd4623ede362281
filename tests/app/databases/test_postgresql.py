"""PostgreSQL keeps what SQLite promises: durable, one writer of a book, nothing lost or doubled (H-17, H-19, H-20)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import insert, select, text

from consentry.errors import StoreUnreachable
from consentry.index.author import SqlPublications
from consentry.index.author_tables import settled
from consentry.index.entries import SqlIndex
from consentry.index.gateway_store import GatewayStore
from consentry.ports.publications import Place, Taken
from tests import postgres as servers
from tests.app.index.test_index_author import fresh, store
from tests.postgres import Postgres
from tests.waiting import until


@pytest.fixture
def book(postgres: Postgres) -> Iterator[SqlPublications]:
    made = SqlPublications(postgres.database())
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def mortal() -> Iterator[Postgres]:
    """A server of this module's own, which may be killed."""
    with servers.running() as server:
        yield server


def test_commits_are_durable_where_they_must_be(postgres: Postgres) -> None:
    """H-17: also where the server would not wait for the disk by itself; the index, which is filled anew, need not."""
    url = postgres.database()
    postgres.say(f"ALTER DATABASE {url.database} SET synchronous_commit = off")
    desk, index = GatewayStore(url), SqlIndex(url)
    for database, wanted in ((desk.database, "on"), (index.database, "off")):
        with database.write() as connection:
            assert connection.execute(text("SHOW synchronous_commit")).scalar() == wanted
        with database.read() as connection:
            assert connection.execute(text("SHOW transaction_isolation")).scalar() == "repeatable read"
        with database.read() as connection, pytest.raises(StoreUnreachable), desk.database.read() as reading:
            reading.execute(insert(settled).values(root=bytes(32)))
        database.close()


def test_a_server_that_does_not_sync_is_refused(mortal: Postgres) -> None:
    """H-17: what it acknowledges is lost in a power cut."""
    mortal.say("ALTER SYSTEM SET full_page_writes = off")
    mortal.say("SELECT pg_reload_conf()")
    url = mortal.database()
    until(lambda: mortal.say("SHOW full_page_writes") == [("off",)], "the setting is read")
    with pytest.raises(StoreUnreachable, match="full_page_writes"):
        GatewayStore(url)
    SqlIndex(url).database.close()
    mortal.say("ALTER SYSTEM RESET full_page_writes")
    mortal.say("SELECT pg_reload_conf()")
    until(lambda: mortal.say("SHOW full_page_writes") == [("on",)], "the setting is read")


def test_a_writer_waits_for_the_other_and_reads_what_it_left(
    book: SqlPublications, postgres: Postgres
) -> None:
    """H-17: in two processes' views; a reader waits for nobody and sees one moment."""
    other = SqlPublications(book.database.place)
    inside, over, root = Event(), Event(), secrets.token_bytes(32)

    def first() -> None:
        with book.database.write() as connection:
            connection.execute(insert(settled).values(root=root))
            inside.set()
            assert over.wait(60)

    def second() -> list[bytes]:
        with other.database.write() as connection:
            return list(connection.execute(select(settled.c.root)).scalars())

    with ThreadPoolExecutor(2) as threads:
        writing = threads.submit(first)
        assert inside.wait(60)
        waiting = threads.submit(second)
        with other.database.read() as connection:
            assert connection.execute(select(settled.c.root)).all() == []
            until(lambda: _waits(postgres, book), "the second writer waits")
            over.set()
            writing.result(60)
            assert connection.execute(select(settled.c.root)).all() == []
        assert waiting.result(60) == [root]
    other.database.close()


def _waits(postgres: Postgres, book: SqlPublications) -> bool:
    name = getattr(book.database.place, "database", "")
    query = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}' AND wait_event = 'advisory'"
    return postgres.say(query) == [(1,)]


def test_a_publish_goes_on_alone_until_its_connection_ends(book: SqlPublications, postgres: Postgres) -> None:
    """H-19: the lock of one whose connection was cut is free for the next; the positions decide between the two."""
    other = SqlPublications(book.database.place)
    channel = secrets.token_bytes(32)
    with book.exclusive():
        assert _end_all(postgres, book)
        assert store(other, channel, 2) == 0
        with pytest.raises(StoreUnreachable, match="taken"):
            book.store(fresh(), [Taken(channel, 0, 0, 1)])
    assert store(book, channel, 1) == 2
    other.database.close()


def test_a_backend_killed_in_mid_transaction_loses_that_transaction_alone(
    book: SqlPublications, postgres: Postgres
) -> None:
    """H-20: whole or not at all; the next one needs nothing from anybody."""
    channel = secrets.token_bytes(32)
    assert store(book, channel, 3) == 0
    with pytest.raises(StoreUnreachable), book.database.write() as connection:
        connection.execute(insert(settled).values(root=bytes(32)))
        assert _end_all(postgres, book)
        connection.execute(insert(settled).values(root=bytes(31)))
    assert book.places([channel])[channel] == Place(0, 3)
    assert store(book, channel, 1) == 3
    with book.database.read() as connection:
        assert connection.execute(select(settled.c.root)).all() == []


def test_a_server_killed_under_load_loses_and_doubles_nothing(mortal: Postgres) -> None:
    """H-20: `kill -9` of the postmaster and all that it started, while eight threads publish; all goes on by itself after."""
    url, channel = mortal.database(), secrets.token_bytes(32)
    books = [SqlPublications(url) for _ in range(2)]
    told: list[int] = []
    stop = Event()

    def publishes(which: int) -> int:
        failures = 0
        while not stop.is_set():
            try:
                told.append(store(books[which % 2], channel, 1))
            except StoreUnreachable:
                failures += 1
                stop.wait(0.05)
        return failures

    with ThreadPoolExecutor(8) as threads:
        running = [threads.submit(publishes, one) for one in range(8)]
        for _ in range(2):
            before = len(told)
            until(lambda before=before: len(told) > before + 20, "publishing goes on")
            mortal.kill()
            mortal.start()
        after = len(told)
        until(lambda: len(told) > after + 20, "publishing goes on after the last start")
        stop.set()
        assert sum(one.result(120) for one in running) > 0
    assert len(set(told)) == len(told), "no position was given twice"
    place = books[0].places([channel])[channel]
    # a commit whose answer was lost may have been made: then its position is noted with its publication, and told to nobody
    assert set(told) <= set(range(place.next_position))
    assert len(books[0].unfinished()) == place.next_position
    for one in books:
        one.database.close()


def _end_all(postgres: Postgres, book: SqlPublications) -> bool:
    name = getattr(book.database.place, "database", "")
    found = postgres.say(f"SELECT pid FROM pg_stat_activity WHERE datname = '{name}'")
    postgres.say(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    still = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'"
    until(lambda: postgres.say(still) == [(0,)], "the connections are ended")
    return bool(found)
