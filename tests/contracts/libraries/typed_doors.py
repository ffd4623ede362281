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
from tests.contracts.identity import guardians
from tests.typed_data.cases import TEXTS, cases_of
from tests.typed_data.structs import from_contracts, typed

LATEST = 253402300799
# a commitment by plain ABI encoding (I-4), never typed data
HASHED_ONLY = {"GuardianSet"}
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


def consent(world: World, message: dict[str, Any], random: Random) -> Asked:
    until = random.choice((LATEST, random.randrange(world.now + 1000, LATEST)))
    relay = random.choice((until, random.randrange(world.now + 500, until)))
    times = {"validFrom": random.choice((0, world.now)), "validUntil": until, "relayBefore": relay}
    message |= {"patient": world.signer.address, **{name: iso(time) for name, time in times.items()}}
    registry = world.contracts.ConsentRegistry
    terms_hash = "0x" + view(registry, "hashTerms", terms_tuple(message["terms"])).hex()
    given = (message["patient"], terms_hash, *times.values())
    return Asked(message, registry, "grantBySignature", lambda signature: (given, signature))


def revocation(world: World, message: dict[str, Any], random: Random) -> Asked:
    message |= {"patient": world.signer.address, "statement": STATEMENT}
    what = (message["patient"], message["consentId"])
    registry = world.contracts.ConsentRegistry
    return Asked(message, registry, "revokeBySignature", lambda signature: (*what, signature))


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
        return Asked(message, registry, function, lambda signature: (*arguments.values(), signature))

    return door


def naming_guardians(world: World, message: dict[str, Any], random: Random) -> Asked:
    registry, deadline = world.contracts.IdentityRegistry, random.choice((2**256 - 1, world.now + 1000))
    message |= guardians.naming(registry, world.signer.address, message["commitment"], deadline)["message"]
    what = (message["identity"], message["commitment"], deadline)
    return Asked(message, registry, "setGuardiansBySignature", lambda signature: (*what, signature))


def recovery(world: World, message: dict[str, Any], random: Random) -> Asked:
    """The signer is the only guardian of somebody else's identity."""
    registry, deadline = world.contracts.IdentityRegistry, random.choice((2**256 - 1, world.now + 1000))
    lost, circle = Person.named(f"lost {random.random()}"), guardians.Circle.of(1, world.signer)
    registry.setGuardians(lost.address, circle.commitment(registry, lost.address), {"from": lost.account})
    message |= guardians.recovery(registry, lost.address, message["newOwner"], deadline)["message"]
    what = (lost.address, message["newOwner"], circle.revealed)
    return Asked(message, registry, "startRecovery", lambda signature: (*what, [signature], deadline))


def veto(world: World, message: dict[str, Any], random: Random) -> Asked:
    """The signer's guardian has started a recovery for somebody."""
    registry, signer = world.contracts.IdentityRegistry, world.signer
    friend = Person.named("a guardian")
    circle = guardians.Circle.of(1, friend)
    if int(registry.recoveryOf(signer.address)[1]) == 0:
        commitment = circle.commitment(registry, signer.address)
        registry.setGuardians(signer.address, commitment, {"from": signer.account})
    started = guardians.recovery(registry, signer.address, message["newOwner"], LATEST)
    what = (signer.address, message["newOwner"], circle.revealed, circle.signed(started, friend), LATEST)
    registry.startRecovery(*what, {"from": accounts[4]})
    message |= guardians.veto(registry, signer.address, LATEST)["message"]
    return Asked(
        message,
        registry,
        "vetoRecoveryBySignature",
        lambda signature: (signer.address, LATEST, signature),
    )


DOORS: dict[str, Callable[[World, dict[str, Any], Random], Asked]] = {
    "Consent": consent,
    "Revocation": revocation,
    "ChangeOwner": identity_change("changeOwnerBySignature"),
    "AddDelegate": identity_change("addDelegateBySignature"),
    "RevokeDelegate": identity_change("revokeDelegateBySignature"),
    "SetAttribute": identity_change("setAttributeBySignature"),
    "RevokeAttribute": identity_change("revokeAttributeBySignature"),
    "SetGuardians": naming_guardians,
    "Recovery": recovery,
    "VetoRecovery": veto,
}


def asked(primary: str, number: int, world: World) -> Asked:
    """The case of that number, made acceptable: nobody and nothing (zeros) can be named in these places."""
    message = cases_of(primary, STRUCTS[primary])[number]["message"]
    if int(message.get("commitment", "0x1"), 16) == 0:
        message["commitment"] = "0x" + "00" * 31 + "01"
    if primary in ("Recovery", "VetoRecovery") and int(message["newOwner"], 16) == 0:
        message["newOwner"] = "0x" + "00" * 19 + "01"
    return DOORS[primary](world, message, Random(f"door {primary} {number}"))
