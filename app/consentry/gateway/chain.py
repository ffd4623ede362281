"""The chain for pages and wallets that have no node of their own: JSON-RPC, reads alone (specification W-13)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from consentry.errors import NotJson
from consentry.fhir import jsontext
from consentry.gateway import body, callers
from consentry.gateway.parts import gateway
from consentry.services import chain_relay

routes = Blueprint("chain", __name__)
PATH = "/api/chain"
_PARSE_ERROR = -32700


@routes.post(PATH)
def post_chain() -> Response:
    raw = body.raw_body("application/json")
    try:
        asked: Any = jsontext.read(raw, max_depth=body.MAX_DEPTH)
    except NotJson as problem:
        told = {"code": _PARSE_ERROR, "message": problem.diagnostics}
        return jsonify({"jsonrpc": "2.0", "id": None, "error": told})
    return jsonify(chain_relay.answer(asked, callers.network(), gateway().page.relay))
