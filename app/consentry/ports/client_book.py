"""The hospital systems that a member registered at its gateway, and the assertions that were used already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class RegisteredClient:
    """`public_keys` is a JWK Set (JSON), `scopes` as OAuth writes them, `registered_at` in seconds."""

    client_id: str
    public_keys: str
    scopes: str
    registered_at: int


class ClientBook(Protocol):
    """Durable. Raises StoreUnreachable."""

    def client(self, client_id: str) -> RegisteredClient | None: ...

    def clients(self) -> tuple[RegisteredClient, ...]:
        """By name."""

    def register(self, client: RegisteredClient) -> None:
        """Takes the place of what was registered under this name."""

    def strike(self, client_id: str) -> bool:
        """End a registration. Whether there was one."""

    def use(self, assertion: bytes, until: int, now: int) -> bool:
        """Note that an assertion (32 bytes that name it) was used, until it ends by itself. Whether this is its first use."""
