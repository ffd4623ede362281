"""Web origins (RFC 6454), as policies of pages name them (specification W-17)."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

MAX_PORT = 65_535
_HOST = re.compile(
    r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?)*", re.ASCII
)
_NUMBERS = re.compile(r"\[[0-9a-f:.]{2,45}\]", re.ASCII)


def origin_of(url: object) -> str | None:
    """Scheme, host and port of an http or https URL, lower case; None for anything else.

    Whoever wrote the URL may be anybody: what is given holds no character that could say more in a policy.
    """
    try:
        place = urlsplit(url) if isinstance(url, str) else None
        port = None if place is None else place.port
    except ValueError:
        return None
    if place is None or place.scheme not in ("http", "https") or place.username is not None:
        return None
    host = place.hostname or ""
    host = f"[{host}]" if ":" in host else host
    if not (_HOST.fullmatch(host) or _NUMBERS.fullmatch(host)):
        return None
    return f"{place.scheme}://{host}" if port is None else f"{place.scheme}://{host}:{port}"


def is_loopback(origin: str) -> bool:
    """Whether only this machine reaches it."""
    host = re.sub(r":\d+$", "", origin.split("://", 1)[-1])
    return is_loopback_host(host.strip("[]"))


def is_loopback_host(host: str) -> bool:
    """Whether a name or address (without brackets) is this machine's own, which what is sent there does not leave."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")  # RFC 6761 section 6.3
