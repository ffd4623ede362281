"""A connected socket whose every operation ends at one deadline, however the bytes come."""

from __future__ import annotations

import io
import socket
import ssl
import time
from typing import Any


def connect(
    host: str, port: int, deadline: float, connect_seconds: float, tls: ssl.SSLContext | None = None
) -> TimedSocket:
    """Connect to the first address that answers, each tried for `connect_seconds` at most, and shake hands under `tls`.

    `deadline` is in monotonic seconds. Raises OSError, also ssl.SSLError for a handshake;
    TimeoutError only when the deadline is over, not for one address alone.
    The system's own resolution of the name is not interrupted.
    """
    failure: OSError = ConnectionError("no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        raw = socket.socket(family, kind, protocol)
        try:
            raw.settimeout(min(connect_seconds, left(deadline)))
            raw.connect(address)
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if tls is not None:
                raw.settimeout(left(deadline))  # of the whole handshake, as Python counts it
                raw = tls.wrap_socket(raw, server_hostname=host)
            return TimedSocket(raw)
        except OSError as problem:
            raw.close()
            failure = problem
    left(deadline)
    if isinstance(failure, ssl.SSLError):
        raise failure
    raise ConnectionError from failure


def left(deadline: float) -> float:
    """Seconds until the deadline. Raises TimeoutError when there are none."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class TimedSocket:
    """A connected socket as http.client uses one, each operation of which ends at `deadline` (monotonic seconds)."""

    def __init__(self, raw: socket.socket) -> None:
        self.raw = raw
        self.deadline = 0.0

    def sendall(self, data: Any) -> None:
        self.raw.settimeout(left(self.deadline))  # of the whole sending, as Python counts it
        self.raw.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self))

    def close(self) -> None:
        self.raw.close()


class _Reading(io.RawIOBase):
    """What comes in on a `TimedSocket`; keeps the socket open until it is closed itself, as a socket's own files do."""

    def __init__(self, timed: TimedSocket) -> None:
        self._timed = timed
        self._file = timed.raw.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._timed.raw.settimeout(left(self._timed.deadline))
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()
