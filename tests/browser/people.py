"""Patients and hospital teams on the real network, whose wallets are in a browser and in Python at once."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from eth_account import Account
from playwright.sync_api import BrowserContext

from consentry.demo.actors import Hospital, Patient, Person
from consentry.domain import addresses, fields
from consentry.network.run import Network
from tests.browser.wallet import Wallet
from tests.journeys.bundles import bundle, laboratory, patient

OPENINGS = "/api/emergency/openings"
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Enrolled:
    """A patient with an open directory, linked at Mercy by `ref`; `wallet` is the one in the browser."""

    patient: Patient
    wallet: Wallet
    number: str
    ref: str
    did: str


def enrolled(network: Network, context: BrowserContext) -> Enrolled:
    """Somebody new, whose wallet is installed in this browser."""
    slug = f"page-patient-{next(_NUMBERS)}"
    key = network.place.new_wallet(slug)
    network.people[slug] = key
    at_city = Patient.sign_in(network, slug, "city")
    at_city.open_directory(network)
    wallet = Wallet(Account.from_key(at_city.wallet.private_key))
    wallet.install(context)
    number = f"P-{slug}"
    ref = Hospital(network, "mercy").link(number, at_city.wallet)
    return Enrolled(at_city, wallet, number, ref, addresses.did(key, network.ledger.chain_id))


def published(network: Network, who: Enrolled, *resources: dict[str, Any]) -> None:
    """Mercy publishes a laboratory value and these."""
    content = bundle(patient(who.number), laboratory(6.4), *resources)
    Hospital(network, "mercy").publish(content, who.ref)


def allergy(words: str) -> dict[str, Any]:
    return {
        "resourceType": "AllergyIntolerance",
        "code": {"text": words},
        "patient": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"},
        "recordedDate": "2026-03-01",
    }


@dataclass(frozen=True)
class Team:
    """City's people on duty: two open, a third reviews."""

    duarte: Person
    okoye: Person
    lindqvist: Person

    @classmethod
    def on_duty(cls, network: Network) -> Team:
        return cls(
            *(Person.sign_in(network, one, "city") for one in ("dr_duarte", "nurse_okoye", "dr_lindqvist"))
        )

    def open(self, did: str, seconds: int = 900) -> str:
        pair = {"first": self.duarte.wallet.address, "second": self.okoye.wallet.address}
        told = self.duarte.gateway.post(f"{OPENINGS}/proposals", {"patient": did, "seconds": seconds} | pair)
        first, second = (
            fields.to_hex(one.wallet.sign_typed(told["typedData"])) for one in (self.duarte, self.okoye)
        )
        body = {"opening": told["opening"], "firstSignature": first, "secondSignature": second}
        return str(self.duarte.gateway.post(OPENINGS, body)["id"])

    def read(self, opening: str) -> None:
        self.duarte.open_session("ETREAT")
        headers = {"X-Consentry-Opening": opening}
        self.duarte.gateway.exchange("GET", "/fhir/Patient/emergency/$everything", None, headers=headers)

    def close(self, opening: str) -> None:
        self._sign_at(self.okoye, f"{opening}/closing")

    def review(self, opening: str, finding: str) -> None:
        self._sign_at(self.lindqvist, f"{opening}/review/{finding}")

    def _sign_at(self, who: Person, path: str) -> None:
        typed = who.gateway.get(f"{OPENINGS}/{path}")["typedData"]
        who.gateway.post(f"{OPENINGS}/{path}", {"signature": fields.to_hex(who.wallet.sign_typed(typed))})
