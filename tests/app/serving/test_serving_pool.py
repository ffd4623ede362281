"""What answers when the system gives no more threads (H-41)."""

from __future__ import annotations

import threading

import pytest

from consentry.serving.pool import Pool


def test_work_waits_for_a_thread_that_is_there_when_no_other_can_be_begun(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """H-41: three things to do, one of which is under way, and one thread; whoever brings them hears of nothing."""

    def none_left(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    go_on = threading.Event()
    with Pool(8) as pool:
        monkeypatch.setattr(threading.Thread, "start", none_left)
        done = [
            pool.submit(go_on.wait, 60),
            pool.submit(threading.get_ident),
            pool.submit(threading.get_ident),
        ]
        go_on.set()
        assert done[0].result(60)
        assert done[1].result(60) == done[2].result(60)
    assert "no thread could be begun" in caplog.text


def test_a_system_without_threads_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", none_left)
    with pytest.raises(RuntimeError):
        Pool(8)
