"""What a contract's refusal says: custom errors by all our ABIs, `Error(string)` and `Panic(uint256)`.

Solidity documentation, "Revert" and "Panic via assert". web3 7.16 shows only the selector of a custom error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_utils.abi import collapse_if_tuple, function_signature_to_4byte_selector

from consentry.chain.rpc import RpcError
from consentry.errors import TransactionReverted

_HEX = re.compile(r"0x(?:[0-9a-fA-F]{2})*")
_Known = dict[bytes, tuple[str, tuple[str, ...]]]
_STANDARD: _Known = {
    function_signature_to_4byte_selector("Error(string)"): ("Error", ("string",)),
    function_signature_to_4byte_selector("Panic(uint256)"): ("Panic", ("uint256",)),
}


class RevertDecoder:
    """Knows every custom error of the given ABIs."""

    def __init__(self, abis: Iterable[Sequence[Mapping[str, Any]]]) -> None:
        self._known = dict(_STANDARD)
        for abi in abis:
            for item in abi:
                if item["type"] == "error":
                    kinds = tuple(collapse_if_tuple(one) for one in item["inputs"])
                    signature = f"{item['name']}({','.join(kinds)})"
                    self._known[function_signature_to_4byte_selector(signature)] = (item["name"], kinds)

    def reverted(self, error: RpcError) -> TransactionReverted | None:
        """The refusal inside a node's error, or None if the error is about something else."""
        data = revert_data(error.data)
        if data is not None:
            return self.decode(data)
        if "revert" in error.message.lower():
            return TransactionReverted("Reverted")
        return None

    def decode(self, data: bytes) -> TransactionReverted:
        """The error in these revert bytes; `Reverted` if there are none, `UnknownError` with the selector."""
        if not data:
            return TransactionReverted("Reverted")
        known = self._known.get(data[:4])
        if known is not None:
            name, kinds = known
            try:
                return TransactionReverted(name, tuple(decode(kinds, data[4:])))
            except (DecodingError, ValueError, OverflowError):
                return TransactionReverted("UnknownError", (data[:4],))
        return TransactionReverted("UnknownError", (data[:4],))


def revert_data(data: Any) -> bytes | None:
    """Nodes give hex text; Ganache gives an object with `result` for transactions."""
    if isinstance(data, Mapping):
        data = data.get("result", data.get("data"))
    if isinstance(data, str):
        found = _HEX.search(data) if data.startswith(("0x", "Reverted 0x")) else None
        if found is not None:
            return bytes.fromhex(found.group()[2:])
    return None
