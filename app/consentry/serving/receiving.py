"""How a request comes in: bounded in time and size, and wholly in memory (specification G-2, H-41).

gunicorn reads a body when the application asks for it, on the thread that answers. Here it is read first: whoever sends slowly
holds a thread that only receives, of which there are as many as are needed, and none of those places where requests are answered.
"""

from __future__ import annotations

import io
import socket
import ssl
import time
from http import HTTPStatus
from typing import Any

from gunicorn.http import errors
from gunicorn.http.body import LengthReader
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn

IDLE_SECONDS = 60.0
RECEIVING_SECONDS = 300.0
"""For one whole request, however its bytes come."""
HEADER_BYTES = 24 * 1024
DISCARDED_BYTES = 512 * 1024 * 1024
_PIECE = 256 * 1024


class Refused(Exception):
    """This request is not handed on, with this HTTP status."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class TimedUnreader(SocketUnreader):
    """Reads a socket until a deadline, in monotonic seconds."""

    deadline = 0.0

    def chunk(self, size_hint: int | None = None) -> bytes:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Refused(HTTPStatus.REQUEST_TIMEOUT)
        self.sock.settimeout(min(IDLE_SECONDS, left))
        try:
            return bytes(super().chunk(size_hint))
        except TimeoutError:
            raise Refused(HTTPStatus.REQUEST_TIMEOUT) from None


class HeadedRequest(Request):
    """A request whose head is bounded as a whole, and which failures name."""

    def __init__(self, *arguments: Any) -> None:
        try:
            super().__init__(*arguments)
        except Exception as problem:
            problem.request = self  # type: ignore[attr-defined]
            raise

    def parse(self, unreader: Any) -> Any:
        self.max_buffer_headers = HEADER_BYTES
        return super().parse(unreader)

    @property
    def announced(self) -> int | None:
        """How long its body says that it is; None for one in chunks."""
        reader = self.body.reader
        return int(reader.length) if isinstance(reader, LengthReader) else None


class _Parser(RequestParser):
    mesg_class = HeadedRequest

    def __init__(self, cfg: Any, source: socket.socket, source_addr: Any) -> None:
        super().__init__(cfg, source, source_addr)
        self.unreader = TimedUnreader(source)


class Connection(TConn):
    """A client's connection. `tls`: how it is protected, if it is."""

    tls: ssl.SSLContext | None = None
    initialized: bool
    timeout: float
    """When it is closed if nothing comes, in monotonic seconds."""
    sock: socket.socket

    def init(self) -> None:
        """Called before each request."""
        if not self.initialized:
            self.initialized = True
            if self.tls is not None:
                self._shake_hands(self.tls)
            self.parser = _Parser(self.cfg, self.sock, self.client)
        self.parser.unreader.deadline = time.monotonic() + RECEIVING_SECONDS

    def _shake_hands(self, tls: ssl.SSLContext) -> None:
        self.sock.settimeout(IDLE_SECONDS)  # of the whole handshake, as Python counts it
        protected = tls.wrap_socket(self.sock, server_side=True, do_handshake_on_connect=False)
        self.sock = protected
        try:
            protected.do_handshake()
        except ssl.SSLError:
            # who has sent a request already would see a reset, and not why it was not taken
            self.sock = socket.socket(fileno=protected.detach())
            raise

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001 – gunicorn's
        """At once: gunicorn would wait for the other side here, on the main loop. `Leaving` does so."""
        super().close()


def receive(request: HeadedRequest, connection: Connection, most: int) -> None:
    """Take the whole body into memory. Raises Refused."""
    announced, asked = request.announced, request._expected_100_continue
    if announced is not None and announced > most:
        # a client that is still sending when the connection closes would see a reset instead of the answer; who asks first is
        # told at once
        if not asked and announced <= DISCARDED_BYTES:
            _discard(request)
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if asked:
        connection.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        request._expected_100_continue = False
    body = request.body.read(most + 1)
    if len(body) > most:
        _discard(request)
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if announced is not None and len(body) < announced:
        raise errors.NoMoreData
    request.body = io.BytesIO(body)


def _discard(request: HeadedRequest) -> None:
    """Read the rest without keeping it, within bounds."""
    taken = 0
    while taken <= DISCARDED_BYTES and (piece := request.body.read(_PIECE)):
        taken += len(piece)
