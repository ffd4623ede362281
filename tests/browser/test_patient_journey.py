"""A patient's whole way through the page, seen only through page and wallet."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PatientGateway
from tests.browser.wallet import NAME, Wallet

TRANSACTION = re.compile(r"0x[0-9a-f]{64}")


def test_patient_opens_directory_signs_returns_and_revokes(
    page: Page, alice: Wallet, gateway: PatientGateway
) -> None:
    """G-5, L-17, D-4, C-1, C-6: from the first visit to a revoked consent, with nothing but a wallet and no payment."""
    consent_id = gateway.propose(alice.address)
    page.goto(gateway.url)
    page.get_by_role("button", name=f"Connect {NAME}").click()
    page.get_by_role("button", name="Open my directory").click()
    expect(page.get_by_role("status")).to_have_text("Your directory is open.")
    card = page.locator(f"#consent-{consent_id}")
    expect(card.locator(".badge")).to_have_text("Not signed")
    card.get_by_role("button", name="Sign with my wallet").click()
    expect(card.locator(".badge")).to_have_text("Active")

    page.reload()
    page.get_by_role("button", name=f"Connect {NAME}").click()
    expect(card.locator(".badge")).to_have_text("Active")
    expect(card).to_contain_text(TRANSACTION)
    expect(card.locator("time")).to_be_visible()
    card.get_by_role("button", name="Revoke…").click()
    card.get_by_role("button", name="Revoke with my wallet").click()
    expect(card.locator(".badge")).to_have_text("Revoked")
    expect(page.get_by_role("status")).to_contain_text("What was already read cannot be unread.")

    assert [method for method, _ in alice.signed].count("personal_sign") == 1
    signed = {data["primaryType"]: data["message"] for data in alice.typed()}
    assert list(signed) == ["SetAttribute", "Consent", "Revocation"]
    assert signed["Revocation"]["consentId"] == consent_id
    assert not {"eth_sendTransaction", "eth_sign", "eth_decrypt"} & set(alice.asked)
