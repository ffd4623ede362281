"""Views of our contracts in an EVM of this process (py-evm), on state that is fetched and proven while they run (H-62).

By the rules of Paris, for which the contracts are compiled; none of them asks for gas or for blocks before this one.
"""

from __future__ import annotations

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
from consentry.errors import ChainUnproven
from consentry.light.leaves import EMPTY_CODE
from consentry.light.state import ProvenState

GAS: Final = 50_000_000
"""As nodes give `eth_call`; `permits` takes a hundred thousand."""

_NOBODY = Address(bytes(20))
_PRECOMPILES = range(1, 10)


class _Accounts(AccountDB):
    """An account database that holds nothing, and asks a ProvenState for what a view reads."""

    def __init__(self, proven: ProvenState) -> None:
        super().__init__(AtomicDB())
        self._proven = proven

    def get_storage(self, address: Address, slot: int, from_journal: bool = True) -> int:  # noqa: FBT001 – py-evm's
        return self._proven.slot(address, slot)

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
        raise ChainUnproven("a view asks for a nonce, which is not proven here")


class _State(ParisState):
    def __init__(self, context: ExecutionContext, proven: ProvenState) -> None:
        super().__init__(AtomicDB(), context, Hash32(proven.header.state_root))
        self._account_db = _Accounts(proven)


def view(proven: ProvenState, chain_id: int, to: bytes, data: bytes) -> bytes:
    """What the contract at `to` (20 bytes) answers to this calldata at the proven block.

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
    target = Address(to)
    message = Message(
        gas=GAS, to=target, sender=_NOBODY, value=0, data=data, code=proven.code(to), is_static=True
    )
    done: Any = ParisComputation.apply_message(
        _State(context, proven), message, FrontierTransactionContext(gas_price=0, origin=_NOBODY)
    )
    if not done.is_error:
        return bytes(done.output)
    if done.output or type(done.error).__name__ == "Revert":
        raise RpcError(3, "execution reverted", "0x" + bytes(done.output).hex())
    raise RpcError(-32000, type(done.error).__name__, None)


def _is_precompile(address: bytes) -> bool:
    return int.from_bytes(address, "big") in _PRECOMPILES
