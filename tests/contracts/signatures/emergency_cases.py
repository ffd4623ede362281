"""The signed functions of emergency openings. The signatory is one of City's staff."""

from __future__ import annotations

from tests.contracts.conftest import NO_DEPARTMENT
from tests.contracts.consents import CITY, Person, text32
from tests.contracts.emergency.openings import JUSTIFIED, Box, closing, review
from tests.contracts.signatures.shapes import DAY, OTHER, Ask, Case, World

HOUR = 3600
DR_BOSE, NURSE_LI = Person.named("dr bose"), Person.named("nurse li")


def _enrolled(world: World, signatory: str) -> None:
    _enrol(world, signatory)


def _opened(world: World, signatory: str) -> None:
    """Two others have opened."""
    for account in (NURSE_LI.address, signatory):
        _enrol(world, account)
    box, contract = _box(world, NURSE_LI.address, world.now + HOUR), world.emergencies
    typed = box.typed(contract)
    signatures = (NURSE_LI.sign(typed), DR_BOSE.sign(typed))
    contract.open(box.declaration(contract), *signatures, {"from": world.relayer})


def _closed(world: World, signatory: str) -> None:
    """Two others have opened and closed."""
    _opened(world, signatory)
    world.emergencies.close(_opening_id(world), {"from": DR_BOSE.account})


def _enrol(world: World, account: str) -> None:
    staff = (account, text32("attending"), NO_DEPARTMENT, world.now + 30 * DAY)
    world.members.enrol(*staff, {"from": world.recipient})


def _box(world: World, first: str, relay_before: int) -> Box:
    times = (world.now + HOUR, relay_before)
    return Box(world.alice.address, OTHER, CITY, first, DR_BOSE.address, *times)


def _opening_id(world: World) -> str:
    return _box(world, NURSE_LI.address, world.now + HOUR).opening_id(world.emergencies)


def _open(world: World, signatory: str) -> Ask:
    box, contract = _box(world, signatory, world.deadline), world.emergencies
    typed, declaration, opening_id = box.typed(contract), box.declaration(contract), box.opening_id(contract)
    second = DR_BOSE.sign(typed)
    return Ask(
        typed,
        contract.open,
        lambda signature: (declaration, signature, second),
        world.relayer,
        refused=("OpeningSignatureInvalid", signatory, opening_id),
        replayed=("OpeningAlreadyKnown", opening_id),
        late=("OpeningRelayTooLate", opening_id, box.relay_before),
    )


def _close(world: World, signatory: str) -> Ask:
    opening_id = _opening_id(world)
    return Ask(
        closing(signatory, opening_id, world.emergencies),
        world.emergencies.closeBySignature,
        lambda signature: (opening_id, signatory, signature),
        world.relayer,
        refused=("OpeningSignatureInvalid", signatory, opening_id),
        replayed=("OpeningAlreadyClosed", opening_id),
    )


def _review(world: World, signatory: str) -> Ask:
    opening_id = _opening_id(world)
    return Ask(
        review(signatory, opening_id, JUSTIFIED, world.emergencies),
        world.emergencies.reviewBySignature,
        lambda signature: (opening_id, JUSTIFIED, signatory, signature),
        world.relayer,
        refused=("OpeningSignatureInvalid", signatory, opening_id),
        replayed=("OpeningAlreadyReviewed", opening_id, JUSTIFIED),
    )


CASES = [
    # the second opener's signature is over the same text, so neither outlives a fork
    Case("EmergencyAccess.open", _enrolled, _open, "OpeningOpened", survives_fork=False),
    Case("EmergencyAccess.closeBySignature", _opened, _close, "OpeningClosed", expires=False),
    Case("EmergencyAccess.reviewBySignature", _closed, _review, "OpeningReviewed", expires=False),
]
