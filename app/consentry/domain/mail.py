"""Mail addresses and mail servers, as settings and patients name them (specification W-21)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from consentry.domain import fields
from consentry.errors import LayoutInvalid

MAX_CHARS = 254
"""RFC 5321 §4.5.3.1.3, without the angle brackets."""
LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))
SECURITIES = ("tls", "starttls", "none")
# The dot-atoms of RFC 5321 §4.1.2 that servers take everywhere: no quotes, comments, addresses of numbers or line ends.
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_LOCAL}@{_LABEL}(?:\.{_LABEL})+", re.ASCII)


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over, and as whose; `user` empty: nobody logs in there. `security`: TLS from the first byte, by
    STARTTLS, or none, on this machine alone."""

    host: str
    port: int
    sender: str
    security: str = "tls"
    user: str = ""
    password_file: str = ""

    @classmethod
    def read(cls, raw: Any) -> MailServer | None:
        """Raises TypeError, ValueError."""
        if raw is None:
            return None
        server = cls(**raw)
        try:
            mail_address(server.sender)
        except LayoutInvalid:
            raise ValueError("mail.sender must be an e-mail address") from None
        if server.security not in SECURITIES or type(server.port) is not int:
            raise ValueError(f"mail.security is one of {', '.join(SECURITIES)}, mail.port a number")
        if server.security == "none" and server.host not in LOOPBACK:
            raise ValueError("mail is handed over without TLS on this machine only")
        return server


def mail_address(value: object, where: str = "address") -> str:
    """A mail address in ASCII. Raises LayoutInvalid."""
    if not isinstance(value, str) or len(value) > MAX_CHARS or not _ADDRESS.fullmatch(value):
        fields.refuse(where, "be an e-mail address in ASCII, such as name@example.org")
    return value


def masked(address: str) -> str:
    """Enough to know one's own address again."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}…@{domain}"
