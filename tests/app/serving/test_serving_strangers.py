"""Who asks and does not close, or does not read, keeps nobody else waiting (H-41)."""

from __future__ import annotations

import os
import resource
import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from consentry.serving.process import THREADS
from consentry.serving.sending import LEAST_BYTES_PER_SECOND, PIECE, SENDING_SECONDS, in_time
from tests.app.serving.running import SECONDS, Little
from tests.app.serving.test_serving_process import all_of

LAST = b"GET /who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize("said", [LAST, b"GET /who\r\n\r\n"], ids=["asked", "broken"])
def test_who_does_not_close_holds_nobody_up(start: Callable[..., Little], said: bytes) -> None:
    """H-41: each is waited for as long as a test lasts, and more of them than there are threads."""
    little = start("patient")
    serving = little.get()
    with ExitStack() as stack:
        for _ in range(THREADS + 20):
            assert all_of(stack.enter_context(little.spoken(said))).startswith(b"HTTP/1.1 ")
        assert little.get() == serving


def test_who_does_not_read_is_cut_off(start: Callable[..., Little]) -> None:
    """H-41: and nothing is kept for it."""
    little = start("hasty")
    little.get()
    with little.spoken(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n") as connection:
        ended = select.poll()
        ended.register(connection, 0)  # an end is told all the same
        assert ended.poll(1000 * SECONDS)
        with pytest.raises(ConnectionResetError):
            all_of(connection)


def test_answer_has_a_time_by_its_size() -> None:
    """H-41: of the whole, whatever its pieces; how long it takes to be made does not count."""
    spent = [0.0]
    closed: list[bool] = []

    def made() -> Iterator[bytes]:
        try:
            for _ in range(1000):
                spent[0] += 3600.0
                yield bytes(4 * PIECE)
        finally:
            closed.append(True)

    sent = 0
    one, other = socket.socketpair()
    with one, other, pytest.raises(TimeoutError):
        for piece in in_time(made(), one, ticks=lambda: spent[0]):
            sent += len(piece)
            assert one.gettimeout() == SENDING_SECONDS + sent / LEAST_BYTES_PER_SECOND - spent[0] % 3600
            spent[0] += 2 * PIECE / LEAST_BYTES_PER_SECOND
    assert closed and sent == SENDING_SECONDS * LEAST_BYTES_PER_SECOND


def test_whether_it_is_there_is_told_when_all_places_are_taken(little: Little, tmp_path: Path) -> None:
    """H-41, H-43."""
    little.get()
    asking = [threading.Thread(target=little.get, args=(f"/wait?{one}",)) for one in range(2)]
    for one in asking:
        one.start()
    assert little.there("waiting0") and little.there("waiting1")
    assert little.get("/health/live")
    (tmp_path / "go").touch()
    for one in asking:
        one.join(SECONDS)


def test_serving_goes_on_when_no_more_files_are_to_be_had(little: Little) -> None:
    """H-40, H-41: who comes then is taken when there are some again."""
    serving = int(little.get())
    taken = {int(one) for one in os.listdir(f"/proc/{serving}/fd")}
    free = next(number for number in range(len(taken) + 1) if number not in taken)
    _, most = resource.prlimit(serving, resource.RLIMIT_NOFILE)
    resource.prlimit(serving, resource.RLIMIT_NOFILE, (free, most))
    with little.spoken(LAST) as connection:
        assert little.process.stderr is not None
        assert any(b"EMFILE" in line for line in little.process.stderr)
        resource.prlimit(serving, resource.RLIMIT_NOFILE, (most, most))
        assert all_of(connection).endswith(str(serving).encode())
