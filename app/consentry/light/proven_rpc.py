"""An endpoint of another member as the Rpc of a ledger: what it says is proven, or it is not an answer (specification H-56).

A Connection on it reads as one on a node of one's own does: the checks of chain, first block and code included. What cannot be
proven here – logs, receipts, pending transactions – is refused by name.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any, Final

from consentry.chain.connection import octets, quantity
from consentry.chain.deployment import Deployment
from consentry.chain.rpc import Request, Rpc, RpcClient, RpcError
from consentry.errors import ChainUnproven
from consentry.light.checkpoint import Checkpoint
from consentry.light.evm import view
from consentry.light.following import LightChain
from consentry.light.headers import Header
from consentry.light.state import Known, ProvenState
from consentry.ports import Clock

MOST_STATES: Final = 4
MOST_ANSWER_BYTES: Final = 64 * 2**20
"""Of 64 blocks with the hashes of all their transactions, or 64 proofs: some megabytes."""


class ProvenRpc:
    """Answers a ledger's questions from what `chain` proves. Thread-safe; one question at a time."""

    def __init__(self, rpc: Rpc, chain: LightChain, deployment: Deployment) -> None:
        self.chain = chain
        self._rpc = rpc
        self._deployment = deployment
        self._digests = {
            bytes.fromhex(address[2:]): deployment.code_digests[name]
            for name, address in deployment.addresses.items()
            if name in deployment.abis
        }
        self._known = Known()
        self._states: OrderedDict[bytes, ProvenState] = OrderedDict()
        self._genesis: Header | None = None
        self._lock = Lock()

    @property
    def place(self) -> str:
        return self._rpc.place

    def call(self, method: str, *params: Any) -> Any:
        result = self.batch([Request(method, params)])[0]
        if isinstance(result, RpcError):
            raise result
        return result

    def batch(self, wanted: Iterable[Request]) -> list[Any]:
        """As a node's; all at one head. Raises ChainUnproven, ChainStale, ChainUnreachable."""
        with self._lock:
            head = self.chain.head()
            return [self._answer(one, head) for one in wanted]

    def beside(self, *, most_answer_bytes: int) -> ProvenRpc:
        return self

    def close(self) -> None:
        self._rpc.close()

    def _answer(self, wanted: Request, head: Header) -> Any:
        answer = self._answers.get(wanted.method)
        if answer is None:
            raise ChainUnproven(f"{wanted.method} cannot be proven: it takes a node of one's own")
        return answer(self, wanted.params, head)

    def _chain_id(self, params: tuple[Any, ...], head: Header) -> str:
        return hex(self._deployment.chain_id)

    def _block(self, params: tuple[Any, ...], head: Header) -> dict[str, str]:
        found = self._first_block() if params[0] == "0x0" else self._header(params[0], head)
        return {
            "number": hex(found.number),
            "timestamp": hex(found.timestamp),
            "hash": "0x" + found.hash.hex(),
        }

    def _code(self, params: tuple[Any, ...], head: Header) -> str:
        code = self._state(self._header(params[1], head)).code(octets(params[0]))
        return "0x" + code.hex()

    def _view(self, params: tuple[Any, ...], head: Header) -> str | RpcError:
        question, tag = params
        state = self._state(self._header(tag, head))
        try:
            raw = view(state, self._deployment.chain_id, octets(question["to"]), octets(question["data"]))
        except RpcError as refused:
            return refused
        return "0x" + raw.hex()

    def _header(self, tag: str, head: Header) -> Header:
        return head if tag == "latest" else self.chain.header(quantity(tag))

    def _first_block(self) -> Header:
        """By the deployment's hash of it."""
        if self._genesis is None:
            engine = self.chain.engine
            found = engine.header(self._rpc.call(engine.method, "0x0", False))
            if found.hash != self._deployment.genesis:
                raise ChainUnproven("the endpoint's first block is not the deployment's")
            self._genesis = found
        return self._genesis

    def _state(self, header: Header) -> ProvenState:
        state = self._states.get(header.hash)
        if state is None:
            state = ProvenState(self._rpc, self.chain.engine, header, self._known, self._digests)
            self._states[header.hash] = state
            while len(self._states) > MOST_STATES:
                self._states.popitem(last=False)
        return state

    _answers: Final[dict[str, Callable[[ProvenRpc, tuple[Any, ...], Header], Any]]] = {
        "eth_chainId": _chain_id,
        "eth_getBlockByNumber": _block,
        "eth_getCode": _code,
        "eth_call": _view,
    }


def connect_endpoint(
    url: str, deployment: Deployment, checkpoint: Checkpoint, clock: Clock, *, timeout: float = 10.0
) -> ProvenRpc:
    """The endpoint at `url`, of which nothing is believed that it cannot prove; for a Connection.

    Raises ChainUnreachable for what is no address, ChainUnproven as `proven_rpc` does.
    """
    rpc = RpcClient(url, timeout=timeout, most_answer_bytes=MOST_ANSWER_BYTES)
    return proven_rpc(rpc, deployment, checkpoint, clock)


def proven_rpc(rpc: Rpc, deployment: Deployment, checkpoint: Checkpoint, clock: Clock) -> ProvenRpc:
    """Raises ChainUnproven where blocks are final by a tag, which validators do not sign."""
    finality = deployment.finality
    if finality == "finalized":
        raise ChainUnproven(
            "which block is final is a node's word on this chain: it takes a node of one's own"
        )
    depth = finality if isinstance(finality, int) else 0
    return ProvenRpc(rpc, LightChain(rpc, checkpoint, clock, depth=depth), deployment)
