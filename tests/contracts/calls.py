"""View calls with strings left as they are: Brownie 1.22 decodes every string that looks like hex."""

from __future__ import annotations

from typing import Any

import requests as http
from brownie import web3
from eth_abi import decode, encode
from eth_utils.abi import collapse_if_tuple


def view(contract: Any, function: str, *arguments: Any) -> Any:
    """Call a view and decode its one result."""
    data = calldata(contract, function, *arguments)
    answer = bytes(web3.eth.call({"to": contract.address, "data": data}))
    outputs = _entry(contract, function)["outputs"]
    return decode([collapse_if_tuple(one) for one in outputs], answer)[0]


def calldata(contract: Any, function: str, *arguments: Any) -> str:
    """The call's data in hex."""
    inputs = _entry(contract, function)["inputs"]
    ready = [_ready(one, value) for one, value in zip(inputs, arguments, strict=True)]
    return contract.signatures[function] + encode([collapse_if_tuple(one) for one in inputs], ready).hex()


def answers(contract: Any, calls: list[str]) -> list[bytes]:
    """What the contract answers to the calls' data, asked in one JSON-RPC request."""
    batch = [
        {
            "jsonrpc": "2.0",
            "id": number,
            "method": "eth_call",
            "params": [{"to": contract.address, "data": data}, "latest"],
        }
        for number, data in enumerate(calls)
    ]
    found = http.post(web3.provider.endpoint_uri, json=batch, timeout=60).json()
    raw = {one["id"]: bytes.fromhex(one["result"][2:]) for one in found}
    return [raw[number] for number in range(len(calls))]


def _entry(contract: Any, function: str) -> dict[str, Any]:
    return next(one for one in contract.abi if one.get("name") == function)


def _ready(entry: dict[str, Any], value: Any) -> Any:
    kind = entry["type"]
    if kind.endswith("[]"):
        return [_ready(entry | {"type": kind[:-2]}, one) for one in value]
    if kind == "tuple":
        return tuple(_ready(one, part) for one, part in zip(entry["components"], value, strict=True))
    if kind.startswith("bytes") and isinstance(value, str):
        return bytes.fromhex(value.removeprefix("0x"))
    return value
