"""An author's own book: positions handed out once, publications completed by repeating."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from consentry.errors import StoreUnreachable
from consentry.index import author
from consentry.index.author import SqlPublications
from consentry.ports.publications import Publication, State
from tests.chains import ROOT


@pytest.fixture
def book(tmp_path: Path) -> SqlPublications:
    return SqlPublications(tmp_path / "author.sqlite")


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


def test_reserve_never_gives_a_position_twice(book: SqlPublications, tmp_path: Path) -> None:
    """D-3: across threads, channels, lineages, and a second opening of the same file."""
    channel, other = secrets.token_bytes(32), secrets.token_bytes(32)
    second = SqlPublications(tmp_path / "author.sqlite")
    with ThreadPoolExecutor(8) as pool:
        firsts = list(pool.map(lambda i: (book, second)[i % 2].reserve(channel, 0, 3), range(40)))
    assert sorted(firsts) == list(range(0, 120, 3))
    assert book.reserve(other, 0, 1) == 0 and book.reserve(channel, 1, 1) == 0
    assert SqlPublications(tmp_path / "author.sqlite").reserve(channel, 0, 1) == 120


def test_reserve_is_durable_when_the_process_is_killed(tmp_path: Path) -> None:
    """D-3: a position that a killed process had handed out is not handed out again."""
    path, channel = tmp_path / "author.sqlite", secrets.token_bytes(32)
    code = (
        "import sys\nfrom pathlib import Path\nfrom consentry.index.author import SqlPublications\n"
        "book = SqlPublications(Path(sys.argv[1]))\n"
        "while True:\n    print(book.reserve(bytes.fromhex(sys.argv[2]), 0, 1), flush=True)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT / "app")}
    command = [sys.executable, "-c", code, str(path), channel.hex()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        seen = [int(process.stdout.readline()) for _ in range(20)]
        process.send_signal(signal.SIGKILL)
        seen += [int(line) for line in process.stdout.read().split()]
    assert seen == list(range(len(seen)))
    assert SqlPublications(path).reserve(channel, 0, 1) >= len(seen)


def test_publication_goes_from_stored_to_anchored(book: SqlPublications) -> None:
    """G-1: each state is found again after a restart; the order of the tree is kept."""
    new, root, manifest = fresh(3), secrets.token_bytes(32), secrets.token_bytes(32)
    book.store(new)
    book.store([])
    ids = [one.content_id for one in new]
    assert book.find([*ids, secrets.token_bytes(32)]) == {one.content_id: one for one in new}
    assert set(book.unfinished(10)) == set(new)
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
    assert [one.content_id for one in book.unfinished(10)] == [ids[1]]
    book.batch(ids, secrets.token_bytes(32), manifest)
    assert book.find([ids[2]])[ids[2]].root == root  # what is anchored never moves to another tree


def test_store_keeps_nothing_of_a_refused_list(book: SqlPublications) -> None:
    """G-1: all or nothing; the same content is never two publications."""
    known, new = fresh(1), fresh(1)
    book.store(known)
    with pytest.raises(StoreUnreachable, match="IntegrityError") as caught:
        book.store([*new, *known])
    assert new[0].content_id.hex() not in caught.value.diagnostics
    assert book.find([new[0].content_id]) == {}


def test_exclusive_lets_one_publish_pass_at_a_time(
    book: SqlPublications, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G-1: also between two openings of the file; waiting is bounded; a failure inside frees it."""
    second, inside, most = SqlPublications(tmp_path / "author.sqlite"), 0, 0
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
