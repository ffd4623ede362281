"""A patient's whole way on the real network: contracts, keepers and gateways, a browser and a wallet."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from consentry.demo.actors import Hospital, Person, resources
from consentry.errors import NoGround
from consentry.network.run import Network
from consentry.wallets.keyfile import Wallet as KeyWallet
from tests.browser import ways
from tests.browser.wallet import Wallet
from tests.journeys.bundles import TERMS, bundle, laboratory, patient

TRANSACTION = re.compile(r"0x[0-9a-f]{64}")
INDEX_SECONDS = 90


def enter(page: Page, network: Network) -> None:
    ways.enter(page, network.gateways["city"])


def values(reader: Person, ref: str) -> list[float]:
    """The laboratory values that the reader gets."""
    found = resources(reader.everything(ref))
    return [one["valueQuantity"]["value"] for one in found if one["resourceType"] == "Observation"]


def values_once_indexed(reader: Person, ref: str, count: int) -> list[float]:
    """The same, when City's index has reached what Mercy has just anchored."""
    deadline = time.monotonic() + INDEX_SECONDS
    while len(found := values(reader, ref)) < count and time.monotonic() < deadline:
        time.sleep(0.2)
    return sorted(found)


def test_patient_opens_directory_signs_is_read_and_revokes(
    page: Page, alice: Wallet, network: Network
) -> None:
    """G-5, L-17, D-1, D-4, C-1, C-6, G-6: what the page makes and the wallet signs is what hospitals, keepers and chain use."""
    enter(page, network)
    page.get_by_role("button", name="Open my directory").click()
    expect(page.get_by_role("status")).to_have_text("Your directory is open.")

    desk = KeyWallet(bytes(alice.account.key))
    mercy, city = Hospital(network, "mercy"), Hospital(network, "city")
    mercy.publish(bundle(patient("B-1"), laboratory(5.4)), mercy.link("B-1", desk))
    ref = city.link("B-7", desk)
    consent = city.propose(ref, TERMS, days=30)

    enter(page, network)
    card = page.locator(f"#consent-{consent['id']}")
    assert ways.lines(card.locator(".words")) == consent["words"]["en"]
    card.get_by_role("button", name="Sign with my wallet").click()
    expect(card.locator(".badge")).to_have_text("Active")
    expect(card).to_contain_text(TRANSACTION)
    expect(card.locator("p time")).to_be_visible()

    bose = Person.sign_in(network, "dr_bose", "city")
    bose.open_session("TREAT")
    assert values_once_indexed(bose, ref, 1) == [5.4]

    page.get_by_role("button", name="Revoke…").click()
    page.get_by_role("button", name="Revoke with my wallet").click()
    expect(card.locator(".badge")).to_have_text("Revoked")
    expect(page.get_by_role("status")).to_contain_text("What was already read cannot be unread.")
    with pytest.raises(NoGround):
        bose.everything(ref)

    signed = {data["primaryType"]: data["message"] for data in alice.typed()}
    assert list(signed) == ["SetAttribute", "Consent", "Revocation"]
    assert signed["Consent"] == consent["typedData"]["message"]
    assert signed["Revocation"]["consentId"] == consent["id"]
    assert [method for method, _ in alice.signed].count("personal_sign") == 1
    assert not {"eth_sendTransaction", "eth_sign", "eth_decrypt"} & set(alice.asked)


def test_records_filed_before_and_after_renewing_are_found(
    page: Page, alice: Wallet, network: Network
) -> None:
    """D-1, D-4: a reader finds what was filed under the former directory document and under the next one."""
    enter(page, network)
    page.get_by_role("button", name="Open my directory").click()
    expect(page.get_by_text("Open (version 1).")).to_be_visible()
    desk = KeyWallet(bytes(alice.account.key))
    mercy, city = Hospital(network, "mercy"), Hospital(network, "city")
    at_mercy, at_city = mercy.link("B-2", desk), city.link("B-8", desk)
    mercy.publish(bundle(patient("B-2"), laboratory(5.1)), at_mercy)
    page.get_by_role("button", name="Renew the keys").click()
    expect(page.get_by_text("Open (version 2).")).to_be_visible()
    # other resources, so other names
    later = bundle(patient("B-2"), laboratory(6.2, "2026-04-01")).replace(b"-4000-", b"-4001-")
    mercy.publish(later, at_mercy)
    city.propose(at_city, TERMS, days=30)
    enter(page, network)
    page.get_by_role("button", name="Sign with my wallet").click()
    expect(page.locator(".badge")).to_have_text("Active")
    bose = Person.sign_in(network, "dr_bose", "city")
    bose.open_session("TREAT")
    assert values_once_indexed(bose, at_city, 2) == [5.1, 6.2]
