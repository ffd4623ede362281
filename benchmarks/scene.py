"""A network with one patient, one consent, and records of chosen sizes."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from consentry.demo.actors import asking_of
from consentry.domain.addresses import Address
from consentry.domain.terms import Consent, Terms, typed_data
from consentry.fhir.validate import parse_bundle
from consentry.index.gateway_store import GatewayStore
from consentry.index.staged import DeskStaged
from consentry.network import direct
from consentry.network.place import Place
from consentry.network.run import Network
from consentry.services.asking import Asking
from consentry.services.opening_directory import DirectoryPorts, OpenDirectory, open_directory
from consentry.services.publish import PublishBundle, PublishPorts, publish
from consentry.services.staged_documents import StagedDocuments
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

    def publish(self, size: int, records: int = 1) -> None:
        """Laboratory records whose contents have about `size` bytes each, all under one root."""
        author = direct.author(self.network, "mercy")
        bundle = parse_bundle(laboratory_bundle(size, records))
        publish(PublishBundle(self.alice.address, bundle), author, self.ports)


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


def laboratory_bundle(size: int, records: int = 1, first: int = 0) -> bytes:
    """A Bundle with a laboratory result a day, each of which becomes a record whose note fills it up to `size` bytes;
    different at each call. Results of the same number are corrections: `first` is the number of the first one."""
    patient = {"resourceType": "Patient", "id": "p", "identifier": [{"system": "urn:bench", "value": "1"}]}
    entries = [{"fullUrl": _name(1), "resource": patient}]
    entries += [
        {"fullUrl": _name(day + 2), "resource": _result(size, day)} for day in range(first, first + records)
    ]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def _result(size: int, day: int) -> dict[str, Any]:
    kind = {
        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
        "code": "laboratory",
    }
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [kind]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}]},
        "subject": {"reference": _name(1)},
        "effectiveDateTime": f"{date(2026, 3, 1) - timedelta(days=day)}T08:00:00Z",
        "note": [{"text": secrets.token_hex(max(size - 600, 16) // 2)}],
    }


def _name(number: int) -> str:
    return f"urn:uuid:6a1c6c1e-0d5b-4b0e-9d52-{number:012}"


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
    command = OpenDirectory(alice.address, signed.document, signed.deadline, signed.signature)
    desk = GatewayStore(network.place.root / "bench-desk.sqlite")
    staged = StagedDocuments(ledger, ports.store, ports.clock, DeskStaged(desk))
    open_directory(command, DirectoryPorts(ledger, ports.store, ports.sender, staged))


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
