"""What a process serves, and where."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

LIVE = "/health/live"
"""Asks nobody, and takes no place: whether the process is there can be told however much it has to do."""
WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Refusal:
    """An answer to a request that never reaches the application: status, reason, headers and body."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True)
class Service:
    """An application that is open. `begin` starts what runs beside it; `leave` ends at once what would go on for long (streams),
    when no more requests are taken; `close` ends the rest, once those under way were answered."""

    app: WsgiApp
    begin: Callable[[], None]
    leave: Callable[[], None]
    close: Callable[[], None]


@dataclass(frozen=True)
class Plan:
    """`open` is called in the process that serves, and again in a new one when that died; it may raise ConsentryError.
    `at_once`: how many requests are answered at a time; others are received meanwhile. `refuse`: the form of refusals, by
    status and path. `tls`: None for plain HTTP."""

    host: str
    port: int
    open: Callable[[], Service]
    refuse: Callable[[int, str], Refusal]
    most_body_bytes: int
    at_once: int
    tls: Callable[[], ssl.SSLContext] | None = None
