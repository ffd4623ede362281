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

from consentry.chain.deployment import Deployment
from consentry.chain.floor import Floor
from consentry.chain.judging import Lateness, stories
from consentry.chain.rpc import RpcClient
from consentry.chain.watched import WatchedNode, settled_hashes
from consentry.errors import ChainStale, ChainUnreachable, ChainWrong, ConsentryError
from consentry.ports.chain_node import NodesSeen

_LOG = logging.getLogger(__name__)
_LEFT = "the chain node at %(node)s is left alone: %(code)s: %(why)s"


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
        self._floor = Floor(self._times.grace)
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

    def saw(self, number: int, asked_at: float) -> None:
        """The newest block by the node that is asked, which was asked then. Raises ChainStale where a newer one was seen."""
        now = time.monotonic()
        with self._lock:
            node = self._nodes[self._using]
            if self._floor.undoes(number, asked_at, now):
                node.top = number
                self._floor.served(number, now)
                raise ChainStale("the chain node lacks blocks that were seen before")
            self._floor.saw(number, now)
            node.top = max(node.top, number)

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
            using = self._nodes[self._using]
            return (
                self._using not in without
                and using.good
                and using.top >= self._floor.lowest(time.monotonic())
            )

    # --- looking ---

    def _run(self) -> None:
        while not self._closing.wait(self._times.look):
            self.look()

    def look(self) -> None:
        """One round: every node is looked at, they are compared, and another one is asked where that is better."""
        for place in range(len(self._nodes)):
            self._look(place)
        told = settled_hashes(self._nodes, self._deployment.finality)
        with self._lock:
            self._judge(told, time.monotonic())
            self._turn(time.monotonic())

    def _look(self, place: int) -> None:
        node, fault, head, asked_at = self._nodes[place], None, None, time.monotonic()
        try:
            head = node.ask(self._deployment)
        except ConsentryError as problem:
            fault = problem
        with self._lock:
            now = time.monotonic()
            node.told(head, lacks_seen=head is not None and self._floor.undoes(head.number, asked_at, now))
            self._mark(place, fault)

    def _mark(self, place: int, fault: ConsentryError | None) -> None:
        node = self._nodes[place]
        if fault is not None and node.fault is None:
            _LOG.warning(_LEFT, _left(node, fault))
        node.fault = fault
        if fault is not None:
            node.good_since = None
        self._serve()

    def _serve(self) -> None:
        using = self._nodes[self._using]
        self._floor.served(using.top if using.good else None, time.monotonic())

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
        honest = {at: number for at, number in heads.items() if at not in liars}
        there = [
            at
            for at, node in enumerate(self._nodes)
            if at not in liars and now - node.heard_at <= 4 * self._times.behind + self._times.look
        ]
        late = self._lateness.late(honest, now, of=len(there))
        self._floor.compare(list(honest.values()))
        doubted = (
            len(there) == 2
            and self._using in late
            and self._nodes[self._using].keeps_pace(self._times.behind)
        )
        if (
            doubted
        ):  # which of two is right, the one that goes on or the one that is said to be ahead, nobody says
            late -= {self._using}
        disputed = found.disputed or doubted
        if disputed and not self._disputed:
            _LOG.error("the chain nodes tell two stories: ask another member which is so")
        self._disputed = disputed
        for place, node in enumerate(self._nodes):
            verdict: ConsentryError | None = None
            if place in liars:
                verdict = ChainWrong("it tells another story than the other nodes")
            elif place in late:
                verdict = ChainStale("it lacks blocks that other nodes have")
            if verdict is not None and node.verdict is None:
                _LOG.warning(_LEFT, _left(node, verdict))
            node.verdict = verdict
            node.good_since = (node.good_since or now) if node.good else None
        if self._using in found.others:
            self._floor.forget()  # what it told of newer blocks counts no more
        self._serve()

    def _turn(self, now: float) -> None:
        """Ask another node: the first good one if this one is not, or an earlier one that was good for a while."""
        using = self._nodes[self._using]
        for place, node in enumerate(self._nodes[: self._using] if using.good else self._nodes):
            if not node.good or node.head is None or node.head.number < self._floor.lowest(now):
                continue
            if not using.good or now - (node.good_since or now) >= self._times.back:
                self._use(place, node.head.number, now)
                return

    def _use(self, place: int, head: int, now: float) -> None:
        if place != self._using:
            told = {"former": self._nodes[self._using].client.place, "node": self._nodes[place].client.place}
            _LOG.warning("the chain is asked of %(node)s now, no more of %(former)s", told)
        self._using = place
        self._floor.start(head, now)

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
                now = time.monotonic()
                if node.head.number >= self._floor.lowest(now):
                    self._use(place, node.head.number, now)
                    return False
                behind = True
        if not behind:
            self._nobody()
        return True

    def _nobody(self) -> None:
        faults = [node.fault or node.verdict for node in self._nodes]
        if faults and isinstance(faults[0], ChainWrong) and all(type(one) is ChainWrong for one in faults):
            raise faults[0]
        raise ChainUnreachable("no chain node answers")


def _left(node: WatchedNode, fault: ConsentryError) -> dict[str, str]:
    return {"node": node.client.place, "code": fault.code, "why": fault.diagnostics}
