"""The chain relay of the stand-in gateway: the time by its newest block, how its consents stand, who controls an identity."""

from __future__ import annotations

import time
from typing import Any

from eth_abi import decode, encode
from eth_utils import function_signature_to_4byte_selector
from flask import Flask, Response, jsonify, request

from consentry.domain import times
from tests.browser.stand_in import CHAIN_ID, StandIn
from tests.browser.stand_in_sign_in import refuse

NO_SUCH_METHOD = -32601
CONSENT_OF = function_signature_to_4byte_selector("consentOf(address,bytes32)")
MANDATE_OF = function_signature_to_4byte_selector("mandateOf(bytes32)")
IDENTITY_OWNER = function_signature_to_4byte_selector("identityOwner(address)")
UNCHANGED = {
    function_signature_to_4byte_selector(name): bytes(32 * words)
    for name, words in (
        ("guardiansOf(address)", 3),
        ("recoveryOf(address)", 4),
        ("recoveryDelay()", 1),
        ("nonce(address)", 1),
        ("changed(address)", 1),
    )
}
"""Nobody guards, represents or takes over anybody."""
STATUS = {"active": 1, "revoked": 2}
"""`IConsentRegistry.Status`; 0 for what nobody has granted."""


def add(app: Flask, state: StandIn) -> None:
    @app.post("/api/chain")
    def chain() -> Response:
        if "no-chain" in state.lies:
            return refuse(503, "chain-unreachable", "The node does not answer.")
        asked = request.get_json()
        return jsonify(
            [_answer(one, state) for one in asked] if isinstance(asked, list) else _answer(asked, state)
        )


def _answer(asked: dict[str, Any], state: StandIn) -> dict[str, Any]:
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
    if asked["method"] == "eth_call":
        data = bytes.fromhex(asked["params"][0]["data"][2:])
        read = {CONSENT_OF: _consent_of, MANDATE_OF: _mandate_of, IDENTITY_OWNER: _identity_owner}.get(
            data[:4]
        )
        if data[:4] in UNCHANGED:
            return answer | {"result": "0x" + UNCHANGED[data[:4]].hex()}
        if read is not None:
            return answer | {"result": "0x" + read(data[4:], state).hex()}
    return answer | {"error": {"code": NO_SUCH_METHOD, "message": "The stand-in has no chain."}}


def _consent_of(data: bytes, state: StandIn) -> bytes:
    _, consent_id = decode(["address", "bytes32"], data)
    mandates = dict(state.under.values())
    if (stands := mandates.get("0x" + consent_id.hex())) is not None:
        now = int(time.time())
        return encode(["uint8", "uint64", "uint64", "uint64"], [STATUS[stands], now - 60, now + 86_400, now])
    kept = state.consents.get("0x" + consent_id.hex())
    status = 0 if kept is None else STATUS.get(kept["status"], 0)
    told = (0, 0, 0)
    if kept is not None and status:
        window = (times.seconds(kept["consent"][name], name) for name in ("validFrom", "validUntil"))
        told = (*window, int(time.time()))
    return encode(["uint8", "uint64", "uint64", "uint64"], [status, *told])


def _mandate_of(data: bytes, state: StandIn) -> bytes:
    (consent_id,) = decode(["bytes32"], data)
    named = state.under.get("0x" + consent_id.hex())
    return bytes(32) if named is None else bytes.fromhex(named[0][2:])


def _identity_owner(data: bytes, state: StandIn) -> bytes:
    """Everybody controls the own identity."""
    return data
