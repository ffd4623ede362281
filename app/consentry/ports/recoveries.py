"""Guardians and recoveries, as the chain tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from consentry.domain.addresses import Address

CONTRACT = "IdentityRegistry"


@dataclass(frozen=True)
class Recovery:
    """What the chain says of an identity: the pending new owner (None: no recovery), from when anybody may finish it, and
    the attempt that the guardians' signatures must name now."""

    new_owner: Address | None
    executable_at: int
    attempt: int
    veto_spent: bool


class Guardianships(Protocol):
    """What the chain says of guardians. Raises ChainUnreachable, ChainWrong."""

    @property
    def chain_id(self) -> int: ...

    def address_of(self, contract: str) -> str: ...

    def commitment_of(self, identity: Address) -> bytes | None:
        """Of the guardians in force."""

    def recovery_of(self, identity: Address) -> Recovery: ...
