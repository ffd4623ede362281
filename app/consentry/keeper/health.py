"""Whether the keeper would answer now (specification K-11); anybody may ask, so the chain is asked once a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from consentry import __version__
from consentry.domain.ledger import ChainHead
from consentry.errors import ConsentryError, KeeperKeyMissing, KeeperWithoutStanding, UnavailableError
from consentry.keeper.committer import Committer
from consentry.services.head_alarm import HeadAlarm
from consentry.services.keeper_desk import Desk
from consentry.services.kept import Kept
from consentry.services.readiness import Check, Readiness, is_late, judged, require_moving, require_store
from consentry.services.release_actor import ask_standing
from consentry.services.release_questions import Questions


@dataclass(frozen=True)
class _Seen:
    """What the chain said. `lacking`: versions of which it holds a seat, but not the key (K-32). `problems`: why the keeper
    would not answer."""

    head: ChainHead | None
    seat: int | None
    lacking: tuple[int, ...]
    problems: tuple[ConsentryError, ...]


class Health:
    """Thread-safe. `ticks`: a clock in seconds that never goes back."""

    def __init__(self, desk: Desk, committer: Committer, ticks: Callable[[], float]) -> None:
        self._desk = desk
        self._committer = committer
        self._alarm = HeadAlarm(desk.ledger, desk.clock, desk.limits.max_head_age_seconds)
        self._seen = Kept(self._look, _late, ticks)
        self._judged = Kept(self._judge, is_late, ticks)

    def report(self) -> dict[str, Any]:
        """Whether the keeper would answer; if not, why (codes of docs/errors.md), and what to do about each."""
        seen = self._seen.tell()
        steps = {problem.code: problem.next_step for problem in seen.problems}
        try:
            self._committer.require_standing()
        except ConsentryError as problem:
            steps[problem.code] = problem.next_step
        head = seen.head
        return {
            "ok": not steps,
            "keeper": self._desk.account,
            "seat": seen.seat,
            "keysMissing": list(seen.lacking),
            "head": {"number": head.number, "timestamp": head.timestamp} if head else None,
            "chain": self._alarm.seen(head).to_json(),
            "version": __version__,
            "reasons": sorted(steps),
            "nextSteps": [steps[code] for code in sorted(steps)],
        }

    def readiness(self) -> Readiness:
        """By the rules of `report`, with the book, the store, the clock and what waits long (H-43)."""
        return self._judged.tell()

    def _judge(self) -> Readiness:
        desk = self._desk
        seen = self._look()

        def told(problem: ConsentryError) -> None:
            raise problem

        def moving() -> None:
            require_moving(self._committer.sender.under_way(), seen.head.number if seen.head else 0)

        needed: list[Check] = [self._committer.require_standing, desk.book.next_seq]
        needed += [partial(told, one) for one in seen.problems]
        return judged(needed, (lambda: require_store(desk.store.health()), moving))

    def _look(self) -> _Seen:
        desk, head, seat = self._desk, None, None
        lacking: tuple[int, ...] = ()
        problems: list[ConsentryError] = []
        try:
            questions = Questions()
            standing = ask_standing(questions, desk)
            answers = questions.put(desk.ledger)
            head = answers.head
            if not answers.hold(standing):
                problems.append(KeeperWithoutStanding())
            committee = desk.ledger.committee()
            newest = committee.version if committee else 0
            seat = desk.own_seat(newest)
            lacking = tuple(one for one in range(1, newest + 1) if _lacks_key(desk, one))
            desk.require_fresh(head)
        except ConsentryError as problem:
            problems.append(problem)
        return _Seen(head, seat, lacking, tuple(problems))


def _late() -> _Seen:
    return _Seen(None, None, (), (UnavailableError(),))


def _lacks_key(desk: Desk, version: int) -> bool:
    try:
        desk.seat_in(version)
    except KeeperKeyMissing:
        return True
    return False
