"""The book of what is under way on the chain, on disk and in memory: one nonce each, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from consentry.chain.memory_sendings import MemorySendings
from consentry.databases.place import Place
from consentry.errors import ChainUnreachable
from consentry.index.sendings import SqlSendings
from consentry.ports.sendings import Attempt, Call, Sendings

MERCY, CITY = "0x" + "11" * 20, "0x" + "22" * 20
CHAIN = b"\1" * 32


@pytest.fixture(params=["database", "memory"])
def book(request: pytest.FixtureRequest, place: Place) -> Iterator[Sendings]:
    if request.param == "memory":
        yield MemorySendings()
        return
    kept = SqlSendings(place, CHAIN)
    yield kept
    kept.close()


def call(number: int) -> Call:
    return Call(number.to_bytes(32, "big"), CITY, b"data", 50_000)


def signed(nonce: int) -> Attempt:
    return Attempt(nonce.to_bytes(32, "little"), b"raw", 2**62, 7)


def test_begin_gives_the_lowest_nonce_that_is_free(book: Sendings) -> None:
    """H-8: a nonce that is given back is the next one's, so that no gap stays."""
    first, second, third = (book.begin(MERCY, call(number), 5, signed)[0] for number in range(3))
    assert [one.nonce for one in (first, second, third)] == [5, 6, 7]
    assert book.begin(CITY, call(0), 5, signed)[0].nonce == 5
    book.end(second)
    book.end(second)
    assert book.begin(MERCY, call(3), 5, signed)[0].nonce == 6
    book.end(second)  # not the one that has its nonce now
    assert [one.nonce for one in book.of(MERCY)] == [5, 6, 7]


def test_begin_joins_the_same_call(book: Sendings) -> None:
    """H-7: also from several threads at once."""
    with ThreadPoolExecutor(8) as pool:
        begun = list(pool.map(lambda _: book.begin(MERCY, call(1), 0, signed), range(16)))
    assert sum(is_new for _, is_new in begun) == 1 and len({sending for sending, _ in begun}) == 1
    assert book.find(MERCY, call(1).key) == begun[0][0] and book.find(MERCY, call(2).key) is None


def test_begin_all_keeps_each_under_a_nonce_of_its_own(book: Sendings) -> None:
    """H-84: what is open already is joined, also what is begun by the same call."""
    known, _ = book.begin(MERCY, call(1), 5, signed)
    begun = book.begin_all(MERCY, [call(2), call(1), call(3), call(2)], 5, lambda _, nonce: signed(nonce))
    assert [is_new for _, is_new in begun] == [True, False, True, False]
    assert [one.nonce for one, _ in begun] == [6, 5, 7, 6] and begun[1][0] == known
    assert [one.call.key for one in book.of(MERCY)] == [call(1).key, call(2).key, call(3).key]


def test_what_ends_without_a_sync_has_ended_for_everybody(place: Place) -> None:
    """H-84: also for another process; and what is kept after it is durable as before."""
    one, other = (SqlSendings(place, CHAIN) for _ in range(2))
    begun, _ = one.begin(MERCY, call(1), 5, signed)
    one.end(begun, at_once=False)
    assert other.find(MERCY, call(1).key) is None and other.of(MERCY) == ()
    if isinstance(place, Path):
        with one.database.write() as connection:
            assert connection.whole.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        with one.database.write(at_once=False) as connection:
            assert connection.whole.exec_driver_sql("PRAGMA synchronous").scalar() == 1
    for book in (one, other):
        book.close()


def test_add_keeps_every_attempt_in_order(book: Sendings) -> None:
    """H-8: whichever is mined is recognised."""
    sending, _ = book.begin(MERCY, call(1), 0, signed)
    dearer = Attempt(b"\2" * 32, b"raw 2", 9, 8)
    assert book.add(sending, dearer).attempts == (signed(0), dearer)
    assert book.of(MERCY)[0].attempts == (signed(0), dearer)
    book.end(sending)
    book.add(sending, dearer)
    assert book.of(MERCY) == ()


def test_what_was_begun_is_there_for_the_next_process_of_the_same_chain(place: Place) -> None:
    """H-7: and for none of another chain, on which it would be sent again."""
    first, next_one, other = (SqlSendings(place, chain) for chain in (CHAIN, CHAIN, b"\2" * 32))
    begun, _ = first.begin(MERCY, call(1), 3, signed)
    assert next_one.of(MERCY) == (begun,) and other.of(MERCY) == ()
    for book in (first, next_one, other):
        book.close()


def test_again_ends_one_and_begins_its_call_at_once(book: Sendings) -> None:
    """H-7: under a nonce that is free; what can't be signed changes nothing, who comes second gets the first's."""
    lost, other = (book.begin(MERCY, call(number), 5, signed)[0] for number in range(2))

    def too_dear(nonce: int) -> Attempt:
        raise ChainUnreachable("the chain asks for more")

    with pytest.raises(ChainUnreachable):
        book.again(lost, 6, too_dear)
    assert book.of(MERCY) == (lost, other)
    begun, is_new = book.again(lost, 6, signed)
    assert is_new and (begun.nonce, begun.attempts) == (7, (signed(7),))
    assert book.of(MERCY) == (other, begun)
    assert book.again(lost, 9, signed) == (begun, False)
    book.end(begun)
    assert book.again(lost, 9, signed) == (lost, False) and book.of(MERCY) == (other,)
