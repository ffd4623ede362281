"""Views of our contracts, and transactions tried out, in an EVM of this process (py-evm), on state that is fetched and
proven while they run (H-62).

By the rules of Paris, for which the contracts are compiled; none of them asks for gas or for blocks before this one. What a trial
writes is forgotten with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from eth.db.account import AccountDB
from eth.db.atomic import AtomicDB
from eth.vm.execution_context import ExecutionContext
from eth.vm.forks.frontier.transaction_context import FrontierTransactionContext
from eth.vm.forks.paris.computation import ParisComputation
from eth.vm.forks.paris.state import ParisState
from eth.vm.message import Message
from eth_typing import Address, BlockNumber, Hash32

from consentry.chain.rpc import RpcError
from consentry.light.leaves import EMPTY_CODE
from consentry.light.state import ProvenState

GAS: Final = 50_000_000
"""As nodes give `eth_call`; `permits` takes a hundred thousand."""

_NOBODY = Address(bytes(20))
_INTRINSIC_GAS, _ZERO_BYTE_GAS, _BYTE_GAS = 21_000, 4, 16  # Yellow Paper appendix G, EIP-2028
_PRECOMPILES = range(1, 10)


class _Accounts(AccountDB):
    """An account database that holds nothing, and asks a ProvenState for what a view reads."""

    def __init__(self, proven: ProvenState) -> None:
        super().__init__(AtomicDB())
        self._proven = proven
        # what calls wrote that have not failed so far, the innermost one last, each with the mark that begins it
        self._written: list[tuple[Any, dict[tuple[Address, int], int]]] = [(None, {})]

    def get_storage(self, address: Address, slot: int, from_journal: bool = True) -> int:  # noqa: FBT001 – py-evm's
        for _, written in reversed(self._written if from_journal else []):
            if (address, slot) in written:
                return written[address, slot]
        return self._proven.slot(address, slot)

    def set_storage(self, address: Address, slot: int, value: int) -> None:
        self._written[-1][1][address, slot] = value

    def record(self) -> Any:
        mark = super().record()
        self._written.append((mark, {}))
        return mark

    def discard(self, checkpoint: Any) -> None:
        super().discard(checkpoint)
        self._end(checkpoint)

    def commit(self, checkpoint: Any) -> None:
        super().commit(checkpoint)
        done = self._end(checkpoint)
        for written in done:
            self._written[-1][1].update(written)

    def _end(self, checkpoint: Any) -> list[dict[tuple[Address, int], int]]:
        at = next(place for place, (mark, _) in enumerate(self._written) if mark == checkpoint)
        ended, self._written = self._written[at:], self._written[:at]
        return [written for _, written in ended]

    def get_code(self, address: Address) -> bytes:
        return b"" if _is_precompile(address) else self._proven.code(address)

    def get_code_hash(self, address: Address) -> Hash32:
        return Hash32(self._proven.account(address).code_hash)

    def account_exists(self, address: Address) -> bool:
        return _is_precompile(address) or self._proven.account(address).code_hash != EMPTY_CODE

    def account_is_empty(self, address: Address) -> bool:
        return not self.account_exists(address)

    def touch_account(self, address: Address) -> None:
        """A view changes nothing, not even this."""

    def get_balance(self, address: Address) -> int:
        return self._proven.account(address).balance

    def get_nonce(self, address: Address) -> int:
        return self._proven.account(address).nonce


class _State(ParisState):
    def __init__(self, context: ExecutionContext, proven: ProvenState) -> None:
        super().__init__(AtomicDB(), context, Hash32(proven.header.state_root))
        self._account_db = _Accounts(proven)


@dataclass(frozen=True)
class Question:
    """Calldata to the contract at `to`, of the account `sender` (20 bytes each), which may use so much gas. `writes`: as a
    transaction does; a view may not."""

    to: bytes
    data: bytes
    sender: bytes = bytes(20)
    gas: int = GAS
    writes: bool = False

    @property
    def intrinsic_gas(self) -> int:
        """What a transaction costs before its first step."""
        zeros = self.data.count(0)
        return _INTRINSIC_GAS + _ZERO_BYTE_GAS * zeros + _BYTE_GAS * (len(self.data) - zeros)


@dataclass(frozen=True)
class Ran:
    """What it answered, and the gas that its steps took, refunds left out."""

    output: bytes
    gas: int


def run(proven: ProvenState, chain_id: int, question: Question) -> Ran:
    """What the contract answers at the proven block.

    Raises RpcError as a node would (a revert brings its data), ChainUnproven, ChainUnreachable.
    """
    header = proven.header
    context = ExecutionContext(
        coinbase=_NOBODY,
        timestamp=header.timestamp,
        block_number=BlockNumber(header.number),
        difficulty=0,
        mix_hash=Hash32(bytes(32)),
        gas_limit=GAS,
        prev_hashes=(),
        chain_id=chain_id,
        base_fee_per_gas=0,
    )
    sender = Address(question.sender)
    message = Message(
        gas=question.gas,
        to=Address(question.to),
        sender=sender,
        value=0,
        data=question.data,
        code=proven.code(question.to),
        is_static=not question.writes,
    )
    done: Any = ParisComputation.apply_message(
        _State(context, proven), message, FrontierTransactionContext(gas_price=0, origin=sender)
    )
    if not done.is_error:
        return Ran(bytes(done.output), int(done.get_gas_used()))
    if done.output or type(done.error).__name__ == "Revert":
        raise RpcError(3, "execution reverted", "0x" + bytes(done.output).hex())
    raise RpcError(-32000, type(done.error).__name__, None)


def _is_precompile(address: bytes) -> bool:
    return int.from_bytes(address, "big") in _PRECOMPILES
