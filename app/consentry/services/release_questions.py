"""Everything that one request asks of the chain, in one round trip, on the latest and on the final block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from consentry.domain.ledger import Answer, ChainHead, ContractCall
from consentry.ports import Ledger

T = TypeVar("T")


@dataclass(frozen=True)
class Question(Generic[T]):
    """Where the answer to a call will stand: all of it, or the `part` of it that is about one item."""

    place: int
    part: int | None = None


class Questions:
    """Collects calls; the same call twice is asked once."""

    def __init__(self) -> None:
        self._calls: list[ContractCall[Any]] = []
        self._places: dict[tuple[str, bytes], int] = {}

    def add(self, call: ContractCall[T]) -> Question[T]:
        key = (call.contract, call.data)
        if key not in self._places:
            self._places[key] = len(self._calls)
            self._calls.append(call)
        return Question(self._places[key])

    def add_each(self, call: ContractCall[tuple[T, ...]], count: int) -> tuple[Question[T], ...]:
        """One call that answers `count` questions."""
        place = self.add(call).place
        return tuple(Question(place, part) for part in range(count))

    def put(self, ledger: Ledger) -> Answers:
        """Ask all. Raises ChainUnreachable, ChainWrong."""
        views = ledger.evaluate_both(self._calls)
        return Answers(views.head, views.latest, views.final)


@dataclass(frozen=True)
class Answers:
    """What the chain said, at `head`."""

    head: ChainHead
    latest: tuple[Answer[Any], ...]
    final: tuple[Answer[Any], ...]

    def of(self, question: Question[T]) -> tuple[T, T]:
        """On the latest block and on the final one. Raises what the call itself met."""
        both = self.latest[question.place].get(), self.final[question.place].get()
        part = question.part
        return both if part is None else (both[0][part], both[1][part])

    def hold(self, question: Question[bool]) -> bool:
        """Whether the answer is yes on both."""
        return all(self.of(question))
