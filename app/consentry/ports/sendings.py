"""Transactions that were begun and are not final yet, on disk before anything is sent (specification H-7, H-8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Call:
    """What is to take effect once: `key` (32 bytes) is the same for the same call of an account on a chain. `to` in lower case;
    `gas`: the limit."""

    key: bytes
    to: str
    data: bytes
    gas: int


@dataclass(frozen=True)
class Attempt:
    """A signed transaction: `raw` has the hash `hash` (32 bytes). `max_fee`: wei per gas at most; `block`: the newest one when it
    was made."""

    hash: bytes
    raw: bytes
    max_fee: int
    block: int


@dataclass(frozen=True)
class Sending:
    """A call under its nonce, and every transaction that was ever signed for it: at most one of these is ever mined."""

    account: str
    nonce: int
    call: Call
    attempts: tuple[Attempt, ...]


class Sendings(Protocol):
    """The sendings of one chain. Raises StoreUnreachable. Thread-safe, and safe beside other processes."""

    def of(self, account: str) -> tuple[Sending, ...]:
        """All that are open, by nonce."""

    def find(self, account: str, key: bytes) -> Sending | None:
        """The open one of this call."""

    def begin(
        self, account: str, call: Call, least: int, sign: Callable[[int], Attempt]
    ) -> tuple[Sending, bool]:
        """Keep the call under the lowest nonce from `least` on that no open one has, with its first attempt; on disk when this
        returns. One that is open already is given instead. Whether it is new."""

    def begin_all(
        self, account: str, calls: Sequence[Call], least: int, sign: Callable[[Call, int], Attempt]
    ) -> tuple[tuple[Sending, bool], ...]:
        """The same for several calls, one after the other: all or none is on disk."""

    def again(self, old: Sending, least: int, sign: Callable[[int], Attempt]) -> tuple[Sending, bool]:
        """End the sending `old`, whose nonce another transaction has for good, and keep its call under the lowest free nonce from
        `least` on: both or neither is on disk. Where it is ended already, the open one of its call, or it as it was, is given.
        Whether there is a new one."""

    def add(self, sending: Sending, attempt: Attempt) -> Sending:
        """One more attempt, on disk when this returns."""

    def end(self, sending: Sending, *, at_once: bool = True) -> None:
        """It is final, or will never be mined. Idempotent. `at_once` false, for what is final: nobody finds it open any more, but
        it may be open again after a power cut, and is ended again then."""
