"""Says when the chain stands still, or its nodes do not agree (specification H-6)."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

from consentry.domain.ledger import ChainHead
from consentry.ports import Clock, Ledger
from consentry.ports.chain_node import NodesSeen

LOOK_SECONDS = 10
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class ChainSeen:
    """The nodes, and the newest block's age in seconds (None: nobody told one). `late`: it is older than it may be."""

    nodes: NodesSeen
    head_age: int | None
    late: bool

    def to_json(self) -> dict[str, Any]:
        """As health tells it to anybody: numbers, no addresses."""
        seen = self.nodes
        return {
            "nodes": seen.nodes,
            "good": seen.good,
            "using": seen.using,
            "disputed": seen.disputed,
            "headAge": self.head_age,
            "late": self.late,
        }


@dataclass
class HeadAlarm:
    """`most_seconds`: how old the newest block may be. Tells the log when that is passed, and when blocks come again."""

    ledger: Ledger = field(repr=False)
    clock: Clock
    most_seconds: int
    _look_at: int = 0
    _was_late: bool = False

    def look(self) -> None:
        """Every ten seconds. Raises ChainUnreachable, ChainWrong."""
        now = self.clock.now()
        if not self._look_at - LOOK_SECONDS <= now < self._look_at:
            self._look_at = now + LOOK_SECONDS
            self._tell(self.seen(self.ledger.head()))

    def seen(self, head: ChainHead | None) -> ChainSeen:
        """What is to be told with this newest block."""
        age = None if head is None else max(self.clock.now() - head.timestamp, 0)
        return ChainSeen(self.ledger.nodes(), age, age is None or age > self.most_seconds)

    def _tell(self, seen: ChainSeen) -> None:
        if seen.late and not self._was_late:
            _LOG.warning(
                "the chain's newest block is %(seconds)s s old: does the chain stand still, or its node?",
                {"seconds": seen.head_age},
            )
        elif self._was_late and not seen.late:
            _LOG.info("the chain goes on")
        self._was_late = seen.late
