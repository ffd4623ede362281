"""One door for each signed struct: a random message that the contract could accept, and the call that takes its signature.

A new struct of a contract needs one function here, listed in DOORS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from brownie import accounts, web3

from tests.contracts.calls import calldata, view
from tests.contracts.consents import STATEMENT, Person, iso, terms_tuple
from tests.typed_data.cases import TEXTS, cases_of
from tests.typed_data.structs import from_contracts, typed

LATEST = 253402300799
SHORT = [text for text in TEXTS if len(text.encode()) <= 32 and not text.endswith("\u0000")]
STRUCTS = from_contracts()


@dataclass(frozen=True)
class World:
    """The contracts by name, who signs, and the chain's time in seconds."""

    contracts: Any
    signer: Person
    now: int


@dataclass(frozen=True)
class Asked:
    """A message and the call that its signature, appended, makes valid."""

    message: dict[str, Any]
    contract: Any
    function: str
    arguments: tuple[Any, ...]

    def typed(self, primary: str) -> dict[str, Any]:
        """In the domain that the contract itself names."""
        _, name, version, chain, address, *_ = self.contract.eip712Domain()
        domain = {"name": name, "version": version, "chainId": int(chain), "verifyingContract": str(address)}
        return typed(primary, STRUCTS[primary], domain, self.message)

    def accepts(self, signature: bytes) -> bool:
        """Whether the call goes through, tried and not sent."""
        data = calldata(self.contract, self.function, *self.arguments, signature)
        call = {"from": str(accounts[4]), "to": self.contract.address, "data": data}
        answer = web3.provider.make_request("eth_call", [call, "latest"])
        return "error" not in answer


def consent(world: World, message: dict[str, Any], random: Random) -> Asked:
    until = random.choice((LATEST, random.randrange(world.now + 1000, LATEST)))
    relay = random.choice((until, random.randrange(world.now + 500, until)))
    times = {"validFrom": random.choice((0, world.now)), "validUntil": until, "relayBefore": relay}
    message |= {"patient": world.signer.address, **{name: iso(time) for name, time in times.items()}}
    registry = world.contracts.ConsentRegistry
    terms_hash = "0x" + view(registry, "hashTerms", terms_tuple(message["terms"])).hex()
    given = (message["patient"], terms_hash, *times.values())
    return Asked(message, registry, "grantBySignature", (given,))


def revocation(world: World, message: dict[str, Any], random: Random) -> Asked:
    message |= {"patient": world.signer.address, "statement": STATEMENT}
    arguments = (message["patient"], message["consentId"])
    return Asked(message, world.contracts.ConsentRegistry, "revokeBySignature", arguments)


def identity_change(function: str) -> Callable[[World, dict[str, Any], Random], Asked]:
    """A twin of ERC-1056: its arguments are the message's fields in order, without the nonce."""

    def door(world: World, message: dict[str, Any], random: Random) -> Asked:
        registry = world.contracts.IdentityRegistry
        message |= {
            "identity": world.signer.address,
            "nonce": int(registry.nonce(world.signer.address)),
            "deadline": random.choice((2**256 - 1, world.now + 1000)),
        }
        if "validity" in message:
            message["validity"] = random.choice((0, random.randrange(LATEST - world.now - 1000)))
        arguments = dict(message)
        del arguments["nonce"]
        for name in ("name", "delegateType"):
            if name in message:
                message[name] = random.choice(SHORT)
                arguments[name] = "0x" + message[name].encode().ljust(32, b"\0").hex()
        if "value" in message:
            arguments["value"] = message["value"].encode()
        return Asked(message, registry, function, tuple(arguments.values()))

    return door


DOORS: dict[str, Callable[[World, dict[str, Any], Random], Asked]] = {
    "Consent": consent,
    "Revocation": revocation,
    "ChangeOwner": identity_change("changeOwnerBySignature"),
    "AddDelegate": identity_change("addDelegateBySignature"),
    "RevokeDelegate": identity_change("revokeDelegateBySignature"),
    "SetAttribute": identity_change("setAttributeBySignature"),
    "RevokeAttribute": identity_change("revokeAttributeBySignature"),
}


def asked(primary: str, number: int, world: World) -> Asked:
    """The case of that number, made acceptable."""
    message = cases_of(primary, STRUCTS[primary])[number]["message"]
    return DOORS[primary](world, message, Random(f"door {primary} {number}"))
