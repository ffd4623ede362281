"""Transactions of one account: estimate, sign, send, wait (the Sender port).

Fees follow the deployment (most consortium chains charge none). Nonces are handed out under a lock; senders
of the same account in other processes are tolerated by asking the node again when it calls a nonce used.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from enum import Enum, auto
from typing import Any

from eth_account import Account

from consentry.chain.connection import LATEST, Connection, octets, quantity, value_of
from consentry.chain.contracts import Contract
from consentry.chain.deployment import FeePolicy
from consentry.chain.rpc import AnswerLate, Request, RpcError
from consentry.domain.ledger import EventLog, TxReceipt
from consentry.errors import ChainStale, ChainUnreachable

WAIT_SECONDS = 60.0
# Estimates are for the block just seen; a neighbour in the same block may make a storage slot dearer.
_GAS_MARGIN_PERCENT = 25
_NONCE_TRIES = 16
_FIRST_POLL_SECONDS = 0.004
_LAST_POLL_SECONDS = 0.5
_NONCE_WORDS = ("nonce too low", "nonce is too low", "the tx doesn't have the correct nonce", "replacement")


class Until(Enum):
    """How long a transaction is waited for: to a block, or to one that the chain does not take back any more."""

    MINED = auto()
    FINAL = auto()


class ChainSender:
    """Sends for one private key (32 bytes). Thread-safe. `wait_seconds` bounds the wait for a block."""

    def __init__(
        self,
        connection: Connection,
        private_key: bytes,
        *,
        wait_seconds: float = WAIT_SECONDS,
        until: Until = Until.MINED,
    ) -> None:
        self._until = until
        self._connection = connection
        self._account = Account.from_key(private_key)
        self._wait_seconds = wait_seconds
        self._lock = threading.Lock()
        self._next_nonce = 0
        self._in_flight = 0

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
        call = {"from": self._account.address, "to": target.address, "data": "0x" + data.hex()}
        (estimate,) = self._asked([Request("eth_estimateGas", (call,))])
        if isinstance(estimate, RpcError):
            raise self._connection.reverts.reverted(estimate) or estimate

    def transact(self, contract: str, function: str, *arguments: Any) -> TxReceipt:
        target = self._connection.contracts[contract]
        data = target.encode(function, *arguments)
        self._connection.check()
        with self._lock:
            sent = self._send(target, data)
            self._in_flight += 1
        try:
            receipt = self._wait(sent)
        finally:
            with self._lock:
                self._in_flight -= 1
        if quantity(receipt.get("status")) != 1:
            raise self._why(target, data, receipt)
        return self._read(sent, receipt)

    # --- sending ---

    def _send(self, target: Contract, data: bytes) -> bytes:
        call = {"from": self._account.address, "to": target.address, "data": "0x" + data.hex()}
        for _ in range(_NONCE_TRIES):
            count, estimate, block = self._asked(
                [
                    Request("eth_getTransactionCount", (self._account.address, "pending")),
                    Request("eth_estimateGas", (call,)),
                    LATEST,
                ]
            )
            if isinstance(estimate, RpcError):
                raise self._connection.reverts.reverted(estimate) or estimate
            pending = quantity(value_of(count))
            # The pending count may lag behind what the node just took; with nothing in flight it is right.
            nonce = max(pending, self._next_nonce) if self._in_flight else pending
            gas = quantity(estimate) * (100 + _GAS_MARGIN_PERCENT) // 100
            sent = self._sign_and_send(target, data, nonce, gas, value_of(block))
            if sent is not None:
                self._next_nonce = nonce + 1
                return sent
            self._next_nonce = 0
        raise ChainUnreachable("the node keeps calling this account's nonce used")

    def _asked(self, questions: Sequence[Request]) -> list[Any]:
        """Answers to questions that change nothing: asked once more when they stay away, as Ganache now and then forgets an
        estimate that it gives when it is asked anew. Raises ChainUnreachable."""
        try:
            return self._connection.ask(questions)
        except AnswerLate:
            return self._connection.ask(questions)

    def _sign_and_send(
        self, target: Contract, data: bytes, nonce: int, gas: int, block: dict[str, Any]
    ) -> bytes | None:
        """The transaction's hash, or None when the nonce was used meanwhile."""
        fields: dict[str, Any] = {
            "chainId": self._connection.deployment.chain_id,
            "nonce": nonce,
            "to": bytes.fromhex(target.address[2:]),
            "value": 0,
            "data": data,
            "gas": gas,
        } | _fees(self._connection.deployment.fees, block)
        signed = self._account.sign_transaction(fields)
        raw = "0x" + bytes(signed.raw_transaction).hex()
        try:
            return octets(self._connection.rpc.call("eth_sendRawTransaction", raw))
        except RpcError as error:
            sent = bytes(signed.hash)
            if self._known(sent):  # an answer was lost and the transaction was sent again by the transport
                return sent
            if any(words in error.message.lower() for words in _NONCE_WORDS):
                return None
            raise self._connection.reverts.reverted(error) or error from None

    def _known(self, sent: bytes) -> bool:
        return bool(self._connection.rpc.call("eth_getTransactionByHash", "0x" + sent.hex()))

    # --- waiting ---

    def _wait(self, sent: bytes) -> dict[str, Any]:
        deadline = time.monotonic() + self._wait_seconds
        pause = _FIRST_POLL_SECONDS
        failure: ChainUnreachable | None = None
        while True:
            try:
                receipt = self._connection.rpc.call("eth_getTransactionReceipt", "0x" + sent.hex())
                failure = None
            except ChainUnreachable as error:  # a node that restarts still has what it took
                receipt, failure = None, error
            # One whose block was taken back is waited for again: nodes put it into another.
            if isinstance(receipt, dict) and receipt.get("blockNumber") and self._settled(receipt):
                return receipt
            if time.monotonic() + pause > deadline:
                raise failure or ChainStale(
                    f"transaction 0x{sent.hex()} is in no {self._block} after {self._wait_seconds:.0f} s"
                )
            time.sleep(pause)
            pause = min(pause * 1.5, _LAST_POLL_SECONDS)

    def _settled(self, receipt: dict[str, Any]) -> bool:
        """Whether it is waited for long enough. A node that does not answer now is asked again."""
        number = quantity(receipt["blockNumber"])
        if self._until is Until.MINED or self._connection.is_final(number):
            return True
        try:
            return self._connection.block(self._connection.final_tag()).number >= number
        except (ChainUnreachable, ChainStale):
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

    def _read(self, sent: bytes, receipt: dict[str, Any]) -> TxReceipt:
        by_address = {one.address: one for one in self._connection.contracts.values()}
        logs: list[EventLog] = []
        for raw in receipt.get("logs", ()):
            emitter = by_address.get(str(raw.get("address", "")).lower())
            if emitter is not None:
                decoded = emitter.decode_log([octets(topic) for topic in raw["topics"]], octets(raw["data"]))
                if decoded is not None:
                    logs.append(decoded)
        return TxReceipt(sent, quantity(receipt["blockNumber"]), quantity(receipt["gasUsed"]), tuple(logs))


def _fees(policy: FeePolicy, block: dict[str, Any]) -> dict[str, Any]:
    """EIP-1559 fields where the policy or the chain's blocks ask for them, else a legacy gas price (wei)."""
    base = block.get("baseFeePerGas")
    if policy.kind == "legacy" or (policy.kind == "auto" and base is None):
        return {"gasPrice": policy.max_fee}
    if base is not None and quantity(base) > policy.max_fee:
        raise ChainUnreachable(
            f"the chain asks {quantity(base)} wei per gas, the deployment allows {policy.max_fee}"
        )
    return {
        "type": 2,
        "maxFeePerGas": policy.max_fee,
        "maxPriorityFeePerGas": min(policy.priority_fee, policy.max_fee),
    }
