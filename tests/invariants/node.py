"""The chain by JSON-RPC: many questions in one request, and no more waiting than a transaction takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import requests as http
from brownie import chain, web3
from eth_account import Account

from scripts import settings

GAS = 12_000_000


class Node:
    """The time of the last block is asked once a block."""

    def __init__(self) -> None:
        self._session = http.Session()
        self._now = 0

    def now(self) -> int:
        if not self._now:
            (block,) = self._results([("eth_getBlockByNumber", ["latest", False])])
            self._now = int(block["timestamp"], 16)
        return self._now

    def wait(self, seconds: int) -> None:
        chain.sleep(seconds)
        chain.mine()
        self._now = 0

    def begin(self) -> None:
        chain.snapshot()
        self._now = 0

    def undo(self) -> None:
        chain.revert()
        self._now = 0

    def ask(self, questions: Sequence[tuple[str, str]]) -> list[bytes]:
        """The answers to calls (address, data), all at one block."""
        calls = [("eth_call", [{"to": to, "data": data}, "latest"]) for to, data in questions]
        return [bytes.fromhex(one[2:]) for one in self._results(calls)]

    def refusal(self, sender: Any, to: str, data: str) -> str | None:
        """What a call would revert with, in hex; None if it would succeed."""
        call = {"from": str(sender.address), "to": to, "data": data, "gas": hex(GAS)}
        answer = self._answers([("eth_call", [call, "latest"])])[0]
        return str(answer["error"].get("data") or answer["error"]["message"]) if "error" in answer else None

    def send(self, sender: Any, to: str, data: str) -> None:
        """Send and see that it succeeded. Members of the founding are accounts of the node; everybody else has a key."""
        address = str(sender.address)
        common = {"to": to, "data": data, "value": 0, "gas": GAS, "gasPrice": settings.GAS_PRICE}
        if isinstance(getattr(sender, "key", None), bytes):
            nonce = web3.eth.get_transaction_count(address)
            whole = common | {"nonce": nonce, "chainId": web3.eth.chain_id}
            signed = Account.sign_transaction(whole, sender.key).raw_transaction.hex()
            method, parameters = "eth_sendRawTransaction", "0x" + signed.removeprefix("0x")
        else:
            asked = {name: hex(one) if isinstance(one, int) else one for name, one in common.items()}
            method, parameters = "eth_sendTransaction", asked | {"from": address}
        (sent,) = self._results([(method, [parameters])])
        receipt = web3.eth.wait_for_transaction_receipt(sent, timeout=60, poll_latency=0.002)
        assert receipt["status"] == 1, f"{to}: reverted in its block, not before"
        self._now = 0

    def _results(self, calls: Sequence[tuple[str, list[Any]]]) -> list[Any]:
        answers = self._answers(calls)
        errors = [one["error"] for one in answers if "error" in one]
        assert not errors, errors
        return [one["result"] for one in answers]

    def _answers(self, calls: Sequence[tuple[str, list[Any]]]) -> list[dict[str, Any]]:
        if not calls:  # no batch is none to a node
            return []
        batch = [
            {"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}
            for number, (method, parameters) in enumerate(calls)
        ]
        found = self._session.post(web3.provider.endpoint_uri, json=batch, timeout=60).json()
        return sorted(found, key=lambda one: one["id"])
