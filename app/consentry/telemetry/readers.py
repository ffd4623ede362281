"""Who may read metrics: whoever shows the key of the settings; without one, callers on the same machine (specification H-50)."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from hashlib import sha256
from ipaddress import ip_address

from consentry.errors import MetricsClosed

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
"""What a proxy on the same machine adds: its callers are not on this machine."""


def require_reader(key_digest: str, remote: str | None, header: Callable[[str], str | None]) -> None:
    """`key_digest`: SHA-256 of the key in hex, or empty; `remote`: the connection's other end; `header`: the request's one of a
    name, in whatever case. Raises MetricsClosed."""
    if key_digest:
        kind, _, key = (header("Authorization") or "").partition(" ")
        shown = sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
        if kind.lower() != "bearer" or not hmac.compare_digest(shown, key_digest.lower()):
            raise MetricsClosed()
    elif not _is_here(remote) or any(header(name) is not None for name in _FORWARDED):
        raise MetricsClosed()


def _is_here(remote: str | None) -> bool:
    try:
        return ip_address(remote or "").is_loopback
    except ValueError:
        return False
