"""Doors of what staff sign about an emergency (typed_doors.py)."""

from __future__ import annotations

from random import Random
from typing import Any

from brownie import accounts

from scripts.settings import text32
from tests.contracts.consents import CITY, Person
from tests.contracts.emergency import openings
from tests.contracts.emergency.openings import Box
from tests.contracts.libraries.typed_world import LATEST, Asked, World

HOUR = 3600
COLLEAGUES = [Person.named("a first opener"), Person.named("a second opener")]
FINDINGS = [(openings.JUSTIFIED, "justified"), (openings.UNJUSTIFIED, "unjustified")]


def opening(world: World, message: dict[str, Any], random: Random) -> Asked:
    """The signer opens with a colleague, who signs the same."""
    _enrol(world)
    until = world.now + random.randrange(HOUR, 20 * HOUR)
    subject, (colleague, _) = message["subject"], COLLEAGUES
    who = (CITY, world.signer.address, colleague.address)
    times = (until, world.now + random.randrange(HOUR // 2, HOUR))
    box = Box(subject["patient"], subject["salt"], *who, *times)
    contract = world.contracts.EmergencyAccess
    typed, declaration = box.typed(contract), box.declaration(contract)
    message |= typed["message"]

    def signed(signature: bytes) -> tuple[Any, ...]:
        return declaration, signature, colleague.sign(typed)

    return Asked(message, contract, "open", signed)


def closing(world: World, message: dict[str, Any], random: Random) -> Asked:
    """Any colleague may close; the box is the same in all cases."""
    what = (_opened(world), world.signer.address)
    message |= {"closer": what[1], "statement": openings.CLOSING, "openingId": what[0]}
    contract = world.contracts.EmergencyAccess
    return Asked(message, contract, "closeBySignature", lambda signature: (*what, signature))


def review(world: World, message: dict[str, Any], random: Random) -> Asked:
    """The signer did not open; the box is the same in all cases, and closed."""
    contract, opening_id = world.contracts.EmergencyAccess, _opened(world)
    if int(contract.openingOf(opening_id)[0]) == openings.OPEN:
        contract.close(opening_id, {"from": COLLEAGUES[0].account})
    finding, word = random.choice(FINDINGS)
    signed = {"statement": openings.REVIEW, "openingId": opening_id, "finding": word}
    message |= {"reviewer": world.signer.address, **signed}
    what = (opening_id, finding, world.signer.address)
    return Asked(message, contract, "reviewBySignature", lambda signature: (*what, signature))


def _opened(world: World) -> str:
    """The id of a box of two colleagues, opened the first time."""
    _enrol(world)
    contract = world.contracts.EmergencyAccess
    names = [one.address for one in COLLEAGUES]
    times = (world.now + HOUR, world.now + HOUR)
    box = Box(world.signer.address, "0x" + "42" * 32, CITY, *names, *times)
    opening_id = box.opening_id(contract)
    if int(contract.openingOf(opening_id)[0]) == openings.UNKNOWN:
        signatures = [one.sign(box.typed(contract)) for one in COLLEAGUES]
        contract.open(box.declaration(contract), *signatures, {"from": accounts[4]})
    return opening_id


def _enrol(world: World) -> None:
    """All three are City's nurses."""
    for person in (world.signer, *COLLEAGUES):
        role, city = text32("nurse"), {"from": accounts[2]}
        world.contracts.MemberRegistry.enrol(person.address, role, "0x" + "00" * 32, LATEST, city)
