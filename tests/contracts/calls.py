"""View calls with strings left as they are: Brownie 1.22 decodes every string that looks like hex."""

from __future__ import annotations

from typing import Any

from brownie import web3
from eth_abi import decode, encode
from eth_utils.abi import collapse_if_tuple


def view(contract: Any, function: str, *arguments: Any) -> Any:
    """Call a view and decode its one result."""
    entry = next(one for one in contract.abi if one.get("name") == function)
    types = [collapse_if_tuple(one) for one in entry["inputs"]]
    ready = [_ready(one, value) for one, value in zip(entry["inputs"], arguments, strict=True)]
    data = contract.signatures[function] + encode(types, ready).hex()
    answer = bytes(web3.eth.call({"to": contract.address, "data": data}))
    return decode([collapse_if_tuple(one) for one in entry["outputs"]], answer)[0]


def _ready(entry: dict[str, Any], value: Any) -> Any:
    kind = entry["type"]
    if kind.endswith("[]"):
        return [_ready(entry | {"type": kind[:-2]}, one) for one in value]
    if kind == "tuple":
        return tuple(_ready(one, part) for one, part in zip(entry["components"], value, strict=True))
    if kind.startswith("bytes") and isinstance(value, str):
        return bytes.fromhex(value.removeprefix("0x"))
    return value
