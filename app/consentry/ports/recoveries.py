"""Guardians, recoveries and representatives, as the chain tells of them, and what a gateway's desk keeps beside it."""

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


@dataclass(frozen=True)
class Guarding:
    """The commitment in force (None: nobody guards), and the change that takes its place at `effective_at` (seconds; 0: there
    is no change). `following` is None where the change names nobody."""

    commitment: bytes | None
    following: bytes | None
    effective_at: int


@dataclass(frozen=True)
class Representative:
    """A live delegate of type `consent`: acts for the patient until a time (seconds, exclusive)."""

    account: Address
    until: int


class Guardianships(Protocol):
    """What the chain says of guardians and representatives. Raises ChainUnreachable, ChainWrong."""

    @property
    def chain_id(self) -> int: ...

    def address_of(self, contract: str) -> str: ...

    def commitment_of(self, identity: Address) -> bytes | None:
        """Of the guardians in force."""

    def guarding_of(self, identity: Address) -> Guarding: ...

    def recovery_of(self, identity: Address) -> Recovery: ...

    def recovery_delay(self) -> int:
        """Seconds."""

    def representatives_of(self, identity: Address, now: int) -> tuple[Representative, ...]:
        """Those whose standing holds now (seconds). Raises HistoryTooLong."""


@dataclass(frozen=True)
class KeptTie:
    """That an account was named for an identity here, as representative or as new owner: where to look, never whether it
    holds. `sealed_name` is the patient's own word for the person, under the gateway's content key; empty: none."""

    identity: Address
    account: Address
    sealed_name: bytes
    noted_at: int


@dataclass(frozen=True)
class Agreement:
    """A guardian's signature over a recovery; `deadline` and `noted_at` in seconds."""

    identity: Address
    new_owner: Address
    attempt: int
    deadline: int
    guardian: Address
    signature: bytes
    noted_at: int


class FamilyBook(Protocol):
    """Durable; every method is one transaction, safe from any thread."""

    def tie(self, tie: KeptTie) -> None:
        """The newest word of one identity and account counts."""

    def ties_of(self, identity: Address) -> tuple[KeptTie, ...]: ...

    def ties_to(self, account: Address, most: int) -> tuple[KeptTie, ...]:
        """The newest first."""

    def agree(self, agreement: Agreement) -> None:
        """A guardian has one agreement for an identity: the newest. Those past their deadline go."""

    def agreements(self, identity: Address) -> tuple[Agreement, ...]:
        """The oldest first."""

    def settle(self, identity: Address) -> None:
        """What was agreed has been shown to the chain."""
