"""An endpoint of another member as the Rpc of a ledger: what it says is proven, or it is not an answer (specification H-56).

A Connection on it reads as one on a node of one's own does: the checks of chain, first block and code included. What cannot be
proven and does harm if it is a lie is refused by name; what is passed on without proof says why beside it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from consentry.chain.connection import octets, quantity
from consentry.chain.deployment import Deployment
from consentry.chain.rpc import Request, Rpc, RpcError
from consentry.domain.canonical import keccak
from consentry.errors import ChainUnproven
from consentry.light import answers
from consentry.light.beside import Beside
from consentry.light.evm import GAS, Question, run
from consentry.light.following import MOST_AT_ONCE, STEP, LightChain
from consentry.light.headers import Header
from consentry.light.logs import ProvenLogs
from consentry.light.state import Known, ProvenState, said
from consentry.light.trust import header_of_known
from consentry.light.turns import FOR_EVER, Turns

MOST_STATES: Final = 4
MOST_PENDING: Final = 64
"""Transactions of one account that may wait, by the endpoint's word."""

_CALL_DEPTH: Final = 4
"""Of our contracts at most; each call keeps a sixty-fourth of the gas back (EIP-150)."""


class ProvenRpc:
    """Answers a ledger's questions from what `chain` proves. Thread-safe; one question at a time. Without `logs` there are none,
    nor receipts."""

    def __init__(
        self, rpc: Rpc, chain: LightChain, deployment: Deployment, logs: ProvenLogs | None = None
    ) -> None:
        self.chain = chain
        self._rpc = rpc
        self._deployment = deployment
        self._logs = logs
        self._digests = {
            bytes.fromhex(address[2:]): deployment.code_digests[name]
            for name, address in deployment.addresses.items()
            if name in deployment.abis
        }
        self._known = Known()
        self._states: OrderedDict[bytes, ProvenState] = OrderedDict()
        self._genesis: Header | None = None
        self._turns = Turns()

    @property
    def place(self) -> str:
        return self._rpc.place

    def call(self, method: str, *params: Any) -> Any:
        result = self.batch([Request(method, params)])[0]
        if isinstance(result, RpcError):
            raise result
        return result

    def batch(self, wanted: Iterable[Request]) -> list[Any]:
        """As a node's; all at one head. Raises ChainUnproven, ChainStale, ChainUnreachable (also for no turn in time)."""
        with self._turns.turn():
            head = self.chain.head(MOST_AT_ONCE if self._logs is None else STEP)
            return [self._answer(one, head) for one in wanted]

    def batch_followed(self, wanted: Iterable[Request]) -> list[Any]:
        """The same at the head that was followed last: it changes nothing of the chain. Raises what `batch` does."""
        with self._turns.turn():
            head = self.chain.followed()
            return [self._answer(one, head) for one in wanted]

    def beside(self, *, most_answer_bytes: int) -> Beside:
        """For strangers: what they have fetched is kept apart, so that it neither fills nor drives out what is kept here. They
        have turns of their own: a lock is given to whoever asks again first, so that a batch of theirs would keep it."""
        apart = ProvenRpc(self._rpc, self.chain, self._deployment, self._logs)
        return Beside(apart.place, apart.batch_followed, most_answer_bytes)

    def go_on(self, most: int) -> int:
        """Check at most so many headers more, and older blocks before the first checkpoint; how many are left.

        Raises ChainUnproven, ChainStale, ChainUnreachable, StoreUnreachable.
        """
        with self._turns.turn(FOR_EVER):
            left = self.chain.follow(most)
            return left or (self._logs.look_back() if self._logs else 0)

    def close(self) -> None:
        self._rpc.close()
        if self._logs:
            self._logs.close()

    def _answer(self, wanted: Request, head: Header) -> Any:
        answer = self._answers.get(wanted.method)
        if answer is None:
            raise ChainUnproven(f"{wanted.method} cannot be proven: it takes a node of one's own")
        return answer(self, wanted.params, head)

    # --- the chain ---

    def _chain_id(self, params: tuple[Any, ...], head: Header) -> str:
        return hex(self._deployment.chain_id)

    def _block(self, params: tuple[Any, ...], head: Header) -> dict[str, str]:
        found = self._first_block() if params[0] == "0x0" else self._any_header(params[0], head)
        told = {
            "number": hex(found.number),
            "timestamp": hex(found.timestamp),
            "hash": "0x" + found.hash.hex(),
        }
        return told if found.base_fee is None else told | {"baseFeePerGas": hex(found.base_fee)}

    def _number(self, params: tuple[Any, ...], head: Header) -> str:
        return hex(head.number)

    def _fee(self, params: tuple[Any, ...], head: Header) -> str:
        return hex(head.base_fee or 0)

    def _header(self, tag: str, head: Header) -> Header:
        return head if tag in ("latest", "pending") else self.chain.header(quantity(tag))

    def _any_header(self, tag: str, head: Header) -> Header:
        if self._logs is None or tag in ("latest", "pending"):
            return self._header(tag, head)
        return self._logs.header(self.chain, quantity(tag))

    def _first_block(self) -> Header:
        """By the deployment's hash of it."""
        if self._genesis is None:
            engine = self.chain.engine
            found = header_of_known(engine, 0, said(self._rpc, engine.method, "0x0", False))
            if found.hash != self._deployment.genesis:
                raise ChainUnproven("the endpoint's first block is not the deployment's")
            self._genesis = found
        return self._genesis

    # --- state ---

    def _code(self, params: tuple[Any, ...], head: Header) -> str:
        code = self._state(self._header(params[1], head)).code(octets(params[0]))
        return "0x" + code.hex()

    def _view(self, params: tuple[Any, ...], head: Header) -> str | RpcError:
        question, tag = params
        try:
            ran = run(self._state(self._header(tag, head)), self._deployment.chain_id, question_of(question))
        except RpcError as refused:
            return refused
        return "0x" + ran.output.hex()

    def _estimate(self, params: tuple[Any, ...], head: Header) -> str | RpcError:
        """Tried out here, so that the endpoint hears of no transaction before it is sent, and cannot say that it fails."""
        question = question_of(params[0])
        try:
            ran = run(self._state(head), self._deployment.chain_id, question)
        except RpcError as refused:
            return refused
        kept_back = ran.gas * _CALL_DEPTH // 64
        gas = (question.intrinsic_gas + ran.gas + kept_back) * self.chain.engine.receipts.gas_percent // 100
        return hex(gas)

    def _count(self, params: tuple[Any, ...], head: Header) -> str:
        address, tag = params
        account = octets(address)
        if not self.chain.engine.receipts.proves_people:
            # Kaia v1.0.3 proves contracts alone. A count that is a lie has a call sent again, under another nonce; our contracts
            # take each consent, anchor, signature and commit once, so that the second one fails.
            return hex(answers.quantity(said(self._rpc, "eth_getTransactionCount", address, tag)))
        proven = self._state(head if tag == "pending" else self._header(tag, head)).account(account).nonce
        if tag != "pending":
            return hex(proven)
        # What waits is in no block, so that nothing proves it. A lie within these bounds makes a transaction wait, or lets it be
        # sent under a nonce that another one has: either way the proven count tells later, and it is sent again.
        pending = answers.quantity(said(self._rpc, "eth_getTransactionCount", address, "pending"))
        if pending > proven + MOST_PENDING:
            raise ChainUnproven(f"the endpoint says that {pending - proven} transactions of an account wait")
        return hex(max(pending, proven))

    def _balance(self, params: tuple[Any, ...], head: Header) -> str:
        return hex(self._state(self._header(params[1], head)).account(octets(params[0])).balance)

    def _state(self, header: Header) -> ProvenState:
        state = self._states.get(header.hash)
        if state is None:
            state = ProvenState(self._rpc, self.chain.engine, header, self._known, self._digests)
            self._states[header.hash] = state
            while len(self._states) > MOST_STATES:
                self._states.popitem(last=False)
        state.next_question()
        return state

    # --- logs and transactions ---

    def _required_logs(self) -> ProvenLogs:
        if self._logs is None:
            raise ChainUnproven("logs and receipts are not followed here: it takes a gateway, or a node")
        return self._logs

    def _found_logs(self, params: tuple[Any, ...], head: Header) -> list[dict[str, Any]]:
        return self._required_logs().find(self.chain, head, params[0])

    def _receipt(self, params: tuple[Any, ...], head: Header) -> dict[str, Any] | None:
        return self._required_logs().receipt(self.chain, head, octets(params[0]))

    def _send(self, params: tuple[Any, ...], head: Header) -> str:
        """Whether the endpoint hands it on is its word either way; what counts is the block that has it. So a refusal ("already
        known", for one that is sent again) is no reason to give up, nor to sign the same anew under another nonce: the sender
        waits as long as it does for one that was taken, and looks at the proven count."""
        self._rpc.batch([Request("eth_sendRawTransaction", params)])
        return "0x" + keccak(octets(params[0])).hex()

    def _transaction(self, params: tuple[Any, ...], head: Header) -> Any:
        """Asked only for whether a node has heard of it: then the sender waits for its receipt, which is proven."""
        return {"hash": params[0]} if said(self._rpc, "eth_getTransactionByHash", params[0]) else None

    _answers: Final[dict[str, Callable[[ProvenRpc, tuple[Any, ...], Header], Any]]] = {
        "eth_chainId": _chain_id,
        "eth_blockNumber": _number,
        "eth_gasPrice": _fee,
        "eth_getBalance": _balance,
        "eth_getBlockByNumber": _block,
        "eth_getCode": _code,
        "eth_call": _view,
        "eth_estimateGas": _estimate,
        "eth_getTransactionCount": _count,
        "eth_getLogs": _found_logs,
        "eth_getTransactionReceipt": _receipt,
        "eth_sendRawTransaction": _send,
        "eth_getTransactionByHash": _transaction,
    }


def question_of(raw: Mapping[str, Any]) -> Question:
    """As nodes read it. Who names a sender tries a transaction out; a call may name how much gas it gives."""
    sender = octets(raw["from"]) if "from" in raw else bytes(20)
    asked = Question(octets(raw["to"]), octets(raw["data"]), sender, writes="from" in raw)
    if "gas" not in raw:
        return asked
    gas = min(max(quantity(raw["gas"]) - asked.intrinsic_gas, 0), GAS)
    return Question(asked.to, asked.data, asked.sender, gas, asked.writes)
