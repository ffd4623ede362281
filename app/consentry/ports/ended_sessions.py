"""What a keeper remembers of sessions that ended before their time (specification K-26)."""

from __future__ import annotations

from typing import Protocol

from consentry.domain.addresses import Address


class EndedSessions(Protocol):
    """Durable, and bounded: each is kept until the session would have ended by itself. Safe from any thread."""

    def end(self, account: Address, key: str, *, until: int, now: int) -> None:
        """Remember durably that this account's session key signs nothing more, until `until` (seconds); again is harmless.

        Raises RateLimited when the account has too many that are still kept, StoreUnreachable.
        """

    def ended(self, account: Address, key: str) -> bool:
        """Whether the account ended the session of this key. Raises StoreUnreachable."""
