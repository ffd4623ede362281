"""The ledger for one read: what was answered at a block is not asked again while that block is the head.

A read asks for the head first, when it brings the index up to it. Members, the current committee and where a patient's history
begins change with a transaction only, so that what an earlier read heard at the very same block (by its hash) still holds.
Not for authority: keepers ask for themselves, each time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from consentry.domain.ledger import AttributeChange, CommitteeInfo, MemberInfo

if TYPE_CHECKING:
    from consentry.chain.ledger import ChainLedger

T = TypeVar("T")
MOST = 1_024


class AtHead:
    """Answers by question, with the hash of the head at which they were given. Thread-safe."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[str, str], tuple[bytes, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, question: tuple[str, str], head: bytes, ask: Callable[[], T]) -> T:
        """The answer at `head`, asked now unless it is known. One that is given by a later block than `head` is found under
        no head at all: that one is not the newest any more."""
        with self._lock:
            known = self._answers.get(question)
        if known is not None and known[0] == head:
            answer: T = known[1]
            return answer
        answer = ask()
        with self._lock:
            self._answers[question] = (head, answer)
            self._answers.move_to_end(question)
            if len(self._answers) > MOST:
                self._answers.popitem(last=False)
        return answer


class ReadingView:
    """A ledger at the head that was asked for last; everything else is the ledger's own."""

    def __init__(self, ledger: ChainLedger, answers: AtHead, head: bytes) -> None:
        self._ledger = ledger
        self._answers = answers
        self._head = head

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def members(self) -> tuple[MemberInfo, ...]:
        return self._answers.get(("members", ""), self._head, self._ledger.members)

    def committee(self, version: int | None = None) -> CommitteeInfo | None:
        if version is not None:
            return self._ledger.committee(version)
        return self._answers.get(("committee", ""), self._head, self._ledger.committee)

    def attributes(self, identity: str, name: str, changed: int | None = None) -> tuple[AttributeChange, ...]:
        def ask() -> tuple[AttributeChange, ...]:
            return self._ledger.attributes(identity, name, changed)

        return self._answers.get((identity, name), self._head, ask)
