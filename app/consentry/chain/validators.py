"""The nodes of a chain of several validators on one machine, as child processes: what every engine's nodes have in common."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from consentry.chain.connection import quantity
from consentry.chain.rpc import RpcClient
from consentry.children import Child
from consentry.errors import ChainUnreachable


class Validator(Child):
    """One node of the chain in the folder `at`; `url` is its JSON-RPC address, `account` signs blocks.

    `ports`: for JSON-RPC and for the other validators. `log`: its output, beside its data.
    """

    def __init__(self, at: Path, account: str, ports: tuple[int, int], log: str) -> None:
        super().__init__(at.name, (), at / log, failure=ChainUnreachable)
        self.at = at
        self.account = account
        self.rpc_port, self.listen_port = ports
        self.url = f"http://127.0.0.1:{self.rpc_port}"

    def await_answer(self, chain_id: int) -> None:
        """Until it serves that chain. Raises ChainUnreachable, naming its log."""
        self._ask(lambda client: quantity(client.call("eth_chainId")) == chain_id, "does not answer")

    def await_block(self, number: int) -> None:
        """Until it has a block of this height. Raises ChainUnreachable, naming its log."""
        self._ask(lambda client: quantity(client.call("eth_blockNumber")) >= number, "has no block")

    def _ask(self, true: Callable[[RpcClient], bool], problem: str) -> None:
        client = RpcClient(self.url, timeout=2.0)

        def answered() -> bool:
            # While it starts it does not answer: it is asked again.
            with suppress(ChainUnreachable):
                return true(client)
            return False

        try:
            self.await_until(answered, problem)
        finally:
            client.close()
