"""One of several nodes, as it was last seen."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from consentry.chain.connection import require_ours, require_same
from consentry.chain.deployment import Deployment
from consentry.chain.rpc import RpcClient
from consentry.domain.ledger import ChainHead
from consentry.errors import ChainUnreachable, ConsentryError

CODE_SECONDS = 30.0
"""How long a node that goes on answering is trusted to have our contracts: to ask for their code is much every other second."""


@dataclass
class WatchedNode:
    """`fault`: why it cannot be asked; `verdict`: why it should not be, compared with the others. Times are monotonic seconds."""

    client: RpcClient
    head: ChainHead | None = None
    fault: ConsentryError | None = field(default_factory=lambda: ChainUnreachable("not asked yet"))
    verdict: ConsentryError | None = None
    looked_at: float = float("-inf")
    good_since: float | None = None
    _code_seen_at: float = float("-inf")

    @property
    def good(self) -> bool:
        return self.fault is None and self.verdict is None

    def ask(self, deployment: Deployment) -> ChainHead:
        """Its newest block, if it serves the deployment's chain. Raises ChainUnreachable, ChainWrong, ChainStale."""
        now = time.monotonic()
        if self.fault is None and now - self._code_seen_at < CODE_SECONDS:
            return require_same(self.client, deployment)
        head = require_ours(self.client, deployment)
        self._code_seen_at = now
        return head
