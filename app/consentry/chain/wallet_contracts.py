"""Asking a wallet contract whether a signature is its own, as our contracts do (ERC-1271; specification C-3, C-4)."""

from __future__ import annotations

from eth_abi.abi import encode

from consentry.chain.connection import Connection, octets
from consentry.chain.rpc import Request, RpcError

_SELECTOR = bytes.fromhex("1626ba7e")
_YES = _SELECTOR.ljust(32, b"\0")
WALLET_GAS = 100_000
"""What SignatureRule gives a wallet; beside it, what any call costs before its first step."""
_CALL_GAS = 21_000
_BYTE_GAS = 16


class WalletContracts:
    """The part of the Ledger port that asks contracts which are not ours."""

    connection: Connection

    def wallet_accepts(self, wallet: str, digest: bytes, signature: bytes) -> bool:
        """On the latest block; False for an account without code, and for one that fails or answers anything else.

        Raises ChainUnreachable, ChainWrong.
        """
        data = _SELECTOR + encode(("bytes32", "bytes"), (digest, signature))
        gas = WALLET_GAS + _CALL_GAS + _BYTE_GAS * len(data)
        call = {"to": wallet, "data": "0x" + data.hex(), "gas": hex(gas)}
        (answer,) = self.connection.ask([Request("eth_call", (call, "latest"))])
        return not isinstance(answer, RpcError) and octets(answer)[:32] == _YES
