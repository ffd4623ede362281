"""Anchors that a reorganisation takes back are made again (specification R-3).

What was anchored is looked at until it is final and ten minutes have passed: a chain that breaks its own promise of finality
costs its author a few calls, and no record.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from consentry.services.publish_ports import Author, PublishPorts

LOOK_SECONDS = 10
WATCHED_SECONDS = 600
ROOTS_AT_ONCE = 200
_LOG = logging.getLogger(__name__)


@dataclass
class Settlement:
    """Watches one author's newest anchors. When one was first seen is remembered by this process only: after a restart it is
    watched for ten minutes once more."""

    author: Author
    ports: PublishPorts = field(repr=False)
    _look_at: int = 0
    _first_seen: dict[bytes, int] = field(default_factory=dict, repr=False)

    def run(self) -> int:
        """How many batches the chain no longer holds: they are unfinished again, and anchored like all that is (D-10).

        Raises StoreUnreachable, ChainUnreachable.
        """
        now = self.ports.clock.now()
        if now < self._look_at:
            return 0
        self._look_at = now + LOOK_SECONDS
        roots = self.ports.publications.unsettled(ROOTS_AT_ONCE)
        self._first_seen = {root: self._first_seen.get(root, now) for root in roots}
        if not roots:
            return 0
        ledger = self.ports.ledger
        views = ledger.evaluate_both([ledger.anchor_call(self.author.address, root) for root in roots])
        undone = [root for root, latest in zip(roots, views.latest, strict=True) if latest.get() is None]
        settled = [
            root
            for root, final in zip(roots, views.final, strict=True)
            if final.get() is not None and now - self._first_seen[root] >= WATCHED_SECONDS
        ]
        self.ports.publications.settle(settled)
        if undone:
            _LOG.warning(
                "%(count)d batches are no longer on chain and are anchored again", {"count": len(undone)}
            )
            self.ports.publications.unanchor(undone)
        return len(undone)
