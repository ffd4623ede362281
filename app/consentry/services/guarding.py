"""Guardians agree to a recovery, each at an own device; the one that makes it enough starts it (specification I-5, W-50, W-51).

Until then their signatures wait at this gateway, which checks each against the chain: whoever shows the set that the chain
has committed to was told it by the patient or by a guardian.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from consentry.crypto.signatures import recover, typed_digest
from consentry.domain import guardians
from consentry.domain.addresses import Address
from consentry.domain.guardians import GuardianSet
from consentry.domain.ledger import TxReceipt
from consentry.errors import GuardiansUnknown, LayoutInvalid, SignatureInvalid, TransactionReverted
from consentry.ports.recoveries import CONTRACT, Agreement, Recovery
from consentry.services import recovery
from consentry.services.own_identity import IdentityPorts, note, relay
from consentry.services.recovery import StartRecovery

MOST_SECONDS = 30 * 24 * 3600
"""How long an agreement may wait for the others."""


@dataclass(frozen=True)
class Agree:
    """A guardian's signature over `Recovery` (`guardians.recovery`), with the attempt that the chain names now."""

    identity: Address
    new_owner: Address
    guardian_set: GuardianSet
    deadline: int
    signature: bytes


@dataclass(frozen=True)
class Waiting:
    """A recovery that some guardians have signed; `deadline` in seconds."""

    new_owner: Address
    deadline: int
    agreed: tuple[Address, ...]


@dataclass(frozen=True)
class Guarded:
    """What guardians see: the chain's word on the recovery, what waits here, and what was started just now."""

    recovery: Recovery
    threshold: int
    waiting: tuple[Waiting, ...]
    started: TxReceipt | None = None


def look(identity: Address, guardian_set: GuardianSet, ports: IdentityPorts) -> Guarded:
    """Raises GuardiansUnknown unless this set guards the identity now."""
    _require_in_force(identity, guardian_set, ports)
    pending = ports.chain.recovery_of(identity)
    agreed = _current(identity, pending.attempt, ports)
    places = dict.fromkeys((one.new_owner, one.deadline) for one in agreed)
    waiting = tuple(
        Waiting(*place, tuple(one.guardian for one in agreed if (one.new_owner, one.deadline) == place))
        for place in places
    )
    return Guarded(pending, guardian_set.threshold, waiting)


def agree(command: Agree, ports: IdentityPorts) -> Guarded:
    """Keep a guardian's word; with enough of them, start the recovery. Nothing is amiss if another guardian's word, or this one
    when it was sent before, has started it already.

    Raises GuardiansUnknown, SignatureInvalid for who is no guardian, LayoutInvalid (deadline), TransactionReverted.
    """
    _require_in_force(command.identity, command.guardian_set, ports)
    now = ports.clock.now()
    if not now < command.deadline <= now + MOST_SECONDS:
        raise LayoutInvalid("deadline: must lie within the next 30 days", expression=("deadline",))
    try:
        started = _agree(command, now, ports)
    except (SignatureInvalid, TransactionReverted):
        if ports.chain.recovery_of(command.identity).new_owner != command.new_owner:
            raise
        note(command.identity, command.new_owner, b"", ports)
        started = None
    seen = look(command.identity, command.guardian_set, ports)
    return Guarded(seen.recovery, seen.threshold, seen.waiting, started)


def _agree(command: Agree, now: int, ports: IdentityPorts) -> TxReceipt | None:
    attempt = ports.chain.recovery_of(command.identity).attempt
    guardian = _signer(command, attempt, ports)
    ports.book.agree(
        Agreement(
            command.identity, command.new_owner, attempt, command.deadline, guardian, command.signature, now
        )
    )
    same = _same(command, _current(command.identity, attempt, ports))
    return _start(command, same, ports) if len(same) >= command.guardian_set.threshold else None


def finish(identity: Address, ports: IdentityPorts) -> TxReceipt:
    """After the delay anybody may. Raises TransactionReverted before it, and when nothing is pending."""
    return relay("finishRecovery", identity, ports=ports)


def _start(command: Agree, same: Iterable[Agreement], ports: IdentityPorts) -> TxReceipt:
    signatures = {one.guardian: one.signature for one in same}
    start = StartRecovery(
        command.identity, command.new_owner, command.guardian_set, signatures, command.deadline
    )
    receipt = recovery.start(start, ports.chain, ports.sender)
    note(command.identity, command.new_owner, b"", ports)
    ports.book.settle(command.identity)
    return receipt


def _require_in_force(identity: Address, guardian_set: GuardianSet, ports: IdentityPorts) -> None:
    if ports.chain.commitment_of(identity) != guardian_set.commitment(identity):
        raise GuardiansUnknown()


def _signer(command: Agree, attempt: int, ports: IdentityPorts) -> Address:
    data = guardians.recovery(
        ports.chain.chain_id,
        Address(ports.chain.address_of(CONTRACT)),
        identity=command.identity,
        new_owner=command.new_owner,
        attempt=attempt,
        deadline=command.deadline,
    )
    signer = recover(typed_digest(data), command.signature)
    if signer not in command.guardian_set.guardians:
        raise SignatureInvalid("it is not signed by one of these guardians, over exactly this recovery")
    return signer


def _current(identity: Address, attempt: int, ports: IdentityPorts) -> tuple[Agreement, ...]:
    now = ports.clock.now()
    return tuple(
        one for one in ports.book.agreements(identity) if one.attempt == attempt and now < one.deadline
    )


def _same(command: Agree, agreed: Iterable[Agreement]) -> tuple[Agreement, ...]:
    wanted = (command.new_owner, command.deadline)
    return tuple(one for one in agreed if (one.new_owner, one.deadline) == wanted)
