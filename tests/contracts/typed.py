"""Typed data as wallets of this chain sign it, and what is signed with a window."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from brownie import web3
from eth_account.messages import encode_typed_data
from eth_utils import keccak

from tests.contracts.structs import typed_in


def iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def typed_data(
    primary: str, types: dict[str, list], message: dict[str, Any], contract: Any, name: str = "Consentry"
) -> dict[str, Any]:
    """What a wallet is asked to sign for a contract on the chain that Brownie talks to."""
    domain = {"name": name, "version": "1", "chainId": chain_id(), "verifyingContract": contract.address}
    return typed_in(domain, primary, types, message)


def digest(typed: dict[str, Any]) -> bytes:
    """The 32 bytes that are signed, by eth-account."""
    signable = encode_typed_data(full_message=typed)
    return keccak(b"\x19" + signable.version + signable.header + signable.body)


def chain_id() -> int:
    return web3.eth.chain_id


class Windowed:
    """What is signed with a window, before it is granted: words and three times (seconds). Its id is its digest."""

    primary: ClassVar[str]
    types: ClassVar[dict[str, list]]
    words: dict[str, Any]
    valid_from: int
    valid_until: int
    relay_before: int

    @property
    def times(self) -> tuple[int, int, int]:
        return (self.valid_from, self.valid_until, self.relay_before)

    @property
    def message(self) -> dict[str, Any]:
        names = ("validFrom", "validUntil", "relayBefore")
        return self.words | {name: iso(time) for name, time in zip(names, self.times, strict=True)}

    def typed(self, contract: Any) -> dict[str, Any]:
        return typed_data(self.primary, self.types, self.message, contract)

    def typed_id(self, contract: Any) -> str:
        return "0x" + digest(self.typed(contract)).hex()
