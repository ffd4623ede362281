"""Registered systems and used assertions in the desk's database (T-2, T-3)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from consentry.databases.place import Place
from consentry.index.client_book import DeskClients
from consentry.index.desk_tables import client_assertions
from consentry.index.gateway_store import GatewayStore
from consentry.ports.client_book import RegisteredClient

NOW = 1_800_000_000
HIS = RegisteredClient("his", '{"keys": []}', "system/*.rs", NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gateway.sqlite"


@pytest.fixture
def desk(place: Place) -> Iterator[GatewayStore]:
    made = GatewayStore(place)
    yield made
    made.database.close()


@pytest.fixture
def book(desk: GatewayStore) -> DeskClients:
    return DeskClients(desk)


def test_clients_are_kept_by_name_and_the_newest_registration_counts(book: DeskClients, place: Place) -> None:
    """T-2: another process sees it at once."""
    book.register(RegisteredClient("lab", "{}", "system/*.s", NOW))
    book.register(HIS)
    other = DeskClients(GatewayStore(place))
    assert [one.client_id for one in other.clients()] == ["his", "lab"]
    assert other.client("his") == HIS and other.client("nobody") is None
    wider = RegisteredClient("his", '{"keys": []}', "system/*.cruds", NOW + 1)
    other.register(wider)
    assert book.client("his") == wider and len(book.clients()) == 2
    assert book.strike("his") and not other.strike("his")
    assert other.client("his") is None


def test_assertion_is_used_once_by_whoever_comes_first(book: DeskClients, place: Place) -> None:
    """T-3: in two processes, at the same moment."""
    books = (book, DeskClients(GatewayStore(place)))
    for number in range(5):
        assertion = bytes([number]) * 32
        with ThreadPoolExecutor(8) as threads:
            used = list(threads.map(lambda n, a=assertion: books[n % 2].use(a, NOW + 300, NOW), range(8)))
        assert used.count(True) == 1


def test_assertions_are_forgotten_once_they_have_ended(book: DeskClients, desk: GatewayStore) -> None:
    """T-3: then they are refused for their time."""
    for number in range(10):
        assert book.use(bytes([number]) * 32, NOW + number + 1, NOW)
    assert not book.use(bytes([9]) * 32, NOW + 300, NOW + 9)
    assert book.use(b"x" * 32, NOW + 300, NOW + 9)
    with desk.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(client_assertions)).scalar() == 2


def test_database_of_before_gets_the_tables(path: Path) -> None:
    """Of a release that knew neither clients nor assertions."""
    GatewayStore(path).database.close()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE registered_clients")
        connection.execute("DROP TABLE client_assertions")
        connection.execute("DROP TABLE schema_desk")
    book = DeskClients(GatewayStore(path))
    book.register(HIS)
    assert book.clients() == (HIS,) and book.use(b"x" * 32, NOW + 1, NOW)
