"""A lost key: guardians are named, start a recovery, and after the delay the identity has a new controller (I-4 to I-6).

Whoever relays pays and gains nothing: each call carries the signatures of those whose decision it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from consentry.crypto.signatures import recover, typed_digest
from consentry.domain import guardians
from consentry.domain.addresses import Address
from consentry.domain.guardians import GuardianSet
from consentry.domain.ledger import TxReceipt
from consentry.errors import SignatureInvalid
from consentry.ports import Sender
from consentry.ports.recoveries import CONTRACT, Guardianships


@dataclass(frozen=True)
class NameGuardians:
    """`signature` is the controller's over `guardians.name_guardians`; `deadline` in seconds."""

    identity: Address
    commitment: bytes
    deadline: int
    signature: bytes


@dataclass(frozen=True)
class StartRecovery:
    """`signatures` by guardian, over `guardians.recovery`; the set becomes public."""

    identity: Address
    new_owner: Address
    guardian_set: GuardianSet
    signatures: Mapping[Address, bytes]
    deadline: int


def name(command: NameGuardians, sender: Sender) -> TxReceipt:
    """Relay the controller's choice. Raises TransactionReverted, ChainUnreachable, ChainStale."""
    return sender.transact(
        CONTRACT,
        "setGuardiansBySignature",
        command.identity,
        command.commitment,
        command.deadline,
        command.signature,
    )


def start(command: StartRecovery, chain: Guardianships, sender: Sender) -> TxReceipt:
    """Show the guardians and what they signed. Checked here first, so that no set is published in vain.

    Raises SignatureInvalid naming nobody, LayoutInvalid, TransactionReverted (also when too few signed).
    """
    attempt = chain.recovery_of(command.identity).attempt
    data = guardians.recovery(
        chain.chain_id,
        Address(chain.address_of(CONTRACT)),
        identity=command.identity,
        new_owner=command.new_owner,
        attempt=attempt,
        deadline=command.deadline,
    )
    digest, guarding = typed_digest(data), command.guardian_set
    if chain.commitment_of(command.identity) != guarding.commitment(command.identity):
        raise SignatureInvalid("these are not the guardians whom the identity's controller named")
    if any(recover(digest, signature) != guardian for guardian, signature in command.signatures.items()):
        raise SignatureInvalid("a guardian signed something else")
    shown = (guarding.threshold, guarding.guardians, guarding.salt)
    beside = guarding.beside(command.signatures)
    arguments = (command.identity, command.new_owner, shown, beside, command.deadline)
    sender.check(CONTRACT, "startRecovery", *arguments)
    return sender.transact(CONTRACT, "startRecovery", *arguments)


def finish(identity: Address, sender: Sender) -> TxReceipt:
    """After the delay. Raises TransactionReverted before it, and when nothing is pending."""
    return sender.transact(CONTRACT, "finishRecovery", identity)
