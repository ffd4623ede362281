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

from consentry.domain.ledger import AttributeChange, ChainHead, CommitteeInfo, MemberInfo

if TYPE_CHECKING:
    from consentry.chain.ledger import ChainLedger

T = TypeVar("T")
MOST = 1_024
MOST_CHANGES, MOST_VALUE_BYTES = 64, 256
"""Of one patient's history that is remembered: anybody can make a history as long, and its values as large, as a chain takes."""


class AtHead:
    """Answers by question, with the head at which they were given. Thread-safe.

    `is_head`: whether a block is the head still, or will never be it again.
    """

    def __init__(self, is_head: Callable[[ChainHead], bool]) -> None:
        self._is_head = is_head
        self._answers: OrderedDict[tuple[str, str], tuple[ChainHead, Any]] = OrderedDict()
        self._lock = Lock()

    def get(
        self,
        question: tuple[str, str],
        head: ChainHead,
        ask: Callable[[], T],
        is_small: Callable[[T], bool] = lambda answer: True,
    ) -> T:
        """The answer at `head`, asked now unless it is known; kept if it `is_small`.

        One that a block after `head` may have given is kept only where no reader finds it: where `head` will not be the head
        again. After a reorganisation it might be, so then the head is looked at once more.
        """
        with self._lock:
            known = self._answers.get(question)
        if known is not None and known[0] == head:
            answer: T = known[1]
            return answer
        answer = ask()
        if is_small(answer) and self._is_head(head):
            with self._lock:
                self._answers[question] = (head, answer)
                self._answers.move_to_end(question)
                if len(self._answers) > MOST:
                    self._answers.popitem(last=False)
        return answer


class ReadingView:
    """A ledger at the head that was asked for last; everything else is the ledger's own."""

    def __init__(self, ledger: ChainLedger, answers: AtHead, head: ChainHead) -> None:
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
        if changed is not None:  # that is another question
            return self._ledger.attributes(identity, name, changed)

        def ask() -> tuple[AttributeChange, ...]:
            return self._ledger.attributes(identity, name)

        return self._answers.get((identity, name), self._head, ask, _are_few)


def _are_few(changes: tuple[AttributeChange, ...]) -> bool:
    return len(changes) <= MOST_CHANGES and all(len(one.value) <= MOST_VALUE_BYTES for one in changes)
