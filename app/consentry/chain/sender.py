"""Transactions of one account: estimate, keep, sign, send, wait (the Sender port).

What is sent is kept before it is sent, with its nonce (`ports.sendings`): a call that is under way is joined, never sent under
another nonce, and whatever was left half-done, by a crash or a silent chain, is brought to its end by `tend`. Senders of the same
account in other processes share the nonces where they share the book; others are tolerated.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from enum import Enum, auto
from typing import Any

from eth_account import Account

from consentry.chain.attempts import Attempts
from consentry.chain.beginning import Beginning
from consentry.chain.connection import Connection, octets, quantity
from consentry.chain.contracts import Contract
from consentry.chain.memory_sendings import MemorySendings
from consentry.chain.rpc import Request, RpcError
from consentry.domain.ledger import EventLog, TxReceipt
from consentry.errors import ChainStale, ChainUnproven, ChainUnreachable, ConsentryError
from consentry.ports.sendings import Sending, Sendings

WAIT_SECONDS = 60.0
_LOG = logging.getLogger(__name__)
_FIRST_POLL_SECONDS = 0.004
_LAST_POLL_SECONDS = 0.5
_PASSING = (ChainUnreachable, ChainStale, ChainUnproven)
"""What says nothing of a transaction that is under way: it is looked for again."""


class Until(Enum):
    """How long a transaction is waited for: to a block, or to one that the chain does not take back any more."""

    MINED = auto()
    FINAL = auto()


class ChainSender:
    """Sends for one private key (32 bytes). Thread-safe. `wait_seconds` bounds the wait for a block.

    `sendings`: the book of what is under way, which somebody has to `tend`; without one it is this object's memory.
    """

    def __init__(
        self,
        connection: Connection,
        private_key: bytes,
        *,
        wait_seconds: float = WAIT_SECONDS,
        until: Until = Until.MINED,
        sendings: Sendings | None = None,
    ) -> None:
        self._until = until
        self._connection = connection
        self._account = Account.from_key(private_key)
        self._wait_seconds = wait_seconds
        self._is_tended = sendings is not None
        self._sendings = MemorySendings() if sendings is None else sendings
        self._attempts = Attempts(connection, self._account, self._sendings)
        self._beginning = Beginning(connection, self._account.address, self._attempts)

    @property
    def _block(self) -> str:
        return "block" if self._until is Until.MINED else "final block"

    @property
    def address(self) -> str:
        return str(self._account.address).lower()

    def check(self, contract: str, function: str, *arguments: Any) -> None:
        target = self._connection.contracts[contract]
        data = target.encode(function, *arguments)
        self._connection.check()
        (estimate,) = self._beginning.asked([self._beginning.estimate(target, data)])
        if isinstance(estimate, RpcError):
            raise self._beginning.refused(estimate)

    def transact(self, contract: str, function: str, *arguments: Any) -> TxReceipt:
        target = self._connection.contracts[contract]
        data = target.encode(function, *arguments)
        self._connection.check()
        deadline = time.monotonic() + self._wait_seconds
        sending, receipt = self._wait(self._begin(target, data, deadline), deadline)
        failed = quantity(receipt.get("status")) != 1
        if self._is_tended and self._is_over(receipt):
            self._attempts.over(sending)
        elif failed or not self._is_tended:
            self._attempts.end(sending)
        if failed:
            raise self._why(target, data, receipt)
        return self._read(receipt)

    def under_way(self) -> Sequence[Sending]:
        return self._sendings.of(self.address)

    def tend(self) -> int:
        """Look after all that is under way, whoever began it: what is final is over, the rest is pushed. How many are left.

        What the node refuses of one keeps no other waiting. Raises ChainUnreachable, ChainStale, ChainWrong, StoreUnreachable.
        """
        left = 0
        for sending in self._sendings.of(self.address):
            self._connection.check()
            try:
                left += not self._tended(sending)
            except (RpcError, ChainUnproven) as refusal:
                left += 1
                sent = "0x" + sending.attempts[-1].hash.hex()
                told = {"transaction": sent, "code": refusal.code, "why": refusal.diagnostics}
                _LOG.warning("transaction %(transaction)s waits: %(code)s: %(why)s", told)
        return left

    def _tended(self, sending: Sending) -> bool:
        """Whether it is over."""
        receipt = self._attempts.receipt(sending)
        if receipt is not None and self._attempts.is_final(receipt):
            self._attempts.over(sending)
            return True
        if receipt is not None or not self._attempts.is_due(sending) or self._attempts.push(sending):
            return False
        if sending.call.data:  # nobody may wait for it any more, and it was to take effect
            self._beginning.again(sending, time.monotonic() + self._wait_seconds)
        else:
            self._attempts.end(sending)  # what it was to fill is filled
        return False

    def _begin(self, target: Contract, data: bytes, deadline: float) -> Sending:
        key = self._attempts.key_of(target.address, data)
        return self._attempts.known(key) or self._beginning.begin(key, target, data, deadline)

    # --- waiting ---

    def _wait(self, sending: Sending, deadline: float) -> tuple[Sending, dict[str, Any]]:
        """The sending as it is then, and the receipt of whichever attempt was mined."""
        pause = _FIRST_POLL_SECONDS
        failure: ConsentryError | None = None
        self._attempts.is_due(sending)
        while True:
            try:
                receipt = self._attempts.receipt(sending)
                # One whose block was taken back is waited for again: nodes put it into another.
                if receipt is not None and (self._until is Until.MINED or self._is_over(receipt)):
                    return sending, receipt
                if receipt is None and self._attempts.is_due(sending):
                    sending = self._attempts.push(sending) or self._beginning.again(sending, deadline)
                failure = None
            except _PASSING as error:  # a node that restarts still has what it took
                failure = error
            if time.monotonic() + pause > deadline:
                sent = sending.attempts[-1].hash.hex()
                raise failure or ChainStale(
                    f"transaction 0x{sent} is in no {self._block} after {self._wait_seconds:.0f} s"
                )
            time.sleep(pause)
            pause = min(pause * 1.5, _LAST_POLL_SECONDS)

    def _is_over(self, receipt: dict[str, Any]) -> bool:
        """Whether it is final. A node that does not answer now is asked again."""
        try:
            return self._attempts.is_final(receipt)
        except _PASSING:
            return False

    def _why(self, target: Contract, data: bytes, receipt: dict[str, Any]) -> Exception:
        """Why a mined transaction failed: the same call on the block before it, or its bare failure."""
        call = {"from": self._account.address, "to": target.address, "data": "0x" + data.hex()}
        before = hex(max(quantity(receipt["blockNumber"]) - 1, 0))
        for tag in (receipt["blockNumber"], before):
            result = self._connection.rpc.batch([Request("eth_call", (call, tag))])[0]
            if isinstance(result, RpcError):
                found = self._connection.reverts.reverted(result)
                if found is not None:
                    return found
        return self._connection.reverts.decode(b"")

    def _read(self, receipt: dict[str, Any]) -> TxReceipt:
        by_address = {one.address: one for one in self._connection.contracts.values()}
        logs: list[EventLog] = []
        for raw in receipt.get("logs", ()):
            emitter = by_address.get(str(raw.get("address", "")).lower())
            if emitter is not None:
                decoded = emitter.decode_log([octets(topic) for topic in raw["topics"]], octets(raw["data"]))
                if decoded is not None:
                    logs.append(decoded)
        sent = octets(receipt.get("transactionHash"))
        return TxReceipt(sent, quantity(receipt["blockNumber"]), quantity(receipt["gasUsed"]), tuple(logs))
