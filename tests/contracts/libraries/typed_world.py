"""What a door has at hand, and what it asks of a contract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from brownie import accounts, web3

from tests.contracts.calls import calldata
from tests.contracts.consents import Person
from tests.typed_data.structs import from_contracts, typed

LATEST = 253402300799
STRUCTS = from_contracts()


@dataclass(frozen=True)
class World:
    """The contracts by name, who signs, and the chain's time in seconds."""

    contracts: Any
    signer: Person
    now: int


@dataclass(frozen=True)
class Asked:
    """A message, and the call that its signature makes valid."""

    message: dict[str, Any]
    contract: Any
    function: str
    arguments: Callable[[bytes], tuple[Any, ...]]

    def typed(self, primary: str) -> dict[str, Any]:
        """In the domain that the contract itself names."""
        _, name, version, chain, address, *_ = self.contract.eip712Domain()
        domain = {"name": name, "version": version, "chainId": int(chain), "verifyingContract": str(address)}
        return typed(primary, STRUCTS[primary], domain, self.message)

    def accepts(self, signature: bytes) -> bool:
        """Whether the call goes through, tried and not sent."""
        data = calldata(self.contract, self.function, *self.arguments(signature))
        call = {"from": str(accounts[4]), "to": self.contract.address, "data": data}
        answer = web3.provider.make_request("eth_call", [call, "latest"])
        return "error" not in answer


Door = Callable[[World, dict[str, Any], Random], Asked]
