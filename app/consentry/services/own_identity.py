"""A patient's own identity at a gateway: who acts for it, who guards it, what is pending (specification I-3 to I-6, W-48, W-49).

The gateway relays what the controller signed and pays for it; it can neither name nor end anybody. Whether somebody acts
for a patient is the chain's word alone: what is kept here is where to look, and the patient's own word for a person.

A signature is good once. One that is sent again because its answer was lost is refused by the chain, although all is as asked:
so the chain is looked at before anybody is told that it failed, and there is no receipt then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from consentry.crypto.kept import open_kept, seal_kept
from consentry.domain import fields
from consentry.domain.addresses import Address, to_bytes
from consentry.domain.ledger import TxReceipt
from consentry.errors import ConsentryError, LayoutInvalid, SignatureInvalid, TransactionReverted
from consentry.ports import Clock, Ledger, Sender
from consentry.ports.recoveries import (
    CONTRACT,
    FamilyBook,
    Guardianships,
    Guarding,
    KeptTie,
    Recovery,
)
from consentry.services import recovery
from consentry.services.recovery import NameGuardians

REPRESENTATIVE = b"consent".ljust(32, b"\0")
MOST_NAME = 80
MOST_HELD = 50
LATELY_SECONDS = 24 * 3600
"""How long ago a block may have been in which a representative was named, for its signature to be sent again."""
_NAME = b"consentry/v1/tie-name"
_NOT_SIGNED = ("IdentitySignatureInvalid", "GuardianSignatureInvalid")


@dataclass(frozen=True)
class IdentityPorts:
    """`content_key` (32 bytes) seals the names of people."""

    ledger: Ledger
    chain: Guardianships
    sender: Sender
    book: FamilyBook
    clock: Clock
    content_key: bytes


@dataclass(frozen=True)
class NameRepresentative:
    """The controller's signature over `AddDelegate`; `validity` in seconds from the block, `deadline` in seconds. `name` is the
    patient's own word for the person, for nobody else's eyes; it may be empty."""

    identity: Address
    account: Address
    name: str
    validity: int
    deadline: int
    signature: bytes


@dataclass(frozen=True)
class EndRepresentative:
    """The controller's signature over `RevokeDelegate`."""

    identity: Address
    account: Address
    deadline: int
    signature: bytes


@dataclass(frozen=True)
class Veto:
    """The controller's signature over `VetoRecovery`."""

    identity: Address
    deadline: int
    signature: bytes


@dataclass(frozen=True)
class Known:
    """A representative as the patient knows it; `until` in seconds, exclusive."""

    account: Address
    name: str
    until: int


@dataclass(frozen=True)
class IdentityState:
    """What the chain says now; `controller` acts for the identity, `delay` (seconds) is that of recoveries."""

    controller: Address
    nonce: int
    representatives: tuple[Known, ...]
    guarding: Guarding
    recovery: Recovery
    delay: int


@dataclass(frozen=True)
class Held:
    """An identity for which an account acts, or will (`from_` in seconds: when its recovery may be finished)."""

    identity: Address
    how: str
    from_: int


def state_of(identity: Address, ports: IdentityPorts) -> IdentityState:
    """Raises ChainUnreachable, HistoryTooLong."""
    names = {one.account: _name_of(one, ports) for one in ports.book.ties_of(identity)}
    live = ports.chain.representatives_of(identity, ports.clock.now())
    return IdentityState(
        controller=Address(ports.ledger.identity_owner(identity)),
        nonce=ports.ledger.identity_nonce(identity),
        representatives=tuple(Known(one.account, names.get(one.account, ""), one.until) for one in live),
        guarding=ports.chain.guarding_of(identity),
        recovery=ports.chain.recovery_of(identity),
        delay=ports.chain.recovery_delay(),
    )


def name_representative(command: NameRepresentative, ports: IdentityPorts) -> TxReceipt | None:
    """Raises LayoutInvalid for a name that is none, SignatureInvalid, TransactionReverted."""
    if len(command.name) > MOST_NAME or not fields.is_plain(command.name):
        raise LayoutInvalid(f"name: must be at most {MOST_NAME} printable characters", expression=("name",))
    arguments = (command.account, command.validity, command.deadline, command.signature)
    call = ("addDelegateBySignature", command.identity, REPRESENTATIVE, *arguments)
    receipt = _relay_once(lambda: relay(*call, ports=ports), lambda: _is_named(command, ports))
    if receipt is None and any(
        one.account == command.account for one in ports.book.ties_of(command.identity)
    ):
        return None  # noted by the first try: what comes again may be signed by nobody
    sealed = b""
    if command.name:
        key = _pair(command.identity, command.account)
        sealed = seal_kept(ports.content_key, _NAME, key, command.name.encode("utf-8"))
    note(command.identity, command.account, sealed, ports)
    return receipt


