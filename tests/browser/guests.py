"""Somebody whom a patient lets read a part of the record, by a mandate."""

from __future__ import annotations

import secrets

from consentry.demo.actors import Hospital, Patient
from consentry.domain import fields, mandates
from consentry.domain.addresses import Address
from consentry.domain.mandates import Mandate, Scope
from consentry.domain.provisions import Provision
from consentry.network.run import Network
from tests.browser.clinicians import past_the_page
from tests.browser.wallet import Wallet
from tests.journeys.bundles import bundle, laboratory, patient

DAY = 86_400
LABORATORY = {
    "purposes": ["FAMRQT"],
    "categories": ["laboratory"],
    "confidentiality": "N",
    "dataFrom": "any",
    "dataUntil": "any",
    "authors": ["any"],
    "records": ["any"],
}


def with_mandate(network: Network, guest: Wallet) -> None:
    """Somebody else's laboratory results, which the guest may read."""
    wallet = Wallet()
    owner = past_the_page(network, wallet, "city")
    owner.open_directory(network)
    number, city = f"R-{secrets.token_hex(4)}", Hospital(network, "city")
    city.publish(bundle(patient(number), laboratory(6.4)), city.link(number, owner.wallet))
    give(owner, Address(guest.address.lower()), network)


def give(owner: Patient, guest: Address, network: Network) -> None:
    ledger = network.ledger
    now = ledger.head().timestamp
    scope = Scope((Provision.from_json(LABORATORY, "provision"),), secrets.token_bytes(32))
    mandate = Mandate(owner.patient, guest, scope, now - 60, now + DAY, now + DAY)
    registry = Address(ledger.address_of("ConsentRegistry"))
    signature = owner.wallet.sign_typed(mandates.typed_data(mandate, ledger.chain_id, registry))
    body = {"mandate": mandate.to_json(), "name": "", "signature": fields.to_hex(signature)}
    owner.gateway.post("/api/mandates", body)
