"""What a signed function is to the suite of signatures: how to come to it, what is signed, what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

DAY = 86400
WALLET_OWNER = "owner of a wallet"
OTHER = "0x" + "c0" * 32
# identities, consents, emergencies, members, alice, relayer, recipient, now, deadline
World = SimpleNamespace
Refusal = tuple[Any, ...]  # an error's name and values


@dataclass(frozen=True)
class Ask:
    """One signed call, ready to send: what the wallet shows, and what the contract says to other signatures."""

    typed: dict[str, Any]
    function: Any  # of the contract
    arguments: Callable[[bytes], tuple[Any, ...]]
    relayer: Any
    refused: Refusal
    replayed: Refusal
    late: Refusal = ()
    unsigned: Refusal = ()  # where empty bytes mean that nobody signed

    def send(self, signature: bytes) -> Any:
        return self.function(*self.arguments(signature), {"from": self.relayer})

    def encoded(self, signature: bytes) -> str:
        """The same call, for a wallet contract to send."""
        return str(self.function.encode_input(*self.arguments(signature)))

    def refusal(self, signature: bytes) -> Refusal:
        return self.unsigned if self.unsigned and not signature else self.refused


@dataclass(frozen=True)
class Case:
    """A signed function. `signatory` is the account whose signature it wants, alice's key unless changed.

    `prepare` brings the chain to where the function can be called; `ask` reads the chain and changes nothing. Functions
    that don't `expire` may be relayed for ever.
    """

    function: str
    prepare: Callable[[World, str], None]
    ask: Callable[[World, str], Ask]
    event: str
    expires: bool = True
    by_representatives: bool = False
    survives_fork: bool = True  # False: acts on something whose id names the old chain

    def __str__(self) -> str:
        return self.function.split(".")[1]


def controlled(world: World, signatory: str) -> None:
    """Alice's identity is controlled by the signatory."""
    if signatory != world.alice.address:
        world.identities.changeOwner(world.alice.address, signatory, {"from": world.alice.account})
