"""Which of several nodes is asked, and whether the others tell the same story (specification H-4, H-5).

A node is good while it answers, serves the deployment's chain, has the blocks that others had some seconds ago, and agrees with
most of the others about a block that cannot change any more. Who is asked stays the same while it is good; the first of the
settings comes back once it was good for a while. What a node says beyond that is believed: these are the operator's own nodes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event, Lock, Thread

from consentry.chain.connection import head_of
from consentry.chain.deployment import Deployment
from consentry.chain.judging import Lateness, stories
from consentry.chain.rpc import RpcClient
from consentry.chain.watched import WatchedNode
from consentry.errors import ChainStale, ChainUnreachable, ChainWrong, ConsentryError
from consentry.ports.chain_node import NodesSeen

_LOG = logging.getLogger(__name__)
_FINALIZED_DEPTH = 96
"""How far below the newest block nodes are compared where the chain itself says what is final (three epochs of 32)."""


@dataclass(frozen=True)
class WatchTimes:
    """Seconds. `look`: between two looks at every node, and the most that one look takes. `behind`: how late a node may have a
    block that another has. `back`: how long a node must have been good before it is asked again in another's place. `grace`:
    how long no node is asked that lacks a block which was seen already. `catch_up`: how long one question waits for it."""

    look: float = 2.0
    behind: float = 10.0
    back: float = 30.0
    grace: float = 30.0
    catch_up: float = 2.0


class Watch:
    """The nodes of one chain, in the order of the settings. Thread-safe; its own thread starts with the first question."""

    def __init__(
        self, clients: Sequence[RpcClient], deployment: Deployment, times: WatchTimes | None = None
    ) -> None:
        self._times = times or WatchTimes()
        self._deployment = deployment
        self._nodes = [WatchedNode(client.beside(timeout=self._times.look)) for client in clients]
        self._using = 0
        self._floor = 0  # the highest block that was seen: who lacks it would undo what was read
        self._left_at: float | None = None
        self._lateness = Lateness(self._times.behind)
        self._disputed = False
        self._lock, self._choosing = Lock(), Lock()
        self._closing = Event()
        self._thread: Thread | None = None

    def which(self, without: frozenset[int] = frozenset()) -> int:
        """The node to ask, none of `without`. Raises ChainUnreachable, or ChainWrong where none serves our chain."""
        asked_at = time.monotonic()
        if self._is_good(without):
            return self._using
        with self._choosing:
            if not self._is_good(without):  # else somebody has chosen meanwhile
                self._choose(without, asked_at)
            if self._thread is None and not self._closing.is_set():
                self._thread = Thread(target=self._run, name="chain-nodes", daemon=True)
                self._thread.start()
            return self._using

    def leave(self, place: int, failure: ConsentryError) -> None:
        """A question failed there."""
        with self._lock:
            self._mark(place, failure)

    def saw(self, number: int) -> None:
        """A block was told by the node that is asked."""
        with self._lock:
            self._floor = max(self._floor, number)

    def seen(self) -> NodesSeen:
        with self._lock:
            good = sum(node.good for node in self._nodes)
            return NodesSeen(len(self._nodes), good, self._using + 1, self._disputed)

    def close(self) -> None:
        self._closing.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
        for node in self._nodes:
            node.client.close()

    def _is_good(self, without: frozenset[int]) -> bool:
        with self._lock:
            return self._using not in without and self._nodes[self._using].good

    # --- looking ---

    def _run(self) -> None:
        while not self._closing.wait(self._times.look):
            self.look()

    def look(self) -> None:
        """One round: every node is looked at, they are compared, and another one is asked where that is better."""
        for place in range(len(self._nodes)):
            self._look(place)
        told = self._settled_hashes()
        with self._lock:
            self._judge(told, time.monotonic())
            self._turn(time.monotonic())

    def _look(self, place: int) -> None:
        node, fault, head = self._nodes[place], None, None
        try:
            head = node.ask(self._deployment)
        except ConsentryError as problem:
            fault = problem
        with self._lock:
            node.looked_at, node.head = time.monotonic(), head
            self._mark(place, fault)

    def _mark(self, place: int, fault: ConsentryError | None) -> None:
        node = self._nodes[place]
        if fault is not None and node.fault is None:
            _LOG.warning("the chain node at %s is left alone: %s", node.client.place, fault.diagnostics)
        node.fault = fault
        if fault is not None:
            node.good_since = None
            if place == self._using and self._left_at is None:
                self._left_at = time.monotonic()

    def _settled_hashes(self) -> dict[int, bytes]:
        """By node, the hash of one block that all should have for good; nothing where there is no such block yet.

        It is one that all have who are not late, nor told another story before: who catches up from the first block, or says so,
        would else keep the others from being compared."""
        finality = self._deployment.finality
        depth = finality if isinstance(finality, int) else 0 if finality == "instant" else _FINALIZED_DEPTH
        heads = {at: node.head.number for at, node in enumerate(self._nodes) if node.head}
        settled = {at: head - depth for at, head in heads.items() if head > depth}
        number = min((block for at, block in settled.items() if self._nodes[at].verdict is None), default=0)
        found: dict[int, bytes] = {}
        for place in [at for at, block in settled.items() if block >= number > 0]:
            client = self._nodes[place].client
            try:
                found[place] = head_of(client.call("eth_getBlockByNumber", hex(number), False)).hash
            except (ChainUnreachable, ChainStale):
                _LOG.info("the chain node at %s does not show block %d", client.place, number)
        return found

    # --- judging, under the lock ---

    def _judge(self, told: dict[int, bytes], now: float) -> None:
        found = stories(told)
        # A verdict that it tells another story stands until it was seen to tell the same one.
        liars = found.others | {
            at
            for at, node in enumerate(self._nodes)
            if isinstance(node.verdict, ChainWrong) and at not in found.agreeing
        }
        heads = {at: node.head.number for at, node in enumerate(self._nodes) if node.head}
        late = self._lateness.late({at: number for at, number in heads.items() if at not in liars}, now)
        if found.disputed and not self._disputed:
            _LOG.error(
                "the chain nodes tell two stories of one settled block: ask another member which is so"
            )
        self._disputed = found.disputed
        for place, node in enumerate(self._nodes):
            verdict: ConsentryError | None = None
            if place in liars:
                verdict = ChainWrong("it tells another story than the other nodes")
            elif place in late:
                verdict = ChainStale("it lacks blocks that other nodes have")
            if verdict is not None and node.verdict is None:
                _LOG.warning("the chain node at %s is left alone: %s", node.client.place, verdict.diagnostics)
            node.verdict = verdict
            node.good_since = (node.good_since or now) if node.good else None
        if self._using in found.others:
            self._floor = 0  # what it told of newer blocks counts no more

    def _turn(self, now: float) -> None:
        """Ask another node: the first good one if this one is not, or an earlier one that was good for a while."""
        using = self._nodes[self._using]
        for place, node in enumerate(self._nodes[: self._using] if using.good else self._nodes):
            if not node.good or node.head is None or node.head.number < self._lowest(now):
                continue
            if not using.good or now - (node.good_since or now) >= self._times.back:
                self._use(place)
                return

    def _use(self, place: int) -> None:
        if place != self._using:
            old, new = self._nodes[self._using].client.place, self._nodes[place].client.place
            _LOG.warning("the chain is asked of %s now, no more of %s", new, old)
        self._using, self._left_at = place, None

    # --- choosing, while somebody waits ---

    def _choose(self, without: frozenset[int], asked_at: float) -> None:
        deadline = time.monotonic() + self._times.catch_up
        while self._any_behind(without, asked_at):
            if time.monotonic() > deadline:
                raise ChainUnreachable("the chain nodes that answer are behind the one that was asked before")
            asked_at = time.monotonic()
            self._closing.wait(0.1)

    def _any_behind(self, without: frozenset[int], asked_at: float) -> bool:
        """Use the first node that is good; whether there is none, but one that lacks a block which was seen."""
        behind = False
        for place, node in enumerate(self._nodes):
            if place in without or node.verdict is not None:
                continue
            if node.looked_at < asked_at:  # else somebody has looked who waited for the same
                self._look(place)
            with self._lock:
                if not node.good or node.head is None:
                    continue
                lowest = self._lowest(time.monotonic())
                if node.head.number >= lowest:
                    self._floor = max(node.head.number, lowest)
                    self._use(place)
                    return False
                behind = True
        if not behind:
            self._nobody()
        return True

    def _lowest(self, now: float) -> int:
        """The block that a node must have. Not for ever: the chain may have gone back with the node that was left."""
        over = self._left_at is not None and now - self._left_at > self._times.grace
        return 0 if over else self._floor

    def _nobody(self) -> None:
        faults = [node.fault or node.verdict for node in self._nodes]
        if faults and isinstance(faults[0], ChainWrong) and all(type(one) is ChainWrong for one in faults):
            raise faults[0]
        raise ChainUnreachable("no chain node answers")
