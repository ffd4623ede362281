"""Guardians, recoveries and representatives as the chain tells of them (the Guardianships port)."""

from __future__ import annotations

from consentry.chain.calls import code32
from consentry.chain.ledger import ChainLedger
from consentry.domain.addresses import ZERO, Address
from consentry.ports.recoveries import CONTRACT, Guarding, Recovery, Representative

_REPRESENTATIVE = "consent"


class ChainGuardianships:
    """Reads through a ledger's node."""

    def __init__(self, ledger: ChainLedger) -> None:
        self._ledger = ledger
        self.chain_id = ledger.chain_id
        self.address_of = ledger.address_of

    def commitment_of(self, identity: Address) -> bytes | None:
        return self.guarding_of(identity).commitment

    def guarding_of(self, identity: Address) -> Guarding:
        def read(commitment: bytes, following: bytes, effective_at: int) -> Guarding:
            return Guarding(_or_none(commitment), _or_none(following), effective_at)

        return self._ledger.ask(self._ledger.call(CONTRACT, "guardiansOf", identity, read=read))

    def recovery_of(self, identity: Address) -> Recovery:
        def pending(new_owner: str, executable_at: int, attempt: int, veto_spent: bool) -> Recovery:  # noqa: FBT001 - as the contract answers
            owner = None if new_owner == ZERO else Address(new_owner)
            return Recovery(owner, executable_at, attempt, veto_spent)

        return self._ledger.ask(self._ledger.call(CONTRACT, "recoveryOf", identity, read=pending))

    def recovery_delay(self) -> int:
        return self._ledger.ask(self._ledger.call(CONTRACT, "recoveryDelay", read=int))

    def representatives_of(self, identity: Address, now: int) -> tuple[Representative, ...]:
        named = self._ledger.delegates(identity, _REPRESENTATIVE)
        hopeful = [Representative(account, until) for account, until in named.items() if until > now]
        # a recovery ends delegates without an event of theirs
        calls = [
            self._ledger.call(
                CONTRACT, "validDelegate", identity, code32(_REPRESENTATIVE), one.account, read=bool
            )
            for one in hopeful
        ]
        live = self._ledger.evaluate(calls) if calls else ()
        return tuple(one for one, answer in zip(hopeful, live, strict=True) if answer.get())


def _or_none(commitment: bytes) -> bytes | None:
    return bytes(commitment) if any(commitment) else None
