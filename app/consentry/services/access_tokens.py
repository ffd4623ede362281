"""Access tokens of hospital systems: in memory, by their digest, five minutes each (specification T-4).

What a token opened ends with it: whoever keeps something under a token's digest is told when that token is over.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from threading import Lock

from consentry.domain.addresses import Address
from consentry.domain.scopes import Scopes
from consentry.errors import NotSignedIn
from consentry.ports import Clock
from consentry.ports.client_book import RegisteredClient

TOKEN_SECONDS = 300
MOST_OF_ONE = 2_000
"""Tokens of one client; the oldest goes first. No client pushes out another's."""


@dataclass(frozen=True)
class Granted:
    """What stands behind a token. Times in seconds, `expires_at` exclusive; `digest` names the token without telling it."""

    client: RegisteredClient
    scopes: Scopes
    purpose: str | None
    practitioner: Address | None
    issued_at: int
    expires_at: int
    digest: bytes = field(default=b"", repr=False, compare=False)


class AccessTokens:
    """Thread-safe. `ended` hears the digest of each token that is over."""

    def __init__(self, clock: Clock, ended: Callable[[bytes], None], most: int = MOST_OF_ONE) -> None:
        self._clock = clock
        self._ended = ended
        self._most = most
        self._held: dict[str, OrderedDict[bytes, Granted]] = {}
        self._clients: dict[bytes, str] = {}
        self._lock = Lock()

    def issue(self, granted: Granted) -> str:
        token = secrets.token_urlsafe(32)
        digest, over = _digest(token), []
        with self._lock:
            held = self._held.setdefault(granted.client.client_id, OrderedDict())
            while len(held) >= self._most:
                over.append(self._drop(next(iter(held.values()))))
            held[digest] = replace(granted, digest=digest)
            self._clients[digest] = granted.client.client_id
        self._tell(over)
        return token

    def who(self, token: str) -> Granted:
        """Raises NotSignedIn."""
        digest = _digest(token)
        with self._lock:
            client = self._clients.get(digest)
            granted = None if client is None else self._held[client][digest]
        if granted is None or granted.expires_at <= self._clock.now():
            raise NotSignedIn()
        return granted

    def end(self, granted: Granted) -> None:
        """Nothing happens when it is over already."""
        with self._lock:
            known = granted.digest in self._clients
            over = [self._drop(granted)] if known else []
        self._tell(over)

    def sweep(self) -> None:
        """End what is over, though nobody asks."""
        now = self._clock.now()
        with self._lock:
            late = [one for held in self._held.values() for one in held.values() if one.expires_at <= now]
            over = [self._drop(one) for one in late]
        self._tell(over)

    def _drop(self, granted: Granted) -> bytes:
        del self._held[self._clients.pop(granted.digest)][granted.digest]
        return granted.digest

    def _tell(self, over: Iterable[bytes]) -> None:
        for digest in over:
            self._ended(digest)


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogateescape")).digest()
