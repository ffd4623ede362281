"""The rules by which gateways and keepers send transactions and keep things, on a day's work (specification H-65, H-67).

    publication ── one at a time for each author, until final ──> anchor for each 100 records ──> manifest, rows, entries
    request ── threshold + spare keepers of all ──> a receipt for each item ── every 30 s or 100 ──> commits of up to 128
    grant, revocation, directory ──> a transaction each, none waits for another

The chain takes whatever it is sent here; what it would have to take is compared with what it can (`report`).
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from random import Random

from simulation.prices import GAS
from simulation.sizes import manifest_bytes
from simulation.workload import HOUR_SECONDS, Second

MINUTE = 60


@dataclass(frozen=True)
class Rules:
    """`spare`: keepers asked beyond the threshold. `block_seconds`: between blocks, 0 where each transaction makes one;
    `final_seconds`: from sending to the final block, which an author's next publication waits for. `wait_seconds`: how long a
    publication waits for its turn before it is refused. Others as in the settings of keepers."""

    keepers: int = 5
    threshold: int = 3
    spare: int = 0
    rows_a_manifest: int = 100
    receipts_a_commit: int = 128
    commit_every_seconds: int = 30
    commit_at_receipts: int = 100
    block_seconds: int = 1
    final_seconds: int = 1
    wait_seconds: int = 120
    seed: int = 1

    @property
    def asked(self) -> int:
        return self.threshold + self.spare


@dataclass(frozen=True)
class Minute:
    """Sums over a minute; `waiting`: receipts at its end that the fullest keeper has not on chain."""

    transactions: int
    gas: int
    rows: int
    requests: int
    items: int
    waiting: int


@dataclass(frozen=True)
class Outcome:
    """Sums over the whole time. `transactions` by kind. `receipts`, `commits`, `requests`, `items`, `waiting` of each keeper;
    `waiting`: receipts that are not on chain at the end. `longest_wait` in seconds of a publication for its turn; `refused`: for
    whom it was too long; `queued`: those that still wait at the end."""

    seconds: int
    transactions: Mapping[str, int]
    anchors: int
    rows: int
    manifest_bytes: int
    reads: int
    accounts: int
    requests: tuple[int, ...]
    receipts: tuple[int, ...]
    commits: tuple[int, ...]
    waiting: tuple[int, ...]
    longest_wait: int
    refused: int
    queued: int
    minutes: tuple[Minute, ...]

    @property
    def gas(self) -> int:
        return sum(GAS[kind].value * count for kind, count in self.transactions.items())

    def hours(self) -> tuple[tuple[Minute, ...], ...]:
        """The minutes, hour by hour."""
        each = HOUR_SECONDS // MINUTE
        return tuple(self.minutes[at : at + each] for at in range(0, len(self.minutes), each))


def simulate(work: Iterable[Second], rules: Rules) -> Outcome:
    """Let the network do this work. The same work and rules give the same outcome."""
    authors, keepers = _Authors(rules), _Keepers(rules)
    sent: Counter[str] = Counter()
    minutes: list[Minute] = []
    reads = accounts = last = 0
    before = _Sums()
    for second in work:
        last = second.at + 1
        reads += second.reads
        accounts += second.accounts
        sent["grant"] += second.grants
        sent["revocation"] += second.revocations
        sent["directory"] += second.directories
        sent["renewal"] += second.renewals
        sent["anchor"] += authors.work(second)
        first, later = keepers.work(second)
        sent["first commit"] += first
        sent["commit"] += later
        if last % MINUTE == 0:
            now = _Sums.of(sent, authors, keepers)
            minutes.append(now.minus(before, max(keepers.waiting)))
            before = now
    return Outcome(
        seconds=last,
        transactions={kind: count for kind, count in sorted(sent.items()) if count},
        anchors=authors.anchors,
        rows=authors.rows,
        manifest_bytes=authors.manifest_bytes,
        reads=reads,
        accounts=accounts,
        requests=tuple(keepers.requests),
        receipts=tuple(keepers.receipts),
        commits=tuple(keepers.commits),
        waiting=tuple(keepers.waiting),
        longest_wait=authors.longest_wait,
        refused=authors.refused,
        queued=sum(len(one) for one in authors.queues.values()),
        minutes=tuple(minutes),
    )


@dataclass(frozen=True)
class _Sums:
    transactions: int = 0
    gas: int = 0
    rows: int = 0
    requests: int = 0
    items: int = 0

    @classmethod
    def of(cls, sent: Mapping[str, int], authors: _Authors, keepers: _Keepers) -> _Sums:
        gas = sum(GAS[kind].value * count for kind, count in sent.items())
        return cls(sum(sent.values()), gas, authors.rows, sum(keepers.requests), sum(keepers.receipts))

    def minus(self, before: _Sums, waiting: int) -> Minute:
        return Minute(
            self.transactions - before.transactions,
            self.gas - before.gas,
            self.rows - before.rows,
            self.requests - before.requests,
            self.items - before.items,
            waiting,
        )


class _Authors:
    """Publications, each author's one after the other (H-19, R-1)."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self.queues: dict[int, deque[tuple[int, int]]] = {}
        self._free_at: dict[int, int] = {}
        self.anchors = self.rows = self.manifest_bytes = self.longest_wait = self.refused = 0

    def work(self, second: Second) -> int:
        """How many anchors are sent."""
        for member, records in second.publications:
            self.queues.setdefault(member, deque()).append((second.at, records))
        sent = 0
        for member in list(self.queues):
            sent += self._begin(member, second.at)
            if not self.queues[member]:
                del self.queues[member]
        return sent

    def _begin(self, member: int, now: int) -> int:
        sent, queue = 0, self.queues[member]
        while queue and self._free_at.get(member, 0) <= now:
            arrived, records = queue.popleft()
            if now - arrived > self._rules.wait_seconds:
                self.refused += 1
                continue
            self.longest_wait = max(self.longest_wait, now - arrived)
            batches = self._anchored(records)
            self._free_at[member] = now + batches * self._rules.final_seconds
            sent += batches
        return sent

    def _anchored(self, records: int) -> int:
        most, batches = self._rules.rows_a_manifest, 0
        self.rows += records
        while records > 0:
            self.manifest_bytes += manifest_bytes(min(records, most))
            records -= most
            batches += 1
        self.anchors += batches
        return batches


