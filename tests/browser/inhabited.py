"""A patient on the real network about whom there is something to see on every page: records of two hospitals, consents in
each state, readers, an emergency. Everything was done as the people themselves do it; nobody is told a thing by this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eth_account import Account

from consentry.cli.client import GatewayClient
from consentry.demo.actors import Hospital, Patient, Person
from consentry.demo.bundles import demo_bundles
from consentry.demo.cast import ALICE, SEED, terms_for
from consentry.domain import addresses, fields
from consentry.fhir.merge import RECORD_TAG
from consentry.network.run import Network
from consentry.wallets.keyfile import Wallet as KeyWallet
from tests.browser.wallet import Wallet
from tests.journeys.bundles import bundle, laboratory, patient

OPENERS = ("dr_duarte", "nurse_okoye")
_OPENINGS = "/api/emergency/openings"


@dataclass(frozen=True)
class Inhabited:
    network: Network
    wallet: Wallet
    # at City
    ref: str

    @property
    def url(self) -> str:
        return self.network.gateways["city"]


def inhabit(network: Network) -> Inhabited:
    """A new patient with a past of some minutes."""
    wallet = Wallet()
    alice = _signed_in(network, wallet, "city")
    alice.open_directory(network)
    mercy, city = Hospital(network, "mercy"), Hospital(network, "city")
    number = wallet.address[-8:]
    at_mercy, at_city = mercy.link(f"M-{number}", alice.wallet), city.link(f"C-{number}", alice.wallet)
    mercy.publish(demo_bundles(SEED)[ALICE.key], at_mercy)
    earlier = city.publish(bundle(patient(f"C-{number}"), laboratory(6.1, "2026-02-11")), at_city)
    city.publish(bundle(patient(f"C-{number}"), laboratory(5.8, "2026-05-20")), at_city)
    for asks, words in (
        ("correct", "I had no blood taken on that day."),
        ("erase", "Nobody needs this any more."),
    ):
        _ask(alice, earlier, asks, words)
    for category in ("laboratory", "medication"):
        alice.grant(city.propose(at_city, terms_for(category), days=90))
    ended = city.propose(at_city, terms_for("imaging"), days=30)
    alice.grant(ended)
    alice.revoke(ended["id"])
    city.propose(at_city, terms_for("vitals"), days=30)
    reader = Person.sign_in(network, "dr_bose", "city")
    reader.open_session("TREAT")
    reader.everything(at_city)
    _emergency(network, wallet)
    return Inhabited(network, wallet, at_city)


def _signed_in(network: Network, wallet: Wallet, gateway: str) -> Patient:
    keys = KeyWallet(bytes(wallet.account.key))
    client = GatewayClient(network.gateways[gateway])
    asked = client.post("/api/sign-in/challenges", {"address": addresses.checksum(keys.address)})
    signature = fields.to_hex(keys.sign_text(asked["message"]))
    client.authorise(
        client.post("/api/sign-in", {"message": asked["message"], "signature": signature})["token"]
    )
    return Patient(keys, client, keys.address)


def _ask(owner: Patient, published: dict[str, Any], asks: str, words: str) -> None:
    record = published["entry"][0]["response"]["location"].removeprefix(f"{RECORD_TAG}:")
    asked = {"record": record, "category": "laboratory", "confidentiality": "N", "asks": asks, "words": words}
    owner.gateway.post("/api/petitions", asked)


def _emergency(network: Network, wallet: Wallet) -> None:
    first, second = (Person.sign_in(network, slug, "city") for slug in OPENERS)
    did = addresses.did(addresses.address(wallet.address.lower()), network.ledger.chain_id)
    pair = {"first": first.wallet.address, "second": second.wallet.address}
    proposed: dict[str, Any] = first.gateway.post(
        f"{_OPENINGS}/proposals", {"patient": did, "seconds": 900} | pair
    )
    signatures = [fields.to_hex(one.wallet.sign_typed(proposed["typedData"])) for one in (first, second)]
    body = {"firstSignature": signatures[0], "secondSignature": signatures[1]}
    opened = first.gateway.post(_OPENINGS, {"opening": proposed["opening"]} | body)
    first.open_session("ETREAT")
    headers = {"X-Consentry-Opening": opened["id"]}
    first.gateway.exchange("GET", "/fhir/Patient/emergency/$everything", None, headers=headers)


def staff_wallet(network: Network, slug: str) -> Wallet:
    """The wallet of somebody whom the network enrolled."""
    return Wallet(account=Account.from_key(network.place.wallet_key(slug)))
