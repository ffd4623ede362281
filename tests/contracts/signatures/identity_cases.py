"""The signed functions of identities and guardians."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests.contracts.consents import Person
from tests.contracts.identity.changes import CHANGES, Change
from tests.contracts.identity.guardians import Circle, naming, recovery, veto
from tests.contracts.signatures.shapes import DAY, OTHER, Ask, Case, World, controlled


def guarded(world: World, signatory: str) -> None:
    """The signatory is alice's one guardian."""
    commitment = _circle(signatory).commitment(world.identities, world.alice.address)
    world.identities.setGuardians(world.alice.address, commitment, {"from": world.alice.account})


def _circle(signatory: str) -> Circle:
    return Circle(1, (signatory,))


def _recovering(world: World, signatory: str) -> None:
    """A recovery is pending, and the signatory is controller."""
    guardian = Person.named("guardian")
    guarded(world, guardian.address)
    in_time = SimpleNamespace(**vars(world) | {"deadline": world.now + DAY})
    ask = _start(in_time, guardian.address)
    ask.send(guardian.sign(ask.typed))
    controlled(world, signatory)


def _identity(world: World, typed: dict[str, Any], twin: str, arguments: tuple[Any, ...]) -> Ask:
    """A change by the controller's signature."""
    identity, deadline = world.alice.address, world.deadline
    return Ask(
        typed,
        getattr(world.identities, twin),
        lambda signature: (identity, *arguments, deadline, signature),
        world.relayer,
        refused=("IdentitySignatureInvalid", identity),
        replayed=("IdentitySignatureInvalid", identity),
        late=("IdentitySignatureExpired", identity, deadline),
    )


def _change(change: Change) -> Case:
    def ask(world: World, signatory: str) -> Ask:
        typed = change.typed(world.identities, world.alice.address, world.deadline)
        return _identity(world, typed, change.twin, change.arguments)

    return Case(f"IdentityRegistry.{change.twin}", controlled, ask, change.event)


def _name_guardians(world: World, signatory: str) -> Ask:
    typed = naming(world.identities, world.alice.address, OTHER, world.deadline)
    return _identity(world, typed, "setGuardiansBySignature", (OTHER,))


def _veto(world: World, signatory: str) -> Ask:
    typed = veto(world.identities, world.alice.address, world.deadline)
    return _identity(world, typed, "vetoRecoveryBySignature", ())


def _start(world: World, signatory: str) -> Ask:
    identity, new_owner, deadline = world.alice.address, world.relayer.address, world.deadline
    circle = _circle(signatory)
    return Ask(
        recovery(world.identities, identity, new_owner, deadline),
        world.identities.startRecovery,
        lambda signature: (identity, new_owner, circle.revealed, [signature], deadline),
        world.relayer,
        refused=("GuardianSignatureInvalid", identity, signatory),
        replayed=("GuardianSignatureInvalid", identity, signatory),
        late=("RecoverySignatureExpired", identity, deadline),
        unsigned=("GuardianSignaturesTooFew", identity, 0, 1),
    )


CASES = [
    *(_change(one) for one in CHANGES),
    Case("IdentityRegistry.setGuardiansBySignature", controlled, _name_guardians, "GuardiansSet"),
    Case("IdentityRegistry.startRecovery", guarded, _start, "RecoveryStarted"),
    Case("IdentityRegistry.vetoRecoveryBySignature", _recovering, _veto, "RecoveryVetoed"),
]
