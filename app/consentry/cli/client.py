"""A gateway over HTTP: every answer bounded in time and size, every failure a typed error."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from consentry import __version__
from consentry.cli.answers import said
from consentry.cli.problems import GatewayMisbehaved, GatewayUnreachable, SettingMissing
from consentry.domain.origins import is_loopback_host
from consentry.remote.exchange import AnswerTooLarge, Exchange, NoAnswer, Reply

CONNECT_SECONDS = 5.0
SECONDS = 60.0
"""For one exchange: longer than a relayed transaction takes on a chain with blocks of some seconds."""

LONG_SECONDS = 600.0
"""For publishing and reading."""

ANSWER_BYTES = 4 * 2**20
BUNDLE_BYTES = 256 * 2**20
_TOKEN = re.compile(r"[\x21-\x7e]{8,4096}")


def _json(body: Mapping[str, Any] | None) -> bytes | None:
    return None if body is None else json.dumps(body, separators=(",", ":")).encode("utf-8")


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
    def is_open(self) -> bool:
        """Whether what is sent leaves this machine unencrypted."""
        place = urlsplit(self.origin)
        return place.scheme == "http" and not is_loopback_host(place.hostname or "")

    @property
    def authorised(self) -> bool:
        return self._bearer is not None

    def get(self, path: str) -> dict[str, Any]:
        return self._object("GET", path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._object("POST", path, body)

    def put(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._object("PUT", path, body)

    def delete(self, path: str, body: Mapping[str, Any] | None = None) -> None:
        self.exchange("DELETE", path, _json(body))

    def exchange(
        self,
        method: str,
        path: str,
        body: bytes | None,
        *,
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
        most: int = ANSWER_BYTES,
    ) -> Reply:
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
    ) -> Reply:
        """The answer, whatever its status. Raises GatewayUnreachable, GatewayMisbehaved (too large)."""
        sent = {"Accept": "application/json", "User-Agent": f"consentry/{__version__}"}
        if body is not None:
            sent["Content-Type"] = "application/json"
        if self._bearer is not None:
            sent["Authorization"] = f"Bearer {self._bearer}"
        sent |= headers or {}
        return self._send(method, self._base + path, body, sent, seconds or self._seconds, most)

    def _object(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        answer = self.exchange(method, path, _json(body)).body
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
    ) -> Reply:
        # No connection is kept: a question over one that has ended would be asked twice.
        exchange = Exchange(connect_seconds=min(CONNECT_SECONDS, seconds))
        try:
            return exchange.ask(method, self.origin + path, body, headers, seconds=seconds, most=most)
        except NoAnswer as failure:
            why = f"no whole answer within {seconds:.0f} s" if failure.late else "no connection, or no HTTP"
            raise GatewayUnreachable(f"{self.authority}: {why}") from None
        except AnswerTooLarge:
            raise GatewayMisbehaved(f"its answer is larger than {most} bytes") from None