def end_representative(command: EndRepresentative, ports: IdentityPorts) -> TxReceipt | None:
    """Raises SignatureInvalid, TransactionReverted."""
    arguments = (REPRESENTATIVE, command.account, command.deadline, command.signature)
    call = ("revokeDelegateBySignature", command.identity, *arguments)
    return _relay_once(lambda: relay(*call, ports=ports), lambda: not _untils(command, ports))


def name_guardians(command: NameGuardians, ports: IdentityPorts) -> TxReceipt | None:
    """Raises SignatureInvalid, TransactionReverted (a recovery is pending)."""
    return _relay_once(lambda: recovery.name(command, ports.sender), lambda: _is_guarded(command, ports))


def stop_recovery(command: Veto, ports: IdentityPorts) -> TxReceipt | None:
    """Raises SignatureInvalid, TransactionReverted (too late, vetoed before, nothing pending)."""
    call = ("vetoRecoveryBySignature", command.identity, command.deadline, command.signature)
    return _relay_once(lambda: relay(*call, ports=ports), lambda: _is_stopped(command, ports))


def identities_of(account: Address, ports: IdentityPorts) -> tuple[tuple[Held, ...], bool]:
    """Other identities for which this account acts now, or will after a recovery, as far as they were named here: of those that
    were named last, and whether there are more. Anybody may name an account: each costs questions to the chain."""
    ties = ports.book.ties_to(account, MOST_HELD + 1)
    found = (_held(one.identity, account, ports) for one in ties[:MOST_HELD])
    return tuple(one for one in found if one is not None), len(ties) > MOST_HELD


def note(identity: Address, account: Address, sealed_name: bytes, ports: IdentityPorts) -> None:
    """Remember where this account has to look."""
    ports.book.tie(KeptTie(identity, account, sealed_name, ports.clock.now()))


def relay(function: str, *arguments: Any, ports: IdentityPorts) -> TxReceipt:
    """Send what was signed. Raises SignatureInvalid, TransactionReverted, ChainUnreachable, ChainStale."""
    try:
        return ports.sender.transact(CONTRACT, function, *arguments)
    except TransactionReverted as reverted:
        raise _told(reverted) from None


def _relay_once(send: Callable[[], TxReceipt], is_as_asked: Callable[[], bool]) -> TxReceipt | None:
    """None where the chain refuses what it is already."""
    try:
        return send()
    except (SignatureInvalid, TransactionReverted) as refused:
        if is_as_asked():
            return None
        raise (_told(refused) if isinstance(refused, TransactionReverted) else refused) from None


def _is_named(command: NameRepresentative, ports: IdentityPorts) -> bool:
    """For this time, and lately: another time that still runs is another signature's."""
    now = ports.ledger.head().timestamp
    return any(0 <= now - (until - command.validity) <= LATELY_SECONDS for until in _untils(command, ports))


def _untils(command: NameRepresentative | EndRepresentative, ports: IdentityPorts) -> list[int]:
    """Until when (seconds) the account acts; at most one, none if it does not."""
    live = ports.chain.representatives_of(command.identity, ports.ledger.head().timestamp)
    return [one.until for one in live if one.account == command.account]


def _is_guarded(command: NameGuardians, ports: IdentityPorts) -> bool:
    """By these guardians, or by them once the change counts."""
    guarding = ports.chain.guarding_of(command.identity)
    newest = guarding.following if guarding.effective_at else guarding.commitment
    return newest == (command.commitment if any(command.commitment) else None)


def _is_stopped(command: Veto, ports: IdentityPorts) -> bool:
    pending = ports.chain.recovery_of(command.identity)
    return pending.new_owner is None and pending.veto_spent


def _told(reverted: TransactionReverted) -> ConsentryError:
    if reverted.name in _NOT_SIGNED:
        return SignatureInvalid("it is not signed by the one who controls this identity now")
    return reverted


def _held(identity: Address, account: Address, ports: IdentityPorts) -> Held | None:
    if ports.ledger.identity_owner(identity) == account:
        return Held(identity, "controller", 0)
    pending = ports.chain.recovery_of(identity)
    if pending.new_owner == account:
        return Held(identity, "recovery", pending.executable_at)
    return Held(identity, "representative", 0) if ports.ledger.acts_for(identity, account) else None


def _name_of(tie: KeptTie, ports: IdentityPorts) -> str:
    if not tie.sealed_name:
        return ""
    key = _pair(tie.identity, tie.account)
    return open_kept(ports.content_key, _NAME, key, tie.sealed_name).decode("utf-8")


def _pair(identity: Address, account: Address) -> bytes:
    return to_bytes(identity) + to_bytes(account)
