"""A network with one patient, one consent, and records of chosen sizes."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consentry.demo.actors import asking_of
from consentry.domain.addresses import Address
from consentry.domain.terms import Consent, Terms, typed_data
from consentry.fhir.validate import parse_bundle
from consentry.network import direct
from consentry.network.place import Place
from consentry.network.run import Network
from consentry.services import directory
from consentry.services.asking import Asking
from consentry.services.publish import PublishBundle, PublishPorts, publish
from consentry.wallets.directory import DirectoryState, IdentityContract, sign_directory
from consentry.wallets.keyfile import Wallet

ANY = ["any"]
PROVISION = {
    "purposes": ["TREAT"],
    "categories": ["laboratory"],
    "confidentiality": "any",
    "dataFrom": "any",
    "dataUntil": "any",
    "authors": ANY,
    "records": ANY,
}


@dataclass
class Scene:
    """A running network; `alice` has a directory, Dr Bose a consent for her laboratory records."""

    network: Network
    alice: Wallet
    ports: PublishPorts
    consent: Consent

    @property
    def asking(self) -> Asking:
        bose = Wallet(self.network.place.wallet_key("dr_bose"))
        return asking_of(bose, self.consent, "City Hospital", self.network.ledger.chain_id, "TREAT")

    def publish(self, size: int) -> None:
        """One laboratory record whose content has about `size` bytes."""
        author = direct.author(self.network, "mercy")
        publish(PublishBundle(self.alice.address, parse_bundle(laboratory_bundle(size))), author, self.ports)


def open_scene(network: Network) -> Scene:
    """Start a network without gateways, open alice's directory, grant."""
    for step in (
        network.start_engines,
        network.deploy,
        network.admit_members,
        network.publish_committee,
        network.enrol_staff,
        network.make_wallets,
        network.start_keepers,
        network.processes.await_ready,
    ):
        step()
    alice = Wallet(network.place.wallet_key("alice"))
    ports = direct.publish_ports(network, "mercy", network.place.root / "bench.sqlite")
    _open_directory(network, alice, ports)
    return Scene(network, alice, ports, _grant(network, alice, ports))


def laboratory_bundle(size: int) -> bytes:
    """A Bundle with one laboratory result whose note fills up to `size` bytes; different at each call."""
    note = secrets.token_hex(max(size - 600, 16) // 2)
    bundle: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {
                "fullUrl": "urn:uuid:6a1c6c1e-0d5b-4b0e-9d52-000000000001",
                "resource": {
                    "resourceType": "Patient",
                    "id": "p",
                    "identifier": [{"system": "urn:bench", "value": "1"}],
                },
            },
            {
                "fullUrl": "urn:uuid:6a1c6c1e-0d5b-4b0e-9d52-000000000002",
                "resource": {
                    "resourceType": "Observation",
                    "status": "final",
                    "category": [
                        {
                            "coding": [
                                {
                                    "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                                    "code": "laboratory",
                                }
                            ]
                        }
                    ],
                    "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}]},
                    "subject": {"reference": "urn:uuid:6a1c6c1e-0d5b-4b0e-9d52-000000000001"},
                    "effectiveDateTime": "2026-03-01T08:00:00Z",
                    "note": [{"text": note}],
                },
            },
        ],
    }
    return json.dumps(bundle).encode()


def place(name: str) -> Place:
    return Place(Path(__file__).resolve().parent.parent / ".consentry" / name)


def _open_directory(network: Network, alice: Wallet, ports: PublishPorts) -> None:
    ledger = network.ledger
    committee = ledger.committee()
    assert committee is not None
    signed = sign_directory(
        alice,
        alice.address,
        committee,
        IdentityContract(ledger.chain_id, Address(ledger.address_of("IdentityRegistry"))),
        DirectoryState(None, None, ledger.identity_nonce(alice.address)),
        int(time.time()),
    )
    command = directory.OpenDirectory(alice.address, signed.document, signed.deadline, signed.signature)
    directory.open_directory(command, ledger, ports.store, ports.sender)


def _grant(network: Network, alice: Wallet, ports: PublishPorts) -> Consent:
    ledger = network.ledger
    terms = Terms.from_json(
        {
            "recipientName": "City Hospital",
            "recipient": network.members["city"].account,
            "roles": ANY,
            "provisions": [PROVISION],
            "maxUses": 0,
            "salt": "0x" + secrets.token_hex(32),
        }
    )
    now = int(time.time())
    consent = Consent(alice.address, terms, now - 60, now + 86_400, now + 3_600)
    contract = Address(ledger.address_of("ConsentRegistry"))
    signature = alice.sign_typed(typed_data(consent, ledger.chain_id, contract))
    grant = consent.grant()
    values = (grant.patient, grant.terms_hash, grant.valid_from, grant.valid_until, grant.relay_before)
    ports.sender.transact("ConsentRegistry", "grantBySignature", values, signature)
    return consent
