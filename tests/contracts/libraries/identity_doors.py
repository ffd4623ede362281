"""Doors of what a controller or a guardian signs about an identity (typed_doors.py)."""

from __future__ import annotations

from random import Random
from typing import Any

from brownie import accounts

from tests.contracts.consents import Person
from tests.contracts.identity import guardians
from tests.contracts.libraries.typed_world import LATEST, Asked, Door, World
from tests.typed_data.cases import TEXTS

SHORT = [text for text in TEXTS if len(text.encode()) <= 32 and not text.endswith("\u0000")]


def identity_change(function: str) -> Door:
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
