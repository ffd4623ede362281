"""Sign-in at the stand-in gateway, and how it tells failures."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from eth_account import Account
from eth_utils import to_checksum_address
from flask import Flask, Response, jsonify, make_response, request
from siwe import SiweMessage
from werkzeug.exceptions import HTTPException, abort

from tests.browser.stand_in import CHAIN_ID, StandIn

NOBODY = "Nobody is signed in."
STATEMENT = "Sign in to Consentry. Signing costs nothing and lets nobody read anything."
ISO = "%Y-%m-%dT%H:%M:%SZ"


def refuse(status: int, code: str, detail: str) -> Response:
    body = {
        "type": f"urn:consentry:error:{code}",
        "title": detail,
        "status": status,
        "detail": detail,
        "code": code,
        "nextStep": "Sign with the wallet that the consent names.",
        "requestId": "req-0001",
    }
    answer = make_response(body, status)
    answer.mimetype = "application/problem+json"
    return answer


def who(state: StandIn) -> str:
    return state.sessions.get(request.cookies.get("consentry", "")) or abort(401, NOBODY)


def add(app: Flask, state: StandIn) -> None:
    @app.post("/api/sign-in/challenges")
    def challenge() -> Response:
        site, asker = "elsewhere.example", request.json["address"]
        now = datetime.now(UTC).replace(microsecond=0)
        message = SiweMessage(
            domain=site if "sign-in-domain" in state.lies else request.host,
            address=Account.create().address
            if "sign-in-account" in state.lies
            else to_checksum_address(asker),
            statement="You agree to everything." if "sign-in-statement" in state.lies else STATEMENT,
            uri=f"http://{site if 'sign-in-uri' in state.lies else request.host}/",
            version="1",
            chain_id=CHAIN_ID + ("sign-in-chain" in state.lies),
            nonce=secrets.token_hex(8),
            issued_at=now.strftime(ISO),
            expiration_time=(now + timedelta(minutes=5)).strftime(ISO),
            resources=["https://elsewhere.example/powers"] if "sign-in-resources" in state.lies else None,
        )
        return jsonify(message=message.prepare_message())

    @app.post("/api/sign-in")
    def sign_in() -> Response:
        message = SiweMessage.from_message(request.json["message"])
        message.verify(request.json["signature"], domain=request.host)
        token = secrets.token_urlsafe(24)
        state.sessions[token] = message.address.lower()
        answer = jsonify(
            token=token, address=message.address.lower(), role="patient", expiresAt="2030-01-01T00:00:00Z"
        )
        answer.set_cookie("consentry", token, httponly=True, samesite="Strict")
        return answer

    @app.delete("/api/sign-in")
    def sign_out() -> tuple[str, int]:
        state.sessions.pop(request.cookies.get("consentry", ""), None)
        return "", 204

    @app.get("/api/me")
    def me() -> Response:
        account = who(state)
        role = "staff" if "staff" in state.lies else "patient"
        if "another-account" in state.lies:
            account = "0x" + "bb" * 20
        return jsonify(address=account, role=role, did=f"did:ethr:0x539:{account}", member=None)

    @app.get("/api/links/own")
    def own_link() -> Response:
        who(state)
        return jsonify(since=None)

    @app.get("/api/identities")
    def identities() -> Response:
        who(state)
        return jsonify(identities=[], more=False)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        unknown = error.description == NOBODY
        code = "not-signed-in" if unknown else "signature-invalid"
        return refuse(error.code or 500, code, error.description or "")
