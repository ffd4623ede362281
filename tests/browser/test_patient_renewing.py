"""The directory's new keys: with a revocation, or when the page says that they are due (D-7, D-8)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from consentry.domain.directory import DirectoryDocument
from tests.browser.stand_in import StandIn
from tests.browser.test_patient_page import enter
from tests.browser.wallet import Wallet

RENEW = "Then renew my directory’s keys"


@pytest.fixture
def card(page: Page, alice: Wallet, stand_in: StandIn) -> Locator:
    """An active consent of somebody whose directory is open, with the question before revoking."""
    consent_id = stand_in.propose(alice.address)
    enter(page, stand_in)
    page.get_by_role("button", name="Open my directory").click()
    expect(page.get_by_text("Open (version 1).")).to_be_visible()
    found = page.locator(f"#consent-{consent_id}")
    found.get_by_role("button", name="Sign with my wallet").click()
    expect(found.locator(".badge")).to_have_text("Active")
    found.get_by_role("button", name="Revoke…").click()
    return found


def signed(alice: Wallet) -> list[str]:
    return [data["primaryType"] for data in alice.typed()]


def test_revoking_renews_the_directory(page: Page, alice: Wallet, stand_in: StandIn, card: Locator) -> None:
    """D-8: by default, with a second signature; every key is another one."""
    expect(card.get_by_label(RENEW)).to_be_checked()
    card.get_by_role("button", name="Revoke with my wallet").click()
    expect(page.get_by_role("status")).to_contain_text("Your directory has new keys.")
    expect(page.get_by_role("status")).to_contain_text("What was already read cannot be unread.")
    expect(page.get_by_text("Open (version 2).")).to_be_visible()
    expect(card.locator(".badge")).to_have_text("Revoked")
    assert signed(alice) == ["SetAttribute", "Consent", "Revocation", "SetAttribute"]
    before, after = (DirectoryDocument.parse(one) for one in stand_in.documents)
    assert after.version == 2 and after.previous is not None
    for name, keys in before.categories.items():
        assert keys.channel_key != after.categories[name].channel_key


def test_directory_is_kept_when_the_patient_says_so(
    page: Page, alice: Wallet, stand_in: StandIn, card: Locator
) -> None:
    """D-8: one signature, and the directory stays."""
    card.get_by_label(RENEW).uncheck()
    card.get_by_role("button", name="Revoke with my wallet").click()
    expect(card.locator(".badge")).to_have_text("Revoked")
    expect(page.get_by_role("status")).to_contain_text("Nothing more is released")
    assert signed(alice) == ["SetAttribute", "Consent", "Revocation"] and len(stand_in.documents) == 1


def test_declining_the_second_signature_leaves_the_revocation(
    page: Page, alice: Wallet, stand_in: StandIn, card: Locator
) -> None:
    """D-8: revoked all the same; the page says that the keys are to be renewed below."""
    alice.declines_after = 3
    card.get_by_role("button", name="Revoke with my wallet").click()
    expect(page.get_by_role("status")).to_contain_text("were not renewed")
    expect(card.locator(".badge")).to_have_text("Revoked")
    assert len(stand_in.documents) == 1
    alice.declines_after = None
    page.get_by_role("button", name="Renew the keys").click()
    expect(page.get_by_text("Open (version 2).")).to_be_visible()


def test_page_says_when_new_keys_are_due(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """D-8: since when, beside the button that makes them."""
    enter(page, stand_in)
    page.get_by_role("button", name="Open my directory").click()
    expect(page.get_by_text("Open (version 1).")).to_be_visible()
    expect(page.locator("#directory .warning")).to_have_count(0)
    stand_in.lies.add("rotation-advised")
    page.get_by_role("button", name="Renew the keys").click()
    expect(page.locator("#directory .warning")).to_contain_text("4 May 2026")
