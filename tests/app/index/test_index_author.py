"""An author's own book: a position taken once and with what is filed there, publications completed by repeating."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from consentry.databases.place import Place as DatabasePlace
from consentry.errors import StoreUnreachable
from consentry.index import author
from consentry.index.author import SqlPublications
from consentry.ports.publications import Place, Publication, State, Taken
from tests.chains import ROOT
from tests.postgres import setting


@pytest.fixture
def book(place: DatabasePlace) -> Iterator[SqlPublications]:
    made = SqlPublications(place)
    yield made
    made.database.close()


def fresh(count: int = 1) -> list[Publication]:
    return [
        Publication(
            secrets.token_bytes(32),
            secrets.token_bytes(32),
            secrets.token_bytes(32),
            "b" + "a" * 58,
            secrets.token_bytes(32),
            State.STORED,
        )
        for _ in range(count)
    ]


def store(book: SqlPublications, channel: bytes, count: int) -> int:
    """As a publish does: look, then note the publications with the positions they take."""
    with book.exclusive():
        place = book.places([channel])[channel]
        book.store(fresh(count), [Taken(channel, place.lineage, place.next_position, count)])
    return place.next_position


def test_store_never_takes_a_position_twice(book: SqlPublications, place: DatabasePlace) -> None:
    """D-3, D-11: across threads, channels, lineages, and a second opening of the same file; the latest lineage goes on."""
    channel, other = secrets.token_bytes(32), secrets.token_bytes(32)
    second = SqlPublications(place)
    with ThreadPoolExecutor(8) as pool:
        firsts = list(pool.map(lambda i: store((book, second)[i % 2], channel, 3), range(40)))
    assert sorted(firsts) == list(range(0, 120, 3))
    assert store(book, other, 1) == 0
    assert SqlPublications(place).places([channel])[channel] == Place(0, 120)
    book.store(fresh(), [Taken(channel, 3, 0, 1)])
    assert second.places([channel])[channel] == Place(3, 1) and second.places([other])[other] == Place(0, 1)
    unknown = secrets.token_bytes(32)
    assert second.places([unknown]) == {unknown: Place(0, 0)}


def test_store_takes_no_position_without_its_publication(book: SqlPublications) -> None:
    """D-3: both or neither, whichever of the two is refused; looking takes nothing."""
    channel, known = secrets.token_bytes(32), fresh()
    book.store(known, [Taken(channel, 0, 0, 1)])
    for new, taken in (([*fresh(), *known], Taken(channel, 0, 1, 2)), (fresh(), Taken(channel, 0, 0, 1))):
        with pytest.raises(StoreUnreachable):
            book.store(new, [taken])
        assert book.find([one.content_id for one in new if one not in known]) == {}
        assert book.places([channel])[channel] == Place(0, 1)


def test_store_is_whole_when_the_process_is_killed(place: DatabasePlace) -> None:
    """D-3: what a killed process had noted is there with its position, and the next position is free."""
    channel = secrets.token_bytes(32)
    code = (
        "import sys\nfrom consentry.databases.place import place_of\nfrom consentry.index.author import SqlPublications\n"
        "from tests.app.index.test_index_author import store\n"
        "book = SqlPublications(place_of(sys.argv[1]))\n"
        "while True:\n    print(store(book, bytes.fromhex(sys.argv[2]), 1), flush=True)\n"
    )
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'app'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-c", code, setting(place), channel.hex()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        seen = [int(process.stdout.readline()) for _ in range(20)]
        process.send_signal(signal.SIGKILL)
        seen += [int(line) for line in process.stdout.read().split()]
    assert seen == list(range(len(seen)))
    after = SqlPublications(place)
    assert len(after.unfinished()) == after.places([channel])[channel].next_position >= len(seen)


def test_publication_goes_from_stored_to_anchored(book: SqlPublications) -> None:
    """G-1: each state is found again after a restart; the order of the tree is kept."""
    new, root, manifest = fresh(3), secrets.token_bytes(32), secrets.token_bytes(32)
    book.store(new, [])
    book.store([], [])
    ids = [one.content_id for one in new]
    assert book.find([*ids, secrets.token_bytes(32)]) == {one.content_id: one for one in new}
    assert book.unfinished() == tuple(new)
    order = [ids[2], ids[0]]
    book.batch(order, root, manifest)
    batched = book.of_root(root)
    assert [one.content_id for one in batched] == order
    assert {(one.state, one.root, one.manifest_digest) for one in batched} == {
        (State.BATCHED, root, manifest)
    }
    transaction = secrets.token_bytes(32)
    book.anchored(root, transaction)
    assert {one.state for one in book.of_root(root)} == {State.ANCHORED}
    assert book.find([ids[2]])[ids[2]].transaction == transaction
    assert [one.content_id for one in book.unfinished()] == [ids[1]]
    book.batch(ids, secrets.token_bytes(32), manifest)
    assert book.find([ids[2]])[ids[2]].root == root  # what is anchored never moves to another tree


def test_store_keeps_nothing_of_a_refused_list(book: SqlPublications) -> None:
    """G-1: all or nothing; the same content is never two publications."""
    known, new = fresh(1), fresh(1)
    book.store(known, [])
    with pytest.raises(StoreUnreachable, match="IntegrityError|UniqueViolation") as caught:
        book.store([*new, *known], [])
    assert new[0].content_id.hex() not in caught.value.diagnostics
    assert book.find([new[0].content_id]) == {}


def test_exclusive_lets_one_publish_pass_at_a_time(
    book: SqlPublications, place: DatabasePlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G-1: also between two openings of the file; waiting is bounded; a failure inside frees it."""
    second, inside, most = SqlPublications(place), 0, 0
    guard = threading.Lock()

    def publish(which: SqlPublications) -> None:
        nonlocal inside, most
        with which.exclusive():
            with guard:
                inside += 1
                most = max(most, inside)
            threading.Event().wait(0.01)
            with guard:
                inside -= 1

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(publish, [book, second] * 6))
    assert most == 1
    with pytest.raises(RuntimeError), book.exclusive():
        raise RuntimeError
    monkeypatch.setattr(author, "EXCLUSIVE_SECONDS", 0.1)
    with book.exclusive():
        for other in (second, book):
            with pytest.raises(StoreUnreachable, match="another publish"), other.exclusive():
                raise AssertionError("two at once")
