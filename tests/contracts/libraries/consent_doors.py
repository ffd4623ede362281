"""Doors of what patients sign about consents (typed_doors.py)."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.contracts.calls import view
from tests.contracts.consents import STATEMENT, terms_tuple
from tests.contracts.libraries.typed_world import LATEST, Asked, World
from tests.contracts.mandates import MANDATE_STATEMENT, REPLACEMENT_STATEMENT, scope_tuple
from tests.contracts.typed import iso


def consent(world: World, message: dict[str, Any], random: Random) -> Asked:
    given = _consent(world, message, random)
    return Asked(
        message, world.contracts.ConsentRegistry, "grantBySignature", lambda signature: (given, signature)
    )


def _consent(world: World, message: dict[str, Any], random: Random) -> tuple[Any, ...]:
    """The message made the signer's own; gives what the transaction carries."""
    terms_hash = _hashed(world, "hashTerms", terms_tuple(message["terms"]))
    return (world.signer.address, terms_hash, *_window(world, message, random))


def _window(world: World, message: dict[str, Any], random: Random) -> tuple[int, ...]:
    """Patient and times made acceptable; gives the times in seconds."""
    until = random.choice((LATEST, random.randrange(world.now + 1000, LATEST)))
    relay = random.choice((until, random.randrange(world.now + 500, until)))
    times = {"validFrom": random.choice((0, world.now)), "validUntil": until, "relayBefore": relay}
    message |= {"patient": world.signer.address, **{name: iso(time) for name, time in times.items()}}
    return tuple(times.values())


def _hashed(world: World, function: str, value: tuple[Any, ...]) -> str:
    return "0x" + view(world.contracts.ConsentRegistry, function, value).hex()


def revocation(world: World, message: dict[str, Any], random: Random) -> Asked:
    message |= {"patient": world.signer.address, "statement": STATEMENT}
    what = (message["patient"], message["consentId"])
    registry = world.contracts.ConsentRegistry
    return Asked(message, registry, "revokeBySignature", lambda signature: (*what, signature))


def replacement(world: World, message: dict[str, Any], random: Random) -> Asked:
    """The signer has granted a consent, and now signs another in its place."""
    registry, signer = world.contracts.ConsentRegistry, world.signer
    granted = (signer.address, "0x" + random.randbytes(32).hex(), 0, LATEST, LATEST)
    registry.grant(granted, {"from": signer.account})
    replaced = "0x" + bytes(registry.consentIdOf(granted)).hex()
    message |= {"statement": REPLACEMENT_STATEMENT, "replaces": replaced}
    given = _consent(world, message["consent"], random)
    return Asked(message, registry, "replaceBySignature", lambda signature: (replaced, given, signature))


def mandate(world: World, message: dict[str, Any], random: Random) -> Asked:
    message["statement"] = MANDATE_STATEMENT
    scope_hash = _hashed(world, "hashScope", scope_tuple(message["scope"]))
    times = _window(world, message, random)
    given = (world.signer.address, message["representative"], scope_hash, *times)
    registry = world.contracts.ConsentRegistry
    return Asked(message, registry, "grantMandateBySignature", lambda signature: (given, signature))
