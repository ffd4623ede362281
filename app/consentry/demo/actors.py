"""The people and systems of the demo, each acting only through what a real one would have: a wallet, a client key, HTTP."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any, Self

from consentry.cli.client import GatewayClient
from consentry.crypto.signatures import SessionKey
from consentry.domain import addresses, fields, sessions, times
from consentry.domain.addresses import Address
from consentry.domain.requests import ConsentGround
from consentry.domain.sessions import Session, SessionCertificate, SessionKind
from consentry.domain.terms import Consent
from consentry.network.run import Network
from consentry.services.asking import Asking
from consentry.wallets.directory import DirectoryState, IdentityContract, sign_directory
from consentry.wallets.keyfile import Wallet

_CHANGED = frozenset(("id", "meta", "subject", "patient", "encounter", "reference"))


@dataclass
class Person:
    """Somebody with a wallet, signed in at one gateway."""

    wallet: Wallet
    gateway: GatewayClient
    patient: Address

    @classmethod
    def sign_in(cls, network: Network, slug: str, gateway: str, *, patient: Address | None = None) -> Self:
        """`patient`: who the wallet acts for, if it is not the wallet's own address."""
        wallet = Wallet(network.place.wallet_key(slug))
        client = GatewayClient(network.gateways[gateway])
        message = client.post("/api/sign-in/challenges", {"address": addresses.checksum(wallet.address)})[
            "message"
        ]
        signature = fields.to_hex(wallet.sign_text(message))
        asked = {"message": message, "signature": signature}
        if patient is not None:
            asked["patient"] = addresses.did(patient, network.ledger.chain_id)
        client.authorise(client.post("/api/sign-in", asked)["token"])
        return cls(wallet, client, patient or wallet.address)

    def open_session(self, purpose: str) -> None:
        """One wallet signature; the gateway may now ask keepers for this person until the session ends."""
        challenge = self.gateway.post("/api/reading-sessions/challenges", {"purpose": purpose})
        signature = fields.to_hex(self.wallet.sign_typed(challenge["typedData"]))
        self.gateway.post("/api/reading-sessions", {"ref": challenge["ref"], "signature": signature})

    def everything(self, ref: str) -> dict[str, Any]:
        """`Patient/$everything` at this person's gateway."""
        return self.gateway.get(f"/fhir/Patient/{ref}/$everything")


class Patient(Person):
    """The patient's side: reads terms, signs, revokes, opens the directory, asks for the account of accesses."""

    def open_directory(self, network: Network) -> dict[str, Any]:
        """Make the category seeds here, seal them to the keepers, sign the one attribute that names the document."""
        state = self.gateway.get("/api/directory")
        committee = network.ledger.committee()
        assert committee is not None
        signed = sign_directory(
            self.wallet,
            self.patient,
            committee,
            IdentityContract(network.ledger.chain_id, Address(network.ledger.address_of("IdentityRegistry"))),
            DirectoryState(state["cid"], state["version"], state["identityNonce"]),
            int(time.time()),
        )
        body = {
            "document": fields.to_base64(signed.document),
            "deadline": signed.deadline,
            "signature": fields.to_hex(signed.signature),
        }
        return self.gateway.post("/api/directory", body)

    def consents(self) -> list[dict[str, Any]]:
        return list(self.gateway.get("/api/consents")["consents"])

    def grant(self, consent: dict[str, Any]) -> dict[str, Any]:
        signature = fields.to_hex(self.wallet.sign_typed(consent["typedData"]))
        return self.gateway.post(f"/api/consents/{consent['id']}/grant", {"signature": signature})

    def revoke(self, consent_id: str) -> dict[str, Any]:
        typed = self.gateway.get(f"/api/consents/{consent_id}/revocation")["typedData"]
        body = {"signature": fields.to_hex(self.wallet.sign_typed(typed))}
        return self.gateway.post(f"/api/consents/{consent_id}/revocation", body)


@dataclass
class Hospital:
    """A hospital's information system, with the client key of its own gateway."""

    network: Network
    slug: str

    @property
    def gateway(self) -> GatewayClient:
        key = (self.network.place.member(self.slug) / "client.key").read_text("ascii").strip()
        return GatewayClient(self.network.gateways[self.slug], client_key=key)

    def link(self, mrn: str, wallet: Wallet) -> str:
        """At the desk: the patient's wallet signs the challenge. Gives the gateway's opaque reference."""
        made = self.gateway.post("/api/patients/links", {"mrn": mrn})
        did = addresses.did(wallet.address, self.network.ledger.chain_id)
        body = {"did": did, "signature": fields.to_hex(wallet.sign_text(made["challenge"]))}
        self.gateway.post(f"/api/patients/links/{made['ref']}", body)
        return str(made["ref"])

    def note_episode(self, ref: str, department: str) -> None:
        """The person is in this department's care today."""
        until = times.iso(int(time.time()) + 3600)
        self.gateway.put(f"/api/patients/links/{ref}/episodes", {"department": department, "until": until})

    def end_episode(self, ref: str, department: str) -> None:
        self.gateway.delete(f"/api/patients/links/{ref}/episodes", {"department": department})

    def publish(self, bundle: bytes, ref: str) -> dict[str, Any]:
        headers = {"Content-Type": "application/fhir+json", "X-Consentry-Patient-Ref": ref}
        headers["X-Consentry-Answer"] = "records"
        return dict(
            json.loads(self.gateway.exchange("POST", "/fhir", bundle, headers=headers, seconds=90).body)
        )

    def propose(self, ref: str, terms: dict[str, Any], days: int) -> dict[str, Any]:
        now = int(time.time()) - 60
        body = {
            "patient": ref,
            "terms": terms,
            "validFrom": times.iso(now),
            "validUntil": times.iso(now + days * 86_400),
        }
        return self.gateway.post("/api/consents/proposals", body)


def asking_of(wallet: Wallet, consent: Consent, member_name: str, chain_id: int, purpose: str) -> Asking:
    """What somebody with this wallet could ask keepers directly, without any gateway."""
    key = SessionKey.generate()
    session = Session(wallet.address, member_name, purpose, key.public, int(time.time()) + 3600)
    signature = wallet.sign_typed(sessions.typed_data(session, chain_id))
    return Asking(
        actor=wallet.address,
        certificate=SessionCertificate(SessionKind.STAFF, session, signature),
        key=key,
        practitioner=None,
        purpose=purpose,
        ground=ConsentGround(consent.grant(), consent.terms),
    )


def resources(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    """The resources of a searchset, without outcomes."""
    return [
        entry["resource"]
        for entry in bundle.get("entry", [])
        if entry["resource"]["resourceType"] != "OperationOutcome"
    ]


def content_of(resource: dict[str, Any]) -> str:
    """A resource without what publishing changes: id, meta, and references (specification F-3)."""

    def kept(node: Any) -> Any:
        if isinstance(node, dict):
            below = {key: kept(value) for key, value in node.items() if key not in _CHANGED}
            return {key: value for key, value in below.items() if value not in ({}, [])}
        return (
            [value for value in map(kept, node) if value not in ({}, [])] if isinstance(node, list) else node
        )

    return json.dumps(kept(resource), sort_keys=True, ensure_ascii=False)
