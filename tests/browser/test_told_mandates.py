"""How a consent that was granted under a mandate stands on the patient's page: by the ledger, whatever the gateway says."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import ways
from tests.browser.stand_in import StandIn
from tests.browser.wallet import Wallet

MANDATE = "0x" + "4d" * 32


@pytest.mark.parametrize(
    ("said", "own", "mandate", "shown", "differs"),
    [
        ("active", "active", "revoked", "Revoked", True),
        ("revoked", "active", "revoked", "Revoked", False),
        ("revoked", "revoked", "active", "Revoked", False),
        ("active", "active", "active", "Active", False),
        ("revoked", "active", "active", "Active", True),
    ],
)
def test_consent_stands_as_revoked_when_its_mandate_is(
    page: Page,
    alice: Wallet,
    stand_in: StandIn,
    *,
    said: str,
    own: str,
    mandate: str,
    shown: str,
    differs: bool,
) -> None:
    """W-111, W-88, C-17: as soon as one of the two is, by the ledger alone; a gateway that says something else is told of."""
    consent_id = stand_in.propose(alice.address)
    stand_in.consents[consent_id]["status"] = own
    stand_in.under[consent_id] = (MANDATE, mandate)
    stand_in.lies.add(f"says-{said}")
    ways.connect(page, stand_in.url)
    card = page.locator(f"#consent-{consent_id}")
    expect(card.locator(".badge").first).to_have_text(shown)
    expect(card).to_have_attribute("data-status", shown.lower())
    expect(card).to_contain_text(MANDATE[2:6])
    contradiction = page.get_by_text("This page shows what the ledger says.")
    expect(contradiction).to_have_count(1 if differs else 0)
    expect(card.get_by_role("button", name="Revoke…", include_hidden=True)).to_have_count(
        int(shown == "Active")
    )
