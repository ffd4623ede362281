"""Guardians and recoveries as the chain tells of them (the Guardianships port)."""

from __future__ import annotations

from consentry.chain.ledger import ChainLedger
from consentry.domain.addresses import ZERO, Address
from consentry.ports.recoveries import CONTRACT, Recovery


class ChainGuardianships:
    """Reads through a ledger's node."""

    def __init__(self, ledger: ChainLedger) -> None:
        self._ledger = ledger
        self.chain_id = ledger.chain_id
        self.address_of = ledger.address_of

    def commitment_of(self, identity: Address) -> bytes | None:
        def in_force(commitment: bytes, following: bytes, effective_at: int) -> bytes | None:
            return bytes(commitment) if any(commitment) else None

        return self._ledger.ask(self._ledger.call(CONTRACT, "guardiansOf", identity, read=in_force))

    def recovery_of(self, identity: Address) -> Recovery:
        def pending(new_owner: str, executable_at: int, attempt: int, veto_spent: bool) -> Recovery:  # noqa: FBT001 - as the contract answers
            owner = None if new_owner == ZERO else Address(new_owner)
            return Recovery(owner, executable_at, attempt, veto_spent)

        return self._ledger.ask(self._ledger.call(CONTRACT, "recoveryOf", identity, read=pending))
