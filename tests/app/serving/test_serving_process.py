"""Serving by gunicorn: one process that serves and one above it (H-40 to H-42)."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from consentry.errors import ConfigInvalid, KeystoreLocked
from tests.app.serving.running import SECONDS, Little


def all_of(connection: socket.socket) -> bytes:
    answer = b""
    while part := connection.recv(65_536):
        answer += part
    return answer


def test_serving_goes_on_in_a_new_process_when_one_dies(little: Little) -> None:
    """H-40: four times in a minute; the fifth ends both."""
    seen = set[int]()
    for _ in range(5):
        serving = int(little.get())
        assert serving not in seen and serving != little.process.pid
        seen.add(serving)
        os.kill(serving, signal.SIGKILL)
    assert little.process.wait(SECONDS) == 1


def test_serving_ends_with_the_reason_when_it_cannot_be_opened(little: Little, tmp_path: Path) -> None:
    """H-40: also in a new process, after one died; and a port that is taken is said."""
    serving = int(little.get())
    second = little.another()
    assert (second.communicate(timeout=SECONDS)[1], second.returncode) == (
        b"config-invalid\n",
        ConfigInvalid.exit_code,
    )
    (tmp_path / "locked").touch()
    os.kill(serving, signal.SIGKILL)
    assert b"keystore-locked" in little.process.communicate(timeout=SECONDS)[1]
    assert little.process.returncode == KeystoreLocked.exit_code


def test_serving_stops_after_what_is_under_way(little: Little, tmp_path: Path) -> None:
    """H-42: told to stop, it ends streams, takes nothing more, answers, closes, and ends well."""
    little.get()
    answers: list[bytes] = []
    asking = threading.Thread(target=lambda: answers.append(little.get("/wait")))
    asking.start()
    assert little.there("waiting")
    little.process.send_signal(signal.SIGTERM)
    assert little.there("left")
    assert not (tmp_path / "closed").exists()
    (tmp_path / "go").touch()
    asking.join(SECONDS)
    assert little.process.wait(SECONDS) == 0
    assert (tmp_path / "closed").exists() and len(answers) == 1


def test_serving_ends_when_the_one_above_is_killed(little: Little) -> None:
    """H-40: nothing goes on by itself."""
    little.get()
    little.process.kill()
    assert little.there("closed")


def test_slow_senders_take_no_place_of_those_who_are_answered(little: Little) -> None:
    """H-41: two are answered at once; twenty that don't come to an end, in the head or the body, are in nobody's way."""
    little.get()
    slow = [little.spoken(b"GET /who HTTP/1.1\r\nHost: x\r\n") for _ in range(10)]
    slow += [
        little.spoken(b"POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1") for _ in range(10)
    ]
    assert little.get()
    slow[-1].sendall(b"23456789")
    slow[-1].shutdown(socket.SHUT_WR)
    assert all_of(slow[-1]).endswith(b"\r\n\r\n9")
    for one in slow:
        one.close()


@pytest.mark.parametrize(
    ("head", "body", "ends"),
    [
        (b"Content-Length: 1000000", b"x" * 1_000_000, b"1000000"),
        (b"Content-Length: 1000001", b"x" * 1_000_001, b'{"status": 413, "path": "/size"}'),
        (b"Content-Length: 1000001\r\nExpect: 100-continue", b"", b'{"status": 413, "path": "/size"}'),
        (b"Content-Length: 3\r\nExpect: 100-continue", b"123", b"3"),
        (b"Transfer-Encoding: chunked", b"5\r\n12345\r\n0\r\n\r\n", b"5"),
        (
            b"Transfer-Encoding: chunked",
            b"f4241\r\n" + b"x" * 1_000_001 + b"\r\n0\r\n\r\n",
            b'"path": "/size"}',
        ),
        (b"Transfer-Encoding: chunked", b"zz\r\n", b'{"status": 400, "path": "/size"}'),
        (b"Content-Length: many", b"", b'{"status": 400, "path": "/size"}'),
        (b"Content-Length: 5", b"123", b""),
    ],
    ids=range(9),
)
def test_bodies_are_received_whole_or_refused(shared: Little, head: bytes, body: bytes, ends: bytes) -> None:
    """G-2, H-41: in the application's own form; half a body is handed to nobody."""
    with shared.spoken(b"POST /size HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n" + body) as connection:
        connection.shutdown(socket.SHUT_WR)
        answer = all_of(connection)
    assert answer.endswith(ends) and bool(answer) == bool(ends), answer


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Little]:
    made = Little(tmp_path_factory.mktemp("little"))
    made.get()
    yield made
    made.process.send_signal(signal.SIGTERM)
    assert made.process.wait(SECONDS) == 0
