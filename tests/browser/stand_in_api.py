"""The routes of the stand-in gateway, and its server."""

from __future__ import annotations

import base64
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_account.messages import encode_typed_data
from flask import Flask, Response, jsonify, render_template, request
from werkzeug.serving import make_server

from consentry.crypto import hpke
from consentry.domain import identity_typed, revocation, times
from consentry.domain.addresses import address
from consentry.domain.categories import Category
from consentry.domain.cids import raw_cid
from consentry.domain.directory import SERVICE, DirectoryDocument
from consentry.gateway import page_files
from consentry.gateway.hardening import page_policy
from consentry.services.directory import VALIDITY_SECONDS
from tests.browser import stand_in_chain
from tests.browser import stand_in_sign_in as sign_in
from tests.browser.stand_in import CHAIN_ID, CONTRACTS, THRESHOLD, StandIn
from tests.browser.stand_in_sign_in import refuse, who

GATEWAY = Path(__file__).resolve().parents[2] / "app" / "consentry" / "gateway"


def _signer(data: dict[str, Any], signature: str) -> str:
    return str(Account.recover_message(encode_typed_data(full_message=data), signature=signature)).lower()


def _relayed() -> dict[str, Any]:
    return {"transaction": "0x" + secrets.token_hex(32), "block": 42, "gasUsed": 63042}


def build_app(state: StandIn) -> Flask:
    """The API over `state`."""
    app = page_files.Pages(
        "stand_in", template_folder=str(GATEWAY / "templates"), static_folder=str(GATEWAY / "static")
    )
    app.register_blueprint(page_files.routes)
    sign_in.add(app, state)
    stand_in_chain.add(app, state)
    _consents(app, state)
    _directory(app, state)

    @app.get("/")
    def page() -> str:
        return render_template("page.html", audience="patient")

    @app.get("/clinic")
    def clinic() -> str:
        return render_template("page.html", audience="clinician")

    @app.get("/api/network")
    def network() -> Response:
        keys = [base64.b64encode(hpke.public_key(seed)).decode() for seed in state.keeper_seeds]
        keepers = [
            {"account": "0x" + f"{seat:02x}" * 20, "url": state.url, "seat": seat, "sealingKey": key}
            for seat, key in enumerate(keys)
        ]
        return jsonify(
            chainId=CHAIN_ID,
            chainName="Consentry test",
            rpcUrl="" if "no-node" in state.lies else "http://localhost:8545",
            contracts=CONTRACTS,
            member={"address": "0x" + "aa" * 20, "name": "Mercy Hospital"},
            keepers=[one for one in keepers[::-1] if one["seat"] != 2 or "missing-seat" not in state.lies],
            committeeVersion=1,
            threshold=THRESHOLD,
            categories=[str(category) for category in Category],
        )

    @app.before_request
    def count() -> None:
        state.requests.append((request.method, request.path))

    @app.after_request
    def policy(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = page_policy(())
        return answer

    return app


def _consents(app: Flask, state: StandIn) -> None:
    @app.get("/api/consents")
    def consents() -> Response:
        who(state)
        return jsonify(consents=[state.shown(consent_id) for consent_id in list(state.consents)])

    @app.post("/api/consents/<consent_id>/grant")
    def grant(consent_id: str) -> Response:
        consent = state.consents[consent_id]
        if "relay-fails" in state.lies:
            return refuse(409, "transaction-reverted", "ConsentWindowEmpty()")
        if _signer(consent["typedData"], request.json["signature"]) != who(state):
            return refuse(401, "signature-invalid", "The signature is another account's.")
        answer = {"id": consent_id, **_relayed()}
        consent.update(
            status="active", transaction=answer["transaction"], changedAt=times.iso(int(time.time()))
        )
        return jsonify(answer)

    @app.post("/api/consents/<consent_id>/revocation")
    def revoke(consent_id: str) -> Response:
        if _signer(_revocation(who(state), consent_id), request.json["signature"]) != who(state):
            return refuse(401, "signature-invalid", "The signature is another account's.")
        answer = {"id": consent_id, **_relayed()}
        changed = {"transaction": answer["transaction"], "changedAt": times.iso(int(time.time()))}
        state.consents[consent_id].update(status="revoked", **changed)
        return jsonify(answer)


def _revocation(patient: str, consent_id: str) -> dict[str, Any]:
    identifier = bytes.fromhex(consent_id[2:])
    return revocation.typed_data(address(patient), identifier, CHAIN_ID, CONTRACTS["ConsentRegistry"])


def _cid(content: bytes) -> str:
    return raw_cid(sha256(content).digest())


def _directory(app: Flask, state: StandIn) -> None:
    @app.get("/api/directory")
    def directory() -> Response:
        who(state)
        version = len(state.documents)
        cid = _cid(state.documents[-1]) if version else None
        advised = {"since": "2026-05-04T08:00:00Z", "reasons": ["consent-revoked"]}
        rotation = advised if "rotation-advised" in state.lies else None
        return jsonify(cid=cid, version=version or None, identityNonce=version, rotation=rotation)

    @app.post("/api/directory")
    def file_directory() -> Response:
        document = base64.b64decode(request.json["document"])
        parsed = DirectoryDocument.parse(document)
        cid = _cid(document)
        data = identity_typed.set_attribute(
            CHAIN_ID,
            CONTRACTS["IdentityRegistry"],
            identity=parsed.patient,
            name=SERVICE,
            value=f"ipfs://{cid}",
            validity=VALIDITY_SECONDS,
            nonce=len(state.documents),
            deadline=request.json["deadline"],
        )
        if _signer(data, request.json["signature"]) != who(state):
            return refuse(401, "signature-invalid", "The signature is another account's.")
        state.documents.append(document)
        return jsonify(cid=cid, **_relayed())


@contextmanager
def serve(state: StandIn) -> Iterator[StandIn]:
    """Serve on a free port of localhost until the block ends."""
    server = make_server("localhost", 0, build_app(state), threaded=True)
    state.url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
