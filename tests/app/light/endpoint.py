"""Another member's endpoint: anvil's state under headers that Clique sealers sign, and every lie that a test asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from eth_keys.datatypes import PrivateKey

from consentry.chain.rpc import Request, RpcClient, RpcError
from consentry.light.clique import Clique
from tests.app.light.sealers import KEYS, block, clique_block, hex_of

Lie = Callable[[Request, Any], Any]
SHOWN = {"eth_blockNumber", "eth_getBlockByNumber", "eth_getProof", "eth_getCode"}
"""What whoever reads state asks."""

SHOWN_TO_GATEWAYS = SHOWN | {
    "eth_getBlockByHash",
    "eth_getBlockReceipts",
    "eth_getRawTransactionByBlockHashAndIndex",
    "eth_getTransactionReceipt",
    "eth_getTransactionByHash",
    "eth_getTransactionCount",
    "eth_sendRawTransaction",
}


def honest(request: Request, result: Any) -> Any:
    return result


class SealedEndpoint:
    """An Rpc on anvil whose blocks are sealed in turn by `keys`. `asked`: whatever it heard. `lie` changes its answers."""

    place = "another member"

    def __init__(self, url: str, keys: list[PrivateKey] = KEYS) -> None:
        self.asked: list[Request] = []
        self.lie: Lie = honest
        self._rpc = RpcClient(url)
        self._keys = keys
        self._sealed: list[tuple[str, dict[str, Any]]] = []

    def call(self, method: str, *params: Any) -> Any:
        result = self.batch([Request(method, params)])[0]
        if isinstance(result, RpcError):
            raise result
        return result

    def batch(self, wanted: Iterable[Request]) -> list[Any]:
        return [self._answer(one) for one in wanted]

    def beside(self, *, most_answer_bytes: int) -> SealedEndpoint:
        return self

    def close(self) -> None:
        self._rpc.close()

    def _answer(self, request: Request) -> Any:
        self.asked.append(request)
        assert request.method in SHOWN_TO_GATEWAYS, f"{request.method} is nothing to ask another member"
        plain = Request(request.method, tuple(self._plain(one) for one in request.params))
        result = self._rpc.batch([plain])[0]
        if request.method == "eth_getBlockByNumber" and isinstance(result, dict):
            result = self.sealed(int(result["number"], 16))
        if request.method == "eth_getTransactionReceipt" and isinstance(result, dict):
            result |= {"blockHash": self.sealed(int(result["blockNumber"], 16))["hash"]}
        return self.lie(request, result)

    def _plain(self, value: Any) -> Any:
        """Anvil's hash for the sealed block's."""
        return next((plain for plain, sealed in self._sealed if sealed["hash"] == value), value)

    def sealed(self, number: int) -> dict[str, Any]:
        """Anvil's block of this number, sealed; anew from where anvil went back."""
        engine = Clique()
        for at in range(self._same_until(number), number + 1):
            plain = self._rpc.call("eth_getBlockByNumber", hex(at), False)
            if at < len(self._sealed) and self._sealed[at][0] == plain["hash"]:
                continue
            del self._sealed[at:]
            parent = engine.header(self._sealed[-1][1]).hash if self._sealed else bytes(32)
            kept = {
                name: plain[name]
                for name in (
                    "stateRoot",
                    "timestamp",
                    "receiptsRoot",
                    "transactionsRoot",
                    "logsBloom",
                    "gasUsed",
                )
            }
            by = self._keys[at % len(self._keys)]
            whole = clique_block(block(at, parent, **kept), self._keys, by)
            self._sealed.append((plain["hash"], whole | {"hash": hex_of(engine.header(whole).hash)}))
        return self._sealed[number][1]

    def _same_until(self, number: int) -> int:
        """The first block up to this one that is not sealed yet, or another one now."""
        for at in range(min(number, len(self._sealed) - 1), -1, -1):
            if self._sealed[at][0] == self._rpc.call("eth_getBlockByNumber", hex(at), False)["hash"]:
                return at + 1
        return 0
