"""One HTTP exchange with somebody who may be slow, endless or hostile: bounded in time as a whole, and in size.

The time counts from the first packet to the last byte of the body. A timeout for each read would not do: who sends a byte now
and then, be it of the status line, the headers or the trailers, never runs into it. So every operation on the socket gets what is
left of the whole (`timed_socket`). Redirects are not followed, proxies not used.
"""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from urllib.parse import urlsplit

from urllib3.util import wait_for_read

from consentry.domain.origins import is_loopback_host
from consentry.domain.tls_failures import why
from consentry.remote.timed_socket import TimedSocket, connect

CONNECT_SECONDS = 5.0
_IN_CLEAR = "its address is not https, and the settings name an authority: nothing is asked in clear"
_PIECE = 65_536
_Place = tuple[str, str, int]


class NoAnswer(Exception):
    """No whole answer came. `late`: the time was over; `untrusted`: why TLS was not to be had or asked for, in words; else no
    connection, a broken one, or no HTTP."""

    def __init__(self, *, late: bool, untrusted: str = "") -> None:
        super().__init__("no whole answer in time" if late else untrusted or "no connection, or no HTTP")
        self.late = late
        self.untrusted = untrusted


class AnswerTooLarge(Exception):
    """The body is larger than was allowed; nothing of it is kept."""


@dataclass(frozen=True)
class Reply:
    """Status, headers by the name as sent, and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str | None:
        """A header's value, in whatever case its name came."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), None)


class Exchange:
    """Asks over HTTP and HTTPS; safe to share between threads.

    `kept`: how many idle connections to one place are kept for later questions. A question over a kept one that turns out to
    have ended is asked again on a new connection; so keep none where asking twice is not harmless.
    """

    def __init__(
        self,
        *,
        kept: int = 0,
        connect_seconds: float = CONNECT_SECONDS,
        tls: ssl.SSLContext | None = None,
        only_tls: bool = False,
    ) -> None:
        """`tls`: whom to believe over HTTPS, and what to show (`tls.client_context`); None: this machine's authorities.
        `only_tls`: whether nothing is asked of an `http` address that other machines reach."""
        self._given_tls = tls
        self._only_tls = only_tls
        self._most_kept = kept
        self._connect_seconds = connect_seconds
        self._idle: dict[_Place, list[_Open]] = {}
        self._lock = Lock()

    def ask(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        *,
        seconds: float,
        most: int,
    ) -> Reply:
        """The answer, whatever its status, if it has at most `most` bytes. Raises NoAnswer, AnswerTooLarge."""
        deadline = time.monotonic() + seconds
        try:
            place, target = _split(url)
            if self._only_tls and place[0] == "http" and not is_loopback_host(place[1]):
                raise NoAnswer(late=False, untrusted=_IN_CLEAR)

            def through(connection: _Open) -> Reply:
                return self._through(connection, place, (method, target, body, headers), deadline, most)

            kept = self._take(place)
            if kept is not None:
                try:
                    return through(kept)
                except TimeoutError:
                    raise
                except (http.client.HTTPException, OSError):
                    pass  # it ended while it was idle; below is another
            return through(self._open(place, deadline))
        except TimeoutError:
            raise NoAnswer(late=True) from None
        except ssl.SSLError as problem:
            raise NoAnswer(late=False, untrusted=why(problem)) from None
        except (http.client.HTTPException, OSError, ValueError):
            raise NoAnswer(late=False) from None

    def close(self) -> None:
        """End the idle connections."""
        with self._lock:
            idle, self._idle = self._idle, {}
        for connections in idle.values():
            for connection in connections:
                connection.http.close()

    def _through(
        self,
        connection: _Open,
        place: _Place,
        question: tuple[str, str, bytes | None, Mapping[str, str]],
        deadline: float,
        most: int,
    ) -> Reply:
        method, target, body, headers = question
        try:
            connection.socket.deadline = deadline
            connection.http.request(method, target, body=body, headers=dict(headers))
            with closing(connection.http.getresponse()) as response:
                reply = Reply(response.status, dict(response.headers.items()), _bounded(response, most))
        except BaseException:
            connection.http.close()
            raise
        self._keep(place, connection)
        return reply

    # --- connections ---

    def _open(self, place: _Place, deadline: float) -> _Open:
        """A new connection; the class decides which port goes without saying in the Host header."""
        scheme, host, port = place
        made: http.client.HTTPConnection
        if scheme == "https":
            made = http.client.HTTPSConnection(host, port, context=self._tls)
            timed = connect(host, port, deadline, self._connect_seconds, self._tls)
        else:
            made = http.client.HTTPConnection(host, port)
            timed = connect(host, port, deadline, self._connect_seconds)
        made.auto_open = 0
        made.sock = timed
        return _Open(made, timed)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given_tls or ssl.create_default_context()

    def _take(self, place: _Place) -> _Open | None:
        """An idle connection on which nothing has happened meanwhile: readable ones were ended, or speak unasked."""
        while True:
            with self._lock:
                idle = self._idle.get(place)
                if not idle:
                    return None
                connection = idle.pop()
            if not wait_for_read(connection.socket.raw, timeout=0.0):
                return connection
            connection.http.close()

    def _keep(self, place: _Place, connection: _Open) -> None:
        if connection.http.sock is not None:  # None: the server ends it after this answer
            with self._lock:
                idle = self._idle.setdefault(place, [])
                if len(idle) < self._most_kept:
                    idle.append(connection)
                    return
        connection.http.close()


@dataclass(frozen=True)
class _Open:
    """A connection and the socket it speaks over."""

    http: http.client.HTTPConnection
    socket: TimedSocket


def _split(url: str) -> tuple[_Place, str]:
    """Where to connect, and what to ask for there. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not an http or https address")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return (parts.scheme, parts.hostname, port), target


def _bounded(response: http.client.HTTPResponse, most: int) -> bytes:
    """The whole body. Raises AnswerTooLarge; IncompleteRead when it ends before its announced length."""
    parts, size = [], 0
    while part := response.read(_PIECE):
        size += len(part)
        parts.append(part)
        if size > most:
            raise AnswerTooLarge
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(parts)
