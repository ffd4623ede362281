"""How an answer goes out: in a time that grows with its size (specification H-41).

A bound for each write alone would let whoever reads a little now and then hold a thread for hours.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Iterable, Iterator

SENDING_SECONDS = 60.0
LEAST_BYTES_PER_SECOND = 16 * 1024
"""Who reads slower is given `SENDING_SECONDS` in all to make up for it."""
PIECE = 16 * 1024
"""As much as TLS puts into one record: a write of more has one time limit for each."""
_AT_ONCE = struct.pack("ii", 1, 0)


def in_time(
    answer: Iterable[bytes], connection: socket.socket, *, ticks: Callable[[], float] = time.monotonic
) -> Iterator[bytes]:
    """The answer in pieces, each of which is written before the next is asked for. Only the writing counts, not how long the
    answer takes to be made: a stream that waits for news costs nothing.

    Raises TimeoutError, as writing does, when the time is over.
    """
    left = SENDING_SECONDS
    try:
        for part in answer:
            for start in range(0, len(part) or 1, PIECE):
                piece = part[start : start + PIECE]
                if left <= 0:
                    raise TimeoutError
                left += len(piece) / LEAST_BYTES_PER_SECOND
                connection.settimeout(left)
                begun = ticks()
                yield piece
                left -= ticks() - begun
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()


def cut_off(connection: socket.socket) -> None:
    """End it, and keep nothing for a reader who does not come."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    connection.close()
