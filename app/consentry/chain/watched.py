"""Several nodes, as they were last seen, and the block that they are compared by."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from consentry.chain.connection import head_of, require_ours, require_same
from consentry.chain.deployment import Deployment, Finality
from consentry.chain.rpc import RpcClient
from consentry.domain.ledger import ChainHead
from consentry.errors import ChainStale, ChainUnreachable, ConsentryError

CODE_SECONDS = 30.0
"""How long a node that goes on answering is trusted to have our contracts: to ask for their code is much every other second."""

FRESH_SECONDS = 60.0
"""A node whose newest block is older than this, by its own time, may be catching up."""

_FINALIZED_DEPTH = 96
"""How far below the newest block nodes are compared where the chain itself says what is final (three epochs of 32)."""

_LOG = logging.getLogger(__name__)


@dataclass
class WatchedNode:
    """`fault`: why it cannot be asked; `verdict`: why it should not be, compared with the others. `top`: the newest block that it
    told of, in answers too. `heard_at`: when it last told one that was looked for; `grown_at`: when that last was a newer one.
    Times are monotonic seconds."""

    client: RpcClient
    head: ChainHead | None = None
    fault: ConsentryError | None = field(default_factory=lambda: ChainUnreachable("not asked yet"))
    verdict: ConsentryError | None = None
    top: int = 0
    looked_at: float = float("-inf")
    heard_at: float = field(default_factory=time.monotonic)
    grown_at: float = float("-inf")
    good_since: float | None = None
    _code_seen_at: float = float("-inf")

    @property
    def good(self) -> bool:
        return self.fault is None and self.verdict is None

    def told(self, head: ChainHead | None, *, lacks_seen: bool) -> None:
        """What a look found; None: no answer. `lacks_seen`: it is older than what was seen of it before it was looked for."""
        self.looked_at = time.monotonic()
        if head is not None:
            self.heard_at = self.looked_at
            if self.head is not None and head.number > self.head.number:
                self.grown_at = self.looked_at
            self.top = head.number if lacks_seen else max(self.top, head.number)
        self.head = head

    def keeps_pace(self, seconds: float) -> bool:
        """Whether it had a new block within this time, and that is a new one by its own time: it does not catch up."""
        fresh = self.head is not None and time.time() - self.head.timestamp < FRESH_SECONDS
        return fresh and time.monotonic() - self.grown_at < seconds

    def ask(self, deployment: Deployment) -> ChainHead:
        """Its newest block, if it serves the deployment's chain. Raises ChainUnreachable, ChainWrong, ChainStale."""
        now = time.monotonic()
        if self.fault is None and now - self._code_seen_at < CODE_SECONDS:
            return require_same(self.client, deployment)
        head = require_ours(self.client, deployment)
        self._code_seen_at = now
        return head


def settled_hashes(nodes: Sequence[WatchedNode], finality: Finality) -> dict[int, bytes]:
    """By node, the hash of one block that all should have for good; nothing where there is no such block yet.

    It is one that all have who are not late, nor told another story before: who catches up from the first block, or says so,
    would else keep the others from being compared.
    """
    depth = finality if isinstance(finality, int) else 0 if finality == "instant" else _FINALIZED_DEPTH
    settled = {at: node.head.number - depth for at, node in enumerate(nodes) if node.head}
    settled = {at: block for at, block in settled.items() if block > 0}
    number = min((block for at, block in settled.items() if nodes[at].verdict is None), default=0)
    found: dict[int, bytes] = {}
    for place in [at for at, block in settled.items() if block >= number > 0]:
        client = nodes[place].client
        try:
            found[place] = head_of(client.call("eth_getBlockByNumber", hex(number), False)).hash
        except (ChainUnreachable, ChainStale):
            _LOG.info(
                "the chain node at %(node)s does not show block %(block)d",
                {"node": client.place, "block": number},
            )
    return found
