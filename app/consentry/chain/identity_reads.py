"""Single questions to a node, and what it says of blocks and identities: the beginning of a ChainLedger."""

from __future__ import annotations

from typing import Any, TypeVar

from consentry.chain.calls import text_of_code32
from consentry.chain.connection import Connection
from consentry.chain.history import History
from consentry.chain.opening_calls import OpeningCallEncoder
from consentry.domain.addresses import Address
from consentry.domain.ledger import AttributeChange, ChainHead, ContractCall
from consentry.domain.standings import EndedStanding
from consentry.errors import ChainStale

T = TypeVar("T")
_REPRESENTATIVE = "consent"


class IdentityReads(OpeningCallEncoder):
    """Reads of one deployment through one node. Thread-safe; the Ledger port says what it promises."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection.contracts)
        self.connection = connection
        self._history = History(connection)

    def ask(self, call: ContractCall[T]) -> T:
        """One call on the latest block. Raises TransactionReverted besides what the port says."""
        (result,) = self.connection.ask([self.connection.request(call, "latest")])
        return self.connection.answer(call, result).get()

    def _view(self, contract: str, function: str, *arguments: Any) -> Any:
        return self.ask(self.call(contract, function, *arguments, read=lambda value: value))

    # --- blocks ---

    def head(self) -> ChainHead:
        return self.connection.head()

    def block(self, number: int) -> ChainHead | None:
        try:
            return self.connection.block(hex(number))
        except ChainStale:
            return None

    def block_hash(self, number: int) -> bytes | None:
        found = self.block(number)
        return None if found is None else found.hash

    # --- identities ---

    def identity_owner(self, identity: str) -> str:
        return str(self._view("IdentityRegistry", "identityOwner", identity))

    def identity_nonce(self, identity: str) -> int:
        return int(self._view("IdentityRegistry", "nonce", identity))

    def attributes(self, identity: str, name: str, changed: int | None = None) -> tuple[AttributeChange, ...]:
        start = self._changed(identity) if changed is None else changed
        return tuple(reversed(list(self._history.attribute_changes(identity, start, name))))

    def latest_attribute(self, identity: str, name: str) -> AttributeChange | None:
        return next(self._history.attribute_changes(identity, self._changed(identity), name), None)

    def ended_standings(self, identity: str, now: int) -> tuple[EndedStanding, ...]:
        found: list[EndedStanding] = []
        latest: set[str] = set()
        for log in self._history.changes(identity, self._changed(identity)):
            if log.event == "DIDOwnerChanged":
                block = self.block(log.block)
                found.append(EndedStanding("controller", 0 if block is None else block.timestamp))
            elif log.event == "DIDDelegateChanged":
                delegate, kind = log.arguments["delegate"], text_of_code32(log.arguments["delegateType"])
                ended = int(log.arguments["validTo"])
                if kind == _REPRESENTATIVE and delegate not in latest and ended <= now:
                    found.append(EndedStanding("representative", ended))
                if kind == _REPRESENTATIVE:
                    latest.add(delegate)
        return tuple(found)

    def delegates(self, identity: str, kind: str) -> dict[Address, int]:
        """Until when each account was last made a delegate of this type, the newest first: a recovery's end of it is not told.

        Raises HistoryTooLong.
        """
        found: dict[Address, int] = {}
        for log in self._history.changes(identity, self._changed(identity)):
            of = log.arguments
            if log.event == "DIDDelegateChanged" and text_of_code32(of["delegateType"]) == kind:
                found.setdefault(Address(of["delegate"]), int(of["validTo"]))
        return found

    def _changed(self, identity: str) -> int:
        return self.ask(self.changed_call(identity))
