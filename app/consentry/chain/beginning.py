"""How transactions of one account begin: calls that wait for the nonces of others begin together (specification H-7, H-84).

Whoever's turn it is asks the node once for all that wait, keeps them in one transaction of the book, which costs one sync, and
sends them in the order of their nonces.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from consentry.chain.attempts import Attempts, Sent
from consentry.chain.connection import LATEST, Connection, quantity, value_of
from consentry.chain.contracts import Contract
from consentry.chain.rpc import AnswerLate, Request, RpcError
from consentry.errors import ChainUnreachable, ConsentryError, TransactionReverted
from consentry.ports.sendings import Call, Sending

MOST_TOGETHER = 16
"""Bounds how long the last of them waits for the first one's transaction to be sent."""

# Estimates are for the block just seen; a neighbour in the same block may make a storage slot dearer.
_GAS_MARGIN_PERCENT = 25
_NONCE_TRIES = 16


@dataclass(eq=False)
class _Waiting:
    """A call that waits for a nonce, and for how many; `ended` once it has one, or the `problem` that it had. `used`: another
    transaction has that nonce."""

    key: bytes
    target: Contract
    data: bytes
    askers: int = 0
    ended: bool = False
    begun: Sending | None = None
    used: bool = False
    problem: Exception | None = None


class Beginning:
    """Of `account` (its checksummed address). Thread-safe."""

    def __init__(self, connection: Connection, account: str, attempts: Attempts) -> None:
        self._connection = connection
        self._account = account
        self._attempts = attempts
        self._waiting: list[_Waiting] = []
        self._turn, self._lock = threading.Lock(), threading.Lock()

    def estimate(self, target: Contract, data: bytes) -> Request:
        call = {"from": self._account, "to": target.address, "data": "0x" + data.hex()}
        return Request("eth_estimateGas", (call,))

    def asked(self, questions: Sequence[Request]) -> list[Any]:
        """Answers to questions that change nothing: asked once more when they stay away, as Ganache now and then forgets an
        estimate that it gives when it is asked anew. Raises ChainUnreachable."""
        try:
            return self._connection.ask(questions)
        except AnswerLate:
            return self._connection.ask(questions)

    def refused(self, estimate: RpcError) -> ConsentryError:
        return self._connection.reverts.reverted(estimate) or estimate

    def begin(self, key: bytes, target: Contract, data: bytes, deadline: float) -> Sending:
        """The call's sending, sent or already under way. `deadline` in monotonic seconds. Raises ChainUnreachable, ChainWrong,
        StoreUnreachable, and what the contract or the node refuses it for."""
        waiting = self._joined(key, target, data)
        try:
            with self._in_turn(deadline):
                while not waiting.ended:
                    self._begin_together()
        finally:
            with self._lock:  # who gives up is begun by nobody else
                waiting.askers -= 1
                if not waiting.askers and waiting in self._waiting:
                    self._waiting.remove(waiting)
        if waiting.problem is not None:
            raise waiting.problem
        if waiting.begun is None:
            raise ChainUnreachable("whoever began the transaction was interrupted")
        return self.again(waiting.begun, deadline) if waiting.used else waiting.begun

    def again(self, lost: Sending, deadline: float) -> Sending:
        """The same call under another nonce. It is in the book all the time, whatever the node does meanwhile, and stays there
        when the node refuses it: somebody was told that it is under way."""
        with self._in_turn(deadline):
            for _ in range(_NONCE_TRIES):
                count, block = self.asked([self._count(), LATEST])
                begun, is_new = self._attempts.again(lost, quantity(value_of(count)), value_of(block))
                try:
                    if not is_new or self._attempts.send(begun.attempts[0]) is not Sent.USED:
                        return begun
                except (ChainUnreachable, TransactionReverted):
                    return begun
                lost = begun
        raise ChainUnreachable("the node keeps calling this account's nonce used")

    @contextmanager
    def _in_turn(self, deadline: float) -> Iterator[None]:
        """One after the other, as nodes take nonces. Not for ever: who is before may be waiting for a silent node."""
        if not self._turn.acquire(timeout=max(deadline - time.monotonic(), 0)):
            raise ChainUnreachable("the node has not answered those who asked before")
        try:
            yield
        finally:
            self._turn.release()

    def _joined(self, key: bytes, target: Contract, data: bytes) -> _Waiting:
        with self._lock:
            waiting = next((one for one in self._waiting if one.key == key), None)
            if waiting is None:
                waiting = _Waiting(key, target, data)
                self._waiting.append(waiting)
            waiting.askers += 1
        return waiting

    def _begin_together(self) -> None:
        """Whoever gives up meanwhile is begun all the same, and joins it by asking again."""
        with self._lock:
            together, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
        try:
            self._begin_all(together)
        except ConsentryError as problem:  # of the node or the book: nothing is kept
            for one in together:
                if one.begun is None:
                    one.problem = one.problem or problem
        finally:
            # also when this thread is interrupted: what is in the book then is sent by whoever waits for it
            for one in together:
                one.ended = True

    def _begin_all(self, waiting: Sequence[_Waiting]) -> None:
        for (
            one
        ) in waiting:  # one who gave up while it was begun asks again, and it may be on the chain by now
            one.begun = self._attempts.known(one.key)
        together = [one for one in waiting if one.begun is None]
        if not together:
            return
        estimates = [self.estimate(one.target, one.data) for one in together]
        count, block, *found = self.asked([self._count(), LATEST, *estimates])
        calls: list[tuple[_Waiting, Call]] = []
        for one, estimate in zip(together, found, strict=True):
            if isinstance(estimate, RpcError):
                one.problem = self.refused(estimate)
                continue
            gas = quantity(estimate) * (100 + _GAS_MARGIN_PERCENT) // 100
            calls.append((one, Call(one.key, one.target.address, one.data, gas)))
        if not calls:
            return
        kept = self._attempts.begin([call for _, call in calls], quantity(value_of(count)), value_of(block))
        for (one, _), (begun, _) in zip(calls, kept, strict=True):
            one.begun = begun
        for (one, _), (begun, is_new) in zip(calls, kept, strict=True):
            if is_new:
                self._send(one, begun)

    def _send(self, one: _Waiting, begun: Sending) -> None:
        try:
            one.used = self._attempts.send(begun.attempts[0]) is Sent.USED
        except ConsentryError as refusal:
            one.problem = refusal
            self._attempts.end(begun)  # nobody took it: its nonce is free

    def _count(self) -> Request:
        return Request("eth_getTransactionCount", (self._account, "pending"))
