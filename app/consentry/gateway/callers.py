"""The network address that asks, also where proxies stand in front (specification H-46).

Werkzeug's reading of lists ends at a quote: whoever sends one would hide behind the proxy's own address.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

from flask import request

from consentry.errors import HeaderInvalid

HEADER = "X-Forwarded-For"
_WITH_PORT = re.compile(r"(?:\[([^\]]*)\]|([0-9.]+))(?::[0-9]{1,5})?")
_HOUSEHOLD_BITS = 64
"""What is left of an IPv6 address within one network, whose addresses its owner makes up."""


def find(proxies: int) -> None:
    """Have the request know its caller. `proxies`: how many in front append to X-Forwarded-For; whoever comes past them counts by
    the connection's other end. Raises HeaderInvalid."""
    header = request.headers.get(HEADER)
    said = [] if header is None else header.rsplit(",", proxies)[-proxies:]
    if proxies and len(said) == proxies:
        # entries of a batch are made of the environment
        request.environ["REMOTE_ADDR"] = request.remote_addr = _read(said[0])


def network() -> str:
    """By which a caller counts: the address, of IPv6 the first 64 bits."""
    try:
        found = _of(request.remote_addr or "")
    except ValueError:
        return ""
    if isinstance(found, IPv4Address):
        return str(found)
    return str(IPv6Address(int(found) >> _HOUSEHOLD_BITS << _HOUSEHOLD_BITS))


def _read(said: str) -> str:
    plain = said.strip()
    found = _WITH_PORT.fullmatch(plain)
    try:
        return str(_of(found[1] or found[2] or "" if found else plain))
    except ValueError:
        raise HeaderInvalid(f"{HEADER}: what the proxy in front has appended is no address") from None


def _of(text: str) -> IPv4Address | IPv6Address:
    """Without its zone, and as IPv4 where it is one. Raises ValueError."""
    found = ip_address(text)
    if isinstance(found, IPv4Address):
        return found
    return found.ipv4_mapped or IPv6Address(int(found))
