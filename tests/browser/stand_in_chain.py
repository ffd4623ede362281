"""The chain relay of the stand-in gateway: it tells the time by its newest block, and has nothing else to tell."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, Response, jsonify, request

from tests.browser.stand_in import CHAIN_ID, StandIn
from tests.browser.stand_in_sign_in import refuse

NO_SUCH_METHOD = -32601


def add(app: Flask, state: StandIn) -> None:
    @app.post("/api/chain")
    def chain() -> Response:
        if "no-chain" in state.lies:
            return refuse(503, "chain-unreachable", "The node does not answer.")
        asked = request.get_json()
        return jsonify([_answer(one) for one in asked] if isinstance(asked, list) else _answer(asked))


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    known = {
        "eth_chainId": hex(CHAIN_ID),
        "eth_getBlockByNumber": {
            "number": "0x2a",
            "hash": "0x" + "42" * 32,
            "timestamp": hex(int(time.time())),
            "transactions": [],
        },
    }
    answer = {"jsonrpc": "2.0", "id": asked["id"]}
    if asked["method"] in known:
        return answer | {"result": known[asked["method"]]}
    return answer | {"error": {"code": NO_SUCH_METHOD, "message": "The stand-in has no chain."}}
