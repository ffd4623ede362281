"""Connections that are to end, and whose other side has yet to read what was said last (specification H-41).

Closed at once, a client that is still sending would see a reset instead of its answer (RFC 9112, 9.6). gunicorn waits for each in
turn, on its main loop: whoever does not close holds everybody up. Here they wait together, and take no thread.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from functools import partial
from selectors import EVENT_READ, BaseSelector
from socket import SHUT_WR
from typing import Any

from consentry.serving.receiving import Connection

LINGER_SECONDS = 2.0
MOST_LINGERING = 100
"""With more, those go first that have had most time."""
_PIECE = 64 * 1024


class Leaving:
    """`ended` is called for each when it is closed. For the main loop's thread alone."""

    def __init__(self, poller: BaseSelector, ended: Callable[[], None]) -> None:
        self._poller = poller
        self._ended = ended
        self._waiting: deque[Connection] = deque()

    def let_read(self, connection: Connection) -> None:
        """Say that nothing more comes, and close when the other side does so too, or after `LINGER_SECONDS`."""
        try:
            connection.sock.shutdown(SHUT_WR)
            connection.sock.setblocking(False)
            self._poller.register(connection.sock, EVENT_READ, partial(self._drain, connection))
        except (OSError, ValueError):  # it is gone, or closed already
            connection.close()
            self._ended()
            return
        connection.timeout = time.monotonic() + LINGER_SECONDS
        self._waiting.append(connection)
        if len(self._waiting) > MOST_LINGERING:
            self._end(self._waiting[0])

    def end_late(self) -> None:
        """Close those whose time is over."""
        while self._waiting and self._waiting[0].timeout <= time.monotonic():
            self._end(self._waiting[0])

    def _drain(self, connection: Connection, _: Any) -> None:
        # it may have been closed while the poller's word was on its way
        if connection in self._waiting and _is_over(connection):
            self._end(connection)

    def _end(self, connection: Connection) -> None:
        self._waiting.remove(connection)
        self._poller.unregister(connection.sock)
        connection.close()
        self._ended()


def _is_over(connection: Connection) -> bool:
    try:
        return not connection.sock.recv(_PIECE)
    except BlockingIOError:
        return False
    except OSError:
        return True
