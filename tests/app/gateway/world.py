"""Two hospitals' gateways and five keepers on a real chain, store and databases, in this process.

Keepers answer over HTTP as they do in production; gateways are asked through Flask's test client, and in
test_server.py through waitress.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.test import TestResponse

from consentry.bootstrap import SystemClock, gateway_on
from consentry.chain.calls import code32
from consentry.chain.sender import ChainSender
from consentry.config import ClientKey, GatewayConfig, StoreConfig
from consentry.crypto import hpke
from consentry.crypto.directory_keys import generate_directory_key
from consentry.crypto.seeds import directory_public
from consentry.crypto.signatures import account_of, generate_account_key, sign_digest
from consentry.domain import addresses, fields, times
from consentry.domain.addresses import Address
from consentry.gateway.app import create_app
from consentry.gateway.parts import Gateway
from consentry.keeper.app import Keeper
from consentry.keeper.app import create_app as create_keeper_app
from consentry.keeper.committer import Committer
from consentry.keeper.store import SqliteReceiptBook
from consentry.ledger_values import Chamber
from consentry.services.keeper_desk import Desk, Limits
from consentry.storage.embedded import EmbeddedBlockStore
from consentry.wallets.directory import DirectoryState, IdentityContract, sign_directory
from consentry.wallets.keyfile import Wallet
from tests.chains import DeployedChain

DAY = 86_400
CHAMBERS = (
    Chamber.Institutions,
    Chamber.Institutions,
    Chamber.EthicsBoard,
    Chamber.PatientsCouncil,
    Chamber.EthicsBoard,
)


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
    name: str
    account: ChainSender
    system: Address
    gateway: Gateway
    client: FlaskClient
    key: str

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


@dataclass
class World:
    chain: DeployedChain
    folder: Path
    keepers: list[BaseWSGIServer] = field(default_factory=list)
    committers: list[Committer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger = self.chain.ledger()
        self.consortium = ChainSender(self.ledger.connection, self.chain.key(0))
        self.store = EmbeddedBlockStore(self.folder / "store")
        self.mercy = self._hospital("Mercy Hospital")
        self.city = self._hospital("City Hospital")
        self._publish_committee()

    def close(self) -> None:
        for committer in self.committers:
            committer.close()
        for server in self.keepers:
            server.shutdown()
        for hospital in (self.mercy, self.city):
            hospital.gateway.close()

    def mine(self) -> None:
        """A block, so that the chain's time goes on without transactions."""
        self.ledger.connection.rpc.call("evm_mine")

    # --- people ---

    def person(self, hospital: Hospital) -> Person:
        return Person(Wallet(generate_account_key()), hospital.client, self.ledger.chain_id)

    def patient(self, hospital: Hospital) -> Person:
        """Somebody signed in at this hospital, with an open directory."""
        patient = self.person(hospital)
        patient.sign_in()
        state = patient.send("GET", "/api/directory").json
        committee = self.ledger.committee()
        assert committee is not None
        registry = IdentityContract(self.ledger.chain_id, Address(self.ledger.address_of("IdentityRegistry")))
        known = DirectoryState(state["cid"], state["version"], state["identityNonce"])
        signed = sign_directory(
            patient.wallet, patient.wallet.address, committee, registry, known, int(time.time())
        )
        body = {
            "document": fields.to_base64(signed.document),
            "deadline": signed.deadline,
            "signature": fields.to_hex(signed.signature),
        }
        answer = patient.send("POST", "/api/directory", body)
        assert answer.status_code == 200 and answer.json["cid"] == signed.cid, answer.text
        return patient

    def staff(self, hospital: Hospital, role: str = "attending", department: str = "any") -> Person:
        person = self.person(hospital)
        ends = int(time.time()) + 365 * DAY
        hospital.account.transact(
            "MemberRegistry", "enrol", person.wallet.address, code32(role), code32(department), ends
        )
        person.sign_in()
        return person

    # --- institutions ---

    def _hospital(self, name: str) -> Hospital:
        name = f"{name} {secrets.token_hex(3)}"
        keys = {"account": generate_account_key(), "system": generate_account_key()}
        keys |= {"directory": generate_directory_key(), "content": secrets.token_bytes(32)}
        account = ChainSender(self.ledger.connection, keys["account"])
        system, client_key = account_of(keys["system"]), secrets.token_urlsafe(32)
        self.consortium.transact("MemberRegistry", "admit", account.address, name, "hospital")
        account.transact("MemberRegistry", "addDirectoryKey", directory_public(keys["directory"]))
        ends = int(time.time()) + 365 * DAY
        account.transact("MemberRegistry", "enrol", system, code32("system"), code32("any"), ends)
        folder = self.folder / name.split()[0]
        config = GatewayConfig(
            member=account.address,
            member_name=name,
            host="127.0.0.1",
            port=0,
            public_url=f"http://{name.split()[0].lower()}.test:8000",
            rpc_url=self.chain.url,
            deployment=str(self.chain.deployment),
            database=str(folder / "gateway.sqlite"),
            keystore="",
            copy_key=hpke.public_key(hpke.generate_seed()).hex(),
            store=StoreConfig("embedded", str(self.folder / "store")),
            clients=(ClientKey("his", sha256(client_key.encode()).hexdigest()),),
            max_bundle_bytes=300_000,
        )
        gateway = gateway_on(config, keys, self.chain.ledger(), self.store)
        client = create_app(gateway).test_client()
        return Hospital(name, account, system, gateway, client, client_key)

    def _publish_committee(self) -> None:
        seats = []
        for seat, chamber in enumerate(CHAMBERS):
            account, seed = generate_account_key(), hpke.generate_seed()
            server = self._keeper(seat, account, seed)
            url = f"http://127.0.0.1:{server.server_port}"
            member = (self.mercy if seat % 2 else self.city).account.address
            seats.append((account_of(account), member, int(chamber), url, hpke.public_key(seed)))
        self.consortium.transact("KeeperCommittee", "publish", seats, 3)
        for committer in self.committers:
            committer.start()

    def _keeper(self, seat: int, account: bytes, seed: bytes) -> BaseWSGIServer:
        ledger = self.chain.ledger()
        book = SqliteReceiptBook(
            self.folder / f"keeper-{seat}.sqlite",
            keeper=account_of(account),
            chain_id=ledger.chain_id,
            audit_log=ledger.address_of("AuditLog"),
        )
        desk = Desk(
            account=account_of(account),
            sign=partial(sign_digest, account),
            sealing_seed=seed,
            ledger=ledger,
            store=self.store,
            book=book,
            clock=SystemClock(),
            limits=Limits(max_head_age_seconds=3600, max_clock_skew_seconds=3600),
        )
        sender = ChainSender(ledger.connection, account)
        committer = Committer(book, ledger, sender, every_seconds=0.3, at_receipts=100)
        server = make_server("127.0.0.1", 0, create_keeper_app(Keeper(desk, committer)), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.keepers.append(server)
        self.committers.append(committer)
        return server


def terms(categories: tuple[str, ...] = ("laboratory",), **more: Any) -> dict[str, Any]:
    """What a gateway proposes, without what it fills in."""
    provision = {
        "purposes": ["TREAT"],
        "categories": list(categories),
        "confidentiality": "R",
        "dataFrom": "any",
        "dataUntil": "any",
        "authors": ["any"],
        "records": ["any"],
    } | more
    return {"roles": ["attending", "system"], "provisions": [provision], "maxUses": 0}


def proposal(patient: str, days: int = 30, **more: Any) -> dict[str, Any]:
    now = int(time.time()) - 60
    window = {"validFrom": times.iso(now), "validUntil": times.iso(now + days * DAY)}
    return {"patient": patient, "terms": terms(), **window} | more


def bundle(mrn: str, note: str = "空腹血糖偏高") -> dict[str, Any]:
    """A visit: a laboratory result and a psychiatric diagnosis. `note` tells contents apart."""
    subject = {"reference": "Patient/p1"}
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": "2026-05-04T10:00:00Z",
        "entry": [
            {
                "resource": {
                    "resourceType": "Patient",
                    "id": "p1",
                    "identifier": [{"system": "urn:mrn", "value": mrn}],
                    "name": [{"family": "Liddell", "given": ["Alice"]}],
                    "gender": "female",
                    "birthDate": "1985-05-04",
                }
            },
            {
                "resource": {
                    "resourceType": "Observation",
                    "id": "o1",
                    "status": "final",
                    "category": [{"coding": [{"system": OBSERVATION, "code": "laboratory"}]}],
                    "code": {"coding": [{"system": "http://loinc.org", "code": "2339-0"}], "text": "Glucose"},
                    "subject": subject,
                    "effectiveDateTime": "2026-05-04T08:00:00Z",
                    "valueQuantity": {"value": 7.10, "unit": "mmol/L"},
                    "note": [{"text": note}],
                }
            },
            {
                "resource": {
                    "resourceType": "Condition",
                    "id": "c1",
                    "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "active"}]},
                    "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "F32.1"}]},
                    "subject": subject,
                    "recordedDate": "2026-05-04",
                    "note": [{"text": f"psychiatric {note}"}],
                }
            },
        ],
    }


OBSERVATION = "http://terminology.hl7.org/CodeSystem/observation-category"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
