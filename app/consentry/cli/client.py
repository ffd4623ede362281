"""A gateway over HTTP: every answer bounded in time and size, every failure a typed error."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from consentry import __version__
from consentry.cli.answers import said
from consentry.cli.problems import GatewayMisbehaved, GatewayUnreachable, SettingMissing

CONNECT_SECONDS = 5.0
SECONDS = 60.0
"""For one exchange: longer than a relayed transaction takes on a chain with blocks of some seconds."""

LONG_SECONDS = 600.0
"""For publishing and reading."""

ANSWER_BYTES = 4 * 2**20
BUNDLE_BYTES = 256 * 2**20
_TOKEN = re.compile(r"[\x21-\x7e]{8,4096}")


@dataclass(frozen=True)
class Answer:
    """Status, headers by the name as sent, and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str | None:
        """A header's value, in whatever case its name came."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), None)


class GatewayClient:
    """One gateway. `client_key` is a hospital system's; `token`, once signed in, a person's."""

    def __init__(self, url: str, *, client_key: str | None = None, seconds: float = SECONDS) -> None:
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in ("http", "https") or not parts.hostname or port == -1:
            raise SettingMissing("the gateway's address must be an http or https URL")
        if parts.username or parts.query or parts.fragment:
            raise SettingMissing("the gateway's address must hold no user, query or fragment")
        self._scheme, self._host, self._port = parts.scheme, parts.hostname, port
        self._base = parts.path.rstrip("/")
        self.authority = parts.netloc
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self._seconds = seconds
        self._bearer: str | None = None
        if client_key is not None:
            self.authorise(client_key)

    def authorise(self, token: str | None) -> None:
        """Send this token from now on. Raises SettingMissing for what no header can carry."""
        if token is not None and not _TOKEN.fullmatch(token):
            raise SettingMissing("the client key must be one line of printable ASCII")
        self._bearer = token

    @property
    def authorised(self) -> bool:
        return self._bearer is not None

    def get(self, path: str) -> dict[str, Any]:
        return self._object("GET", path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._object("POST", path, body)

    def delete(self, path: str) -> None:
        self.exchange("DELETE", path, None)

    def exchange(
        self,
        method: str,
        path: str,
        body: bytes | None,
        *,
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
        most: int = ANSWER_BYTES,
    ) -> Answer:
        """The answer, if its status is 2xx. Raises GatewayUnreachable, GatewayMisbehaved, or what the gateway said."""
        answer = self.ask(method, path, body, headers=headers, seconds=seconds, most=most)
        if 200 <= answer.status < 300:
            return answer
        if answer.status < 400:
            raise GatewayMisbehaved(f"it answers HTTP {answer.status}: another address may be meant")
        raise said(answer.status, answer.body)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
        most: int = ANSWER_BYTES,
    ) -> Answer:
        """The answer, whatever its status. Raises GatewayUnreachable, GatewayMisbehaved (too large)."""
        sent = {"Accept": "application/json", "User-Agent": f"consentry/{__version__}"}
        if body is not None:
            sent["Content-Type"] = "application/json"
        if self._bearer is not None:
            sent["Authorization"] = f"Bearer {self._bearer}"
        sent |= headers or {}
        return self._send(method, self._base + path, body, sent, seconds or self._seconds, most)

    def _object(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        raw = None if body is None else json.dumps(body, separators=(",", ":")).encode("utf-8")
        answer = self.exchange(method, path, raw).body
        try:
            parsed = json.loads(answer)
        except (ValueError, RecursionError):
            raise GatewayMisbehaved("it does not answer JSON") from None
        if not isinstance(parsed, dict):
            raise GatewayMisbehaved("it does not answer an object")
        return parsed

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        seconds: float,
        most: int,
    ) -> Answer:
        connection = self._connection(min(CONNECT_SECONDS, seconds))
        over = threading.Event()
        watch: threading.Timer | None = None
        try:
            connection.connect()
            # Single reads are bounded by the socket's timeout; what trickles in for ever is ended from outside.
            watch = threading.Timer(seconds, _cut, (connection.sock, over))
            watch.daemon = True
            watch.start()
            connection.timeout = seconds
            connection.request(
                method, path, body=body, headers=headers, preload_content=False, decode_content=False
            )
            answer = connection.getresponse()
            raw = _bounded(answer, most)
            if over.is_set():  # cut off in the headers, an answer looks like a short one
                raise TimeoutError
            return Answer(answer.status, dict(answer.headers), raw)
        except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError) as problem:
            late = over.is_set() or isinstance(problem, TimeoutError | urllib3.exceptions.TimeoutError)
            why = f"no whole answer within {seconds:.0f} s" if late else "no connection, or no HTTP"
            raise GatewayUnreachable(f"{self.authority}: {why}") from None
        finally:
            if watch is not None:
                watch.cancel()
            connection.close()

    def _connection(self, timeout: float) -> HTTPConnection:
        if self._scheme == "http":
            return HTTPConnection(self._host, self._port, timeout=timeout)
        context = ssl.create_default_context()
        return HTTPSConnection(self._host, self._port, timeout=timeout, ssl_context=context)


def _cut(sock: socket.socket, over: threading.Event) -> None:
    """End a connection under the reader's hands; one that has ended meanwhile is as wanted."""
    over.set()
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _bounded(answer: urllib3.BaseHTTPResponse, most: int) -> bytes:
    parts, size = [], 0
    while part := answer.read1(65_536):
        size += len(part)
        parts.append(part)
        if size > most:
            raise GatewayMisbehaved(f"its answer is larger than {most} bytes")
    return b"".join(parts)
