"""Who asks through an endpoint that is silent waits no longer than is of use (H-87)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock, Semaphore, Thread, current_thread
from typing import Any

import pytest

from consentry.chain.rpc import AnswerHuge, AnswerLate, Request, RpcError
from consentry.errors import ChainUnreachable, ConsentryError
from consentry.light import turns
from consentry.light.turns import FOR_EVER, Turns
from tests.app.light.conftest import Clinic
from tests.app.light.endpoint import honest

READERS = 8


class Counted:
    """A lock that tells of each who comes to it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.came = Semaphore(0)

    def acquire(self, timeout: float) -> bool:
        self.came.release()
        return self._lock.acquire(timeout=timeout)

    def release(self) -> None:
        self._lock.release()


def test_who_has_no_turn_in_time_is_told_so() -> None:
    """H-87."""
    asked = Turns()
    with asked.turn(), pytest.raises(ChainUnreachable, match="who asked before"), asked.turn(0.01):
        pass
    with asked.turn(0.01):
        pass


@pytest.mark.parametrize(
    ("problem", "counts"),
    [
        (ChainUnreachable("no chain node answers"), True),
        (AnswerLate("no answer in time"), True),
        (AnswerHuge("too large"), False),
        (ConsentryError("a lie"), False),
        (None, False),
    ],
    ids=["gone", "late", "huge", "lie", "none"],
)
def test_who_waits_hears_alone_what_each_would_find(
    monkeypatch: pytest.MonkeyPatch,
    problem: ConsentryError | None,
    counts: bool,  # noqa: FBT001 – pytest's
) -> None:
    """H-87: and whoever comes afterwards asks again."""
    lock = Counted()
    monkeypatch.setattr(turns, "Lock", lambda: lock)
    asked, heard = Turns(), list[ConsentryError]()

    def wait() -> None:
        try:
            with asked.turn(FOR_EVER):
                pass
        except ConsentryError as refusal:
            heard.append(refusal)

    waiting = Thread(target=wait)
    try:
        with asked.turn():
            lock.came.acquire()
            waiting.start()
            lock.came.acquire()
            if problem is not None:
                raise problem
    except ConsentryError as refusal:
        assert refusal is problem
    waiting.join(60)
    assert [type(one) for one in heard] == [ChainUnreachable] * counts
    with asked.turn():
        pass


def test_a_silent_endpoint_is_found_silent_once(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """H-87: not by each of those who wait, after a timeout of its own."""
    lock = Counted()
    monkeypatch.setattr(turns, "Lock", lambda: lock)
    rpc = clinic.rpc()

    def silent(request: Request, result: Any) -> Any:
        for _ in range(READERS):
            lock.came.acquire()
        raise AnswerLate("no answer in time from the chain node")

    clinic.endpoint.asked.clear()
    clinic.endpoint.lie = silent
    with ThreadPoolExecutor(READERS) as readers:
        asked = [readers.submit(rpc.call, "eth_blockNumber") for _ in range(READERS)]
        found = [one.exception(60) for one in asked]
    assert all(isinstance(one, ChainUnreachable) and not isinstance(one, RpcError) for one in found)
    assert sum(isinstance(one, AnswerLate) for one in found) == len(clinic.endpoint.asked) == 1
    clinic.endpoint.lie = honest
    assert int(rpc.call("eth_blockNumber"), 16) == clinic.world.ledger.head().number


def test_what_was_followed_is_told_while_the_endpoint_is_silent(clinic: Clinic) -> None:
    """H-81, H-87: strangers hear of it while the gateway's own question waits for its answer."""
    rpc = clinic.rpc()
    head = rpc.call("eth_blockNumber")
    beside = rpc.beside(most_answer_bytes=100_000)
    held, answered = Event(), Event()

    def silent(request: Request, result: Any) -> Any:
        if current_thread() is own:
            held.set()
            answered.wait()
        return result

    own = Thread(target=lambda: rpc.call("eth_blockNumber"), daemon=True)
    clinic.endpoint.lie = silent
    own.start()
    assert held.wait(60)
    with ThreadPoolExecutor(1) as strangers:
        asked = strangers.submit(beside.call, "eth_blockNumber")
        try:
            assert asked.result(60) == head
        finally:
            answered.set()
    own.join(60)
