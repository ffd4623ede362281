"""A chain's state at one believed block, filled by proofs as it is asked for (specification H-60, H-61)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final

from consentry.chain.rpc import Request, Rpc, RpcError
from consentry.domain.canonical import keccak
from consentry.errors import ChainUnproven
from consentry.light.answers import octets, value_of
from consentry.light.headers import Header
from consentry.light.leaves import EMPTY_CODE
from consentry.light.proofs import Proven, proven
from consentry.light.trust import Account, Engine

MOST_SLOTS: Final = 2_000
"""That are fetched for one question: the longest terms with the most authors that a consent may name stay far below."""
MOST_KEPT: Final = 20_000
"""Slots that are kept for one block."""
MOST_CONTRACTS: Final = 256
"""Whose code and wanted slots outlive a block."""
MOST_AT_ONCE: Final = 64


class Known:
    """What outlives a block: code by its hash, and which slots of a contract were wanted last, to ask for them together."""

    def __init__(self) -> None:
        self._codes: OrderedDict[bytes, bytes] = OrderedDict()
        self._wanted: OrderedDict[bytes, OrderedDict[int, None]] = OrderedDict()

    def code(self, digest: bytes) -> bytes | None:
        if digest in self._codes:
            self._codes.move_to_end(digest)
        return self._codes.get(digest)

    def keep_code(self, digest: bytes, code: bytes) -> None:
        self._codes[digest] = code
        if len(self._codes) > MOST_CONTRACTS:
            self._codes.popitem(last=False)

    def wanted(self, address: bytes) -> list[int]:
        return list(self._wanted.get(address, ()))

    def want(self, address: bytes, slot: int) -> None:
        slots = self._wanted.setdefault(address, OrderedDict())
        self._wanted.move_to_end(address)
        if len(self._wanted) > MOST_CONTRACTS:
            self._wanted.popitem(last=False)
        slots[slot] = None
        slots.move_to_end(slot)
        if len(slots) > MOST_AT_ONCE:
            slots.popitem(last=False)


class ProvenState:
    """Accounts, slots and code at a header. The endpoint hears addresses and slots, and nothing else. Not thread-safe.

    `digests`: of the code that the deployment names, by address (20 bytes); another code there is refused whatever is proven.
    """

    def __init__(
        self, rpc: Rpc, engine: Engine, header: Header, known: Known, digests: Mapping[bytes, bytes]
    ) -> None:
        self.header = header
        self._rpc = rpc
        self._engine = engine
        self._known = known
        self._digests = digests
        self._accounts: dict[bytes, Account] = {}
        self._slots: dict[tuple[bytes, int], int] = {}
        self._fetched = 0

    def next_question(self) -> None:
        """What comes now has the whole allowance of slots again."""
        self._fetched = 0
        if len(self._slots) > MOST_KEPT:
            self._accounts, self._slots = {}, {}

    def account(self, address: bytes) -> Account:
        """Raises ChainUnproven, ChainUnreachable; so do the others."""
        if address not in self._accounts:
            self._fetch(address, self._known.wanted(address))
        return self._accounts[address]

    def slot(self, address: bytes, slot: int) -> int:
        self.account(address)
        self._known.want(address, slot)
        if (address, slot) not in self._slots:
            self._fetch(address, [slot])
        return self._slots[address, slot]

    def code(self, address: bytes) -> bytes:
        """Bytecode whose hash the account holds."""
        digest = self.account(address).code_hash
        if digest == EMPTY_CODE:
            return b""
        code = self._known.code(digest)
        if code is None:
            code = octets(said(self._rpc, "eth_getCode", _hex(address), hex(self.header.number)))
            if keccak(code) != digest:
                raise ChainUnproven("the code of a contract is another one than the chain's")
            self._known.keep_code(digest, code)
        return code

    def _fetch(self, address: bytes, slots: list[int]) -> None:
        self._fetched += len(slots)
        if self._fetched > MOST_SLOTS:
            raise ChainUnproven(f"a question needs more than {MOST_SLOTS} slots of state")
        keys = [f"0x{slot:064x}" for slot in slots]
        asked = Request("eth_getProof", (_hex(address), keys, hex(self.header.number)))
        found = self._proven(self._rpc.batch([asked])[0], address, slots)
        wanted = self._digests.get(address)
        if wanted is not None and found.account.code_hash != wanted:
            raise ChainUnproven(
                "a contract of the deployment does not have the code that the deployment names"
            )
        before = self._accounts.setdefault(address, found.account)
        assert before == found.account  # both are proven under one root
        self._slots |= {(address, slot): value for slot, value in found.slots.items()}

    def _proven(self, answer: Any, address: bytes, slots: list[int]) -> Proven:
        if isinstance(answer, RpcError):
            raise ChainUnproven("the endpoint gives no proofs of this block") from answer
        return proven(answer, self.header.state_root, address, slots, self._engine.account)


def said(rpc: Rpc, method: str, *params: Any) -> Any:
    """The endpoint's answer. Its refusal is ChainUnproven: as an RpcError it would pass for a contract's own revert."""
    return value_of(rpc.batch([Request(method, params)])[0])


def _hex(raw: bytes) -> str:
    return "0x" + raw.hex()
