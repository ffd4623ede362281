"""A node for what anybody can ask for who has not signed in (specification H-95)."""

from __future__ import annotations

from typing import Final

from consentry.chain.connection import Connection
from consentry.ports.chain_node import NodesSeen

MOST_ANSWER_BYTES: Final = 2**20


class StrangersConnection(Connection):
    """The same node as `own`, in turns of strangers: nothing else waits for these, as for what is relayed (H-81)."""

    def __init__(self, own: Connection) -> None:
        super().__init__(own.rpc.beside(most_answer_bytes=MOST_ANSWER_BYTES), own.deployment)
        self._own = own

    def check(self) -> None:
        self._own.check_beside(self.rpc)

    def nodes(self) -> NodesSeen:
        return self._own.nodes()
