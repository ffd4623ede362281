"""What goes wrong while a clinician reads: damaged content, keepers down, a gateway that was restarted, another account."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from consentry.demo.actors import Hospital, Patient, asking_of
from consentry.demo.cast import KEEPERS_TO_KILL
from consentry.demo.damage import a_ciphertext, flipped_byte
from consentry.domain import addresses
from consentry.domain.terms import Consent
from consentry.network.run import Network
from consentry.wallets.keyfile import Wallet as KeyWallet
from tests.browser.clinicians import SLOW, Clinician, Screen, enter, past_the_page
from tests.journeys.bundles import TERMS, bundle, laboratory, patient


@dataclass
class Permitted:
    """Somebody whose laboratory result City may read for treatment."""

    did: str
    owner: Patient
    consent: dict[str, Any]


@pytest.fixture
def permitted(network: Network, phone: Screen) -> Permitted:
    owner, mercy = past_the_page(network, phone.wallet, "mercy"), Hospital(network, "mercy")
    owner.open_directory(network)
    number = f"M-{secrets.token_hex(4)}"
    mercy.publish(bundle(patient(number), laboratory(5.4)), mercy.link(number, owner.wallet))
    city = Hospital(network, "city")
    consent = city.propose(city.link(f"C-{secrets.token_hex(4)}", owner.wallet), TERMS, days=30)
    citizen = past_the_page(network, phone.wallet, "city")
    citizen.grant(consent)
    return Permitted(addresses.did(owner.patient, network.ledger.chain_id), citizen, consent)


def milder(one: dict[str, Any]) -> dict[str, Any]:
    return one | {"words": {"en": ["Nobody reads anything."], "zh": ["没有人查看任何内容。"]}}


def longer(one: dict[str, Any]) -> dict[str, Any]:
    return one | {"consent": one["consent"] | {"validUntil": "2098-01-01T00:00:00Z"}}


@pytest.mark.parametrize(
    ("lie", "said"), [(milder, "What for: treating me."), (longer, "Stopped for your safety")]
)
def test_words_of_a_consent_are_made_from_its_terms(
    clinician: Clinician,
    permitted: Permitted,
    lie: Callable[[dict[str, Any]], dict[str, Any]],
    said: str,
) -> None:
    """W-12: what a gateway says of a consent is not quoted, and terms that are not those of the id are not told."""
    bose = clinician("dr_bose")

    def altered(route: Route) -> None:
        answer = route.fetch()
        told = [lie(one) for one in answer.json()["consents"]]
        route.fulfill(response=answer, body=json.dumps({"consents": told}))

    bose.page.route("**/api/patients/links/*/consents", altered)
    at_patient(bose, permitted.did)
    card = bose.card("Consents of this patient to your institution")
    expect(card).to_contain_text(said, timeout=SLOW)
    expect(card).not_to_contain_text("Nobody reads anything.")
    expect(card).not_to_contain_text("2098")


def at_patient(shown: Screen, did: str) -> None:
    shown.go("Patient")
    shown.page.get_by_label("DID", exact=True).fill(did)
    shown.page.get_by_role("button", name="Find", exact=True).click()
    expect(shown.card("The patient")).to_be_visible()


def at_record(shown: Screen, did: str) -> Screen:
    """At the page of the record, with the purpose chosen."""
    at_patient(shown, did)
    shown.go("Record")
    return chosen(shown)


def chosen(shown: Screen) -> Screen:
    shown.page.get_by_label("What you read for").select_option("TREAT")
    return shown


def result(shown: Screen) -> Locator:
    return shown.page.get_by_role("row").filter(has_text="HbA1c")


def test_what_is_technically_missing_stands_first(
    clinician: Clinician, permitted: Permitted, network: Network
) -> None:
    """W-75: a damaged record is said in a banner, in words; once it is whole it is there, and nothing was signed again."""
    bose = at_record(clinician("dr_bose"), permitted.did)
    consent = Consent.from_json(permitted.consent["consent"])
    keys = KeyWallet(network.place.wallet_key("dr_bose"))
    asking = asking_of(keys, consent, "City Hospital", network.ledger.chain_id, "TREAT")
    with flipped_byte(network, a_ciphertext(network, asking, consent)):
        bose.page.get_by_role("button", name="Sign and read").click()
        banner = bose.page.locator(".notice.warning")
        expect(banner).to_contain_text("This may not be everything", timeout=SLOW)
        expect(banner).to_contain_text("The content of a record is damaged.")
        expect(result(bose)).to_have_count(0)
    chosen(bose).page.get_by_role("button", name="Read again").click()
    expect(result(bose)).to_have_count(1, timeout=SLOW)
    expect(bose.page.locator(".notice.warning")).to_have_count(0)
    assert len(bose.wallet.typed()) == 1


def test_too_few_keepers_give_nothing_and_say_so(
    clinician: Clinician, permitted: Permitted, network: Network
) -> None:
    """W-75, W-129: three of five are down; when they are back the same session reads, and the failure is told no more."""
    bose = at_record(clinician("dr_bose"), permitted.did)
    killed = [network.processes[f"keeper-{slug}"] for slug in KEEPERS_TO_KILL]
    try:
        for one in killed:
            one.kill()
        bose.page.get_by_role("button", name="Sign and read").click()
        expect(bose.page.locator("#problem")).to_contain_text("keepers", timeout=SLOW)
        expect(result(bose)).to_have_count(0)
    finally:
        for one in killed:
            one.start()
        network.processes.await_ready()
    chosen(bose).page.get_by_role("button", name="Sign and read").click()
    expect(result(bose)).to_have_count(1, timeout=SLOW)
    expect(bose.page.locator("#problem")).to_be_empty()
    assert len(bose.wallet.typed()) == 1


def test_a_restarted_gateway_asks_to_sign_in_again(
    clinician: Clinician, permitted: Permitted, network: Network
) -> None:
    """W-75: sign-ins and sessions end with the process; the page says so, and goes on after signing in."""
    bose = at_record(clinician("dr_bose"), permitted.did)
    gateway = network.processes["gateway-city"]
    gateway.kill()
    bose.page.get_by_role("button", name="Sign and read").click()
    expect(bose.page.locator("#problem")).to_contain_text("does not answer", timeout=SLOW)
    gateway.start()
    network.processes.await_ready()
    bose.said("Your sign-in has ended.")
    expect(bose.page.locator("#pages a")).to_have_count(0)
    assert not bose.wallet.typed()
    enter(bose, f"{network.gateways['city']}/clinic")
    at_record(bose, permitted.did).page.get_by_role("button", name="Sign and read").click()
    expect(result(bose)).to_have_count(1, timeout=SLOW)


def test_another_account_sees_nothing_of_what_was_read(clinician: Clinician, permitted: Permitted) -> None:
    """W-75: switching the wallet's account signs out, and takes the record off the screen."""
    bose = at_record(clinician("dr_bose"), permitted.did)
    bose.wallet.declines.add("eth_signTypedData_v4")
    bose.page.get_by_role("button", name="Sign and read").click()
    expect(bose.page.locator("#problem")).to_contain_text("You declined in your wallet.")
    bose.wallet.declines.clear()
    bose.page.get_by_role("button", name="Sign and read").click()
    expect(result(bose)).to_have_count(1, timeout=SLOW)
    bose.wallet.switch_account(bose.page)
    bose.said("so you were signed out here")
    expect(result(bose)).to_have_count(0)
    expect(bose.page.locator("#pages a")).to_have_count(0)
