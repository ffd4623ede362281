"""One node, one deployment: batches with typed answers, heads, and the check that it is our chain (K-11)."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from consentry.chain.contracts import Contract
from consentry.chain.deployment import Deployment
from consentry.chain.reverts import RevertDecoder
from consentry.chain.rpc import Request, Rpc, RpcError
from consentry.domain.canonical import keccak
from consentry.domain.ledger import Answer, ChainHead, ContractCall
from consentry.errors import ChainStale, ChainUnreachable, ChainWrong, ConsentryError
from consentry.ports.chain_node import NodesSeen

T = TypeVar("T")

# How long a node is trusted to be the one it was: a re-started development chain shows within this time.
CHECKED_SECONDS = 10.0
# A head this old is still good to compute a final block from: an older final block is final as well.
FINAL_HEAD_SECONDS = 1.0
_QUANTITY = re.compile("0x[0-9a-fA-F]{1,64}")


class Connection:
    """Everything that reading and sending share. Thread-safe."""

    def __init__(self, rpc: Rpc, deployment: Deployment) -> None:
        self.rpc = rpc
        self.deployment = deployment
        self.contracts = {
            name: Contract(name, deployment.addresses[name], abi) for name, abi in deployment.abis.items()
        }
        self.reverts = RevertDecoder(deployment.abis.values())
        self._checked_until = 0.0
        self._recent: tuple[float, ChainHead] | None = None

    def ask(self, requests: Iterable[Request]) -> list[Any]:
        """`RpcClient.batch` on a node that was checked lately. Raises ChainWrong, ChainUnreachable."""
        self.check()
        return self.rpc.batch(requests)

    def check(self) -> None:
        """That the node serves the deployment's chain: id, first block, code. Raises ChainWrong."""
        if time.monotonic() < self._checked_until:
            return
        require_ours(
            self.rpc, self.deployment
        )  # several threads may do it at once: the same question, the same answer
        self._checked_until = time.monotonic() + CHECKED_SECONDS

    def check_beside(self, beside: Rpc) -> None:
        """The same, before somebody else is answered through `beside`, which is this node's. Raises ChainWrong."""
        self.check()

    def head(self) -> ChainHead:
        asked_at = time.monotonic()
        return self.noted(head_of(value_of(self.ask([LATEST])[0])), asked_at)

    def noted(self, head: ChainHead, asked_at: float) -> ChainHead:
        """Remember the head that was asked for last, by when that was: an answer may be long under way, and old then."""
        recent = self._recent
        if recent is None or recent[0] <= asked_at:
            self._recent = (asked_at, head)
        return head

    def head_since(self, moment: float) -> ChainHead | None:
        """The head that was asked for last, if that was after this moment (monotonic seconds)."""
        recent = self._recent
        return recent[1] if recent is not None and recent[0] >= moment else None

    def final_tag(self) -> str:
        """The block parameter that stands for the newest final block."""
        finality = self.deployment.finality
        if finality == "instant":
            return "latest"
        if finality == "finalized":
            return "finalized"
        head = self.head_since(time.monotonic() - FINAL_HEAD_SECONDS) or self.head()
        return hex(max(head.number - finality, 0))

    def is_final(self, number: int) -> bool:
        """Whether this block cannot change any more, as far as is known without asking."""
        finality = self.deployment.finality
        if finality == "instant":
            return True
        recent = self._recent
        return isinstance(finality, int) and recent is not None and number <= recent[1].number - finality

    def nodes(self) -> NodesSeen:
        """How many nodes there are, and how many can be asked, as was last seen."""
        return NodesSeen(1, 1, 1, disputed=False)

    def close(self) -> None:
        """End the connections that wait for another question."""
        self.rpc.close()

    def block(self, tag: str) -> ChainHead:
        return head_of(value_of(self.ask([Request("eth_getBlockByNumber", (tag, False))])[0]))

    def request(self, call: ContractCall[Any], tag: str) -> Request:
        target = {"to": self.contracts[call.contract].address, "data": "0x" + call.data.hex()}
        return Request("eth_call", (target, tag))

    def answer(self, call: ContractCall[T], result: Any) -> Answer[T]:
        """What the node's result means for the call."""
        if isinstance(result, RpcError):
            return Answer(error=self.reverts.reverted(result) or result)
        try:
            raw = octets(result)
            if not raw:
                raise ChainWrong(f"there is no {call.contract} on that block")
            return Answer(call.decode(raw))
        except ConsentryError as error:
            return Answer(error=error)
        except ValueError:  # an enumeration that this version does not know
            return Answer(error=ChainWrong(f"{call.contract} answers a value that is not known here"))


LATEST = Request("eth_getBlockByNumber", ("latest", False))


def require_ours(rpc: Rpc, deployment: Deployment) -> ChainHead:
    """The node's head, if it serves the deployment's chain: id, first block, code. Raises ChainWrong, ChainUnreachable."""
    return _require(rpc, deployment, sorted(deployment.abis))


def require_same(rpc: Rpc, deployment: Deployment) -> ChainHead:
    """The same of a node whose contracts were looked at not long ago. Raises ChainWrong, ChainUnreachable."""
    return _require(rpc, deployment, ())


def _require(rpc: Rpc, deployment: Deployment, names: Sequence[str]) -> ChainHead:
    codes = [Request("eth_getCode", (deployment.addresses[name], "latest")) for name in names]
    first = Request("eth_getBlockByNumber", ("0x0", False))
    asked = [Request("eth_chainId"), first, LATEST, *codes]
    chain_id, genesis, latest, *found = [value_of(result) for result in rpc.batch(asked)]
    if quantity(chain_id) != deployment.chain_id:
        raise ChainWrong(f"the node serves chain {quantity(chain_id)}, not {deployment.chain_id}")
    if head_of(genesis).hash != deployment.genesis:
        raise ChainWrong("the node serves a chain with another first block")
    for name, code in zip(names, found, strict=True):
        if keccak(octets(code)) != deployment.code_digests[name]:
            raise ChainWrong(f"there is no {name} of this deployment at its address")
    return head_of(latest)


def value_of(result: Any) -> Any:
    """The result, or raises the error that stands in its place."""
    if isinstance(result, RpcError):
        raise result
    return result


def quantity(value: Any) -> int:
    """A JSON-RPC quantity of 256 bits at most: a longer one no message could name. Raises ChainUnreachable for anything else."""
    if not isinstance(value, str) or not _QUANTITY.fullmatch(value):
        raise ChainUnreachable("the node's answer is not a number")
    return int(value, 16)


def octets(value: Any) -> bytes:
    """JSON-RPC data. Raises ChainUnreachable for anything else."""
    if not isinstance(value, str) or not value.startswith("0x"):
        raise ChainUnreachable("the node's answer is not data")
    try:
        return bytes.fromhex(value[2:])
    except ValueError:
        raise ChainUnreachable("the node's answer is not data") from None


def head_of(block: Any) -> ChainHead:
    if not isinstance(block, dict):
        raise ChainStale("the node does not have this block")
    return ChainHead(
        quantity(block.get("number")), quantity(block.get("timestamp")), octets(block.get("hash"))
    )