class _Keepers:
    """Receipts, and their commits one after the other (K-6, K-9)."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._random = Random(rules.seed)
        self._choices = list(combinations(range(rules.keepers), rules.asked))
        self.requests, self.receipts, self.commits, self.waiting = ([0] * rules.keepers for _ in range(4))
        self._awake = [False] * rules.keepers
        self._next_at = [rules.commit_every_seconds] * rules.keepers

    def work(self, second: Second) -> tuple[int, int]:
        """How many commits are sent: first ones of their keeper, and others."""
        if second.requests:
            picked = self._random.choices(self._choices, k=len(second.requests))
            for items, seats in zip(second.requests, picked, strict=True):
                for seat in seats:
                    self.requests[seat] += 1
                    self.receipts[seat] += items
                    self.waiting[seat] += items
        first = later = 0
        for seat in range(self._rules.keepers):
            sent = self._commit(seat, second.at)
            first += bool(sent) and self.commits[seat] == sent
            later += sent
        return first, later - first

    def _commit(self, seat: int, now: int) -> int:
        rules, sent = self._rules, 0
        if self.waiting[seat] >= rules.commit_at_receipts or now >= self._next_at[seat]:
            self._awake[seat] = True
        while self._awake[seat] and (not rules.block_seconds or now % rules.block_seconds == 0):
            if self.waiting[seat]:
                self.waiting[seat] -= min(self.waiting[seat], rules.receipts_a_commit)
                self.commits[seat] += 1
                sent += 1
            if not self.waiting[seat]:
                self._awake[seat] = False
                self._next_at[seat] = now + rules.commit_every_seconds
            elif rules.block_seconds:
                break  # one block each
        return sent
