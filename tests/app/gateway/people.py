"""People with wallets and hospitals with client keys, as they ask a gateway."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consentry.chain.sender import ChainSender
from consentry.config import GatewayConfig
from consentry.domain import addresses, fields
from consentry.domain.addresses import Address
from consentry.gateway.parts import Gateway
from consentry.wallets.keyfile import Wallet


@dataclass
class Person:
    """Somebody with a wallet at one gateway; `token` once signed in."""

    wallet: Wallet
    client: FlaskClient
    chain_id: int
    token: str = ""

    @property
    def did(self) -> str:
        return addresses.did(self.wallet.address, self.chain_id)

    def sign_in(self, **more: str) -> dict[str, Any]:
        asked = {"address": addresses.checksum(self.wallet.address)}
        text = self.client.post("/api/sign-in/challenges", json=asked).json["message"]
        signed = {"message": text, "signature": fields.to_hex(self.wallet.sign_text(text)), **more}
        answer = self.client.post("/api/sign-in", json=signed, headers={"Origin": self.origin})
        assert answer.status_code == 200, answer.text
        self.client.delete_cookie("consentry")  # several people share this client
        self.token = answer.json["token"]
        return dict(answer.json)

    @property
    def origin(self) -> str:
        return str(self.client.application.extensions["consentry"].site.origin)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"} | headers
        return self.client.open(path, method=method, json=body, headers=headers)

    def open_session(self, purpose: str) -> TestResponse:
        challenge = self.send("POST", "/api/reading-sessions/challenges", {"purpose": purpose}).json
        signature = fields.to_hex(self.wallet.sign_typed(challenge["typedData"]))
        return self.send("POST", "/api/reading-sessions", {"ref": challenge["ref"], "signature": signature})


@dataclass
class Hospital:
    """`config` and `keys` are its gateway's."""

    name: str
    account: ChainSender
    system: Address
    gateway: Gateway
    client: FlaskClient
    key: str
    config: GatewayConfig
    keys: Mapping[str, bytes]

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """As the hospital's own system, by client key."""
        headers = {"Authorization": f"Bearer {self.key}"} | headers
        return self.client.open(path, method=method, json=body, headers=headers)

    def publish(self, bundle: Any, **headers: str) -> TestResponse:
        raw = bundle if isinstance(bundle, bytes) else json.dumps(bundle, ensure_ascii=False).encode()
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/fhir+json"} | headers
        return self.client.post("/fhir", data=raw, headers=sent)

    def link(self, mrn: str, patient: Person) -> str:
        made = self.send("POST", "/api/patients/links", {"mrn": mrn}).json
        signature = fields.to_hex(patient.wallet.sign_text(made["challenge"]))
        body = {"did": patient.did, "signature": signature}
        assert self.send("POST", f"/api/patients/links/{made['ref']}", body).status_code == 200
        return str(made["ref"])
