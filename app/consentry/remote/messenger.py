"""Telling the member's messaging system, over HTTP (the Messenger port)."""

from __future__ import annotations

import ssl

from consentry import __version__
from consentry.remote.exchange import AnswerTooLarge, Exchange, NoAnswer
from consentry.telemetry.request_id import with_current

SECONDS = 10.0
MOST_BYTES = 64 * 1024
_HEADERS = {"Content-Type": "application/json", "User-Agent": f"consentry/{__version__}"}


class HttpMessenger:
    """POSTs to one address. It is as secret as what is sent there: neither stands in a log or an error."""

    def __init__(
        self,
        url: str,
        *,
        seconds: float = SECONDS,
        tls: ssl.SSLContext | None = None,
        only_tls: bool = False,
    ) -> None:
        self._url = url
        self._seconds = seconds
        self._exchange = Exchange(tls=tls, only_tls=only_tls)

    def deliver(self, message: bytes) -> bool:
        try:
            headers = with_current(_HEADERS)
            answer = self._exchange.ask(
                "POST", self._url, message, headers, seconds=self._seconds, most=MOST_BYTES
            )
        except (NoAnswer, AnswerTooLarge):
            return False
        return 200 <= answer.status < 300
