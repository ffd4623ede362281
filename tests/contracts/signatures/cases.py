"""Every signed function of the contracts, each as a case of one suite.

A new signed function gets a case here: test_signature_cases.py compares with the ABIs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from tests.contracts.consents import Draft, Person, revocation, terms
from tests.contracts.identity.changes import CHANGES, Change
from tests.contracts.identity.guardians import Circle, naming, recovery, veto

DAY = 86400
OTHER = "0x" + "c0" * 32
World = SimpleNamespace  # identities, consents, alice, relayer, recipient, now, deadline
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

    def __str__(self) -> str:
        return self.function.split(".")[1]


def controlled(world: World, signatory: str) -> None:
    """Alice's identity is controlled by the signatory."""
    if signatory != world.alice.address:
        world.identities.changeOwner(world.alice.address, signatory, {"from": world.alice.account})


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
    ask = _start(world, guardian.address)
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


def _draft(world: World) -> Draft:
    window = (world.now - DAY, world.now + 30 * DAY, world.deadline)
    return Draft(world.alice.address, terms(world.recipient), *window)


def _grant(world: World, signatory: str) -> Ask:
    draft = _draft(world)
    grant, consent_id = draft.grant(world.consents), draft.consent_id(world.consents)
    return Ask(
        draft.typed(world.consents),
        world.consents.grantBySignature,
        lambda signature: (grant, signature),
        world.relayer,
        refused=("ConsentSignatureInvalid", draft.patient, consent_id),
        replayed=("ConsentAlreadyKnown", consent_id, 1),
        late=("ConsentRelayTooLate", consent_id, draft.relay_before),
    )


def _revoke(world: World, signatory: str) -> Ask:
    patient = world.alice.address
    return Ask(
        revocation(patient, OTHER, world.consents),
        world.consents.revokeBySignature,
        lambda signature: (patient, OTHER, signature),
        world.relayer,
        refused=("ConsentSignatureInvalid", patient, OTHER),
        replayed=("ConsentAlreadyRevoked", OTHER),
    )


CASES = [
    *(_change(one) for one in CHANGES),
    Case("IdentityRegistry.setGuardiansBySignature", controlled, _name_guardians, "GuardiansSet"),
    Case("IdentityRegistry.startRecovery", guarded, _start, "RecoveryStarted"),
    Case("IdentityRegistry.vetoRecoveryBySignature", _recovering, _veto, "RecoveryVetoed"),
    Case("ConsentRegistry.grantBySignature", controlled, _grant, "ConsentGranted", by_representatives=True),
    Case(
        "ConsentRegistry.revokeBySignature",
        controlled,
        _revoke,
        "ConsentRevoked",
        expires=False,
        by_representatives=True,
    ),
]
