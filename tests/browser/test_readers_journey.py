"""From a clinician's reading to the patient who sees it: on the real network, checked in the browser and once more outside."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from consentry.cli.main import run
from consentry.demo.actors import Hospital, Person, resources
from consentry.network.run import Network
from tests.browser import ways
from tests.browser.people import Enrolled, Team, enrolled, published
from tests.journeys.bundles import TERMS

INDEX_SECONDS = 90


@pytest.fixture
def rosa(network: Network, context: BrowserContext) -> Enrolled:
    return enrolled(network, context)


def read_at_city(network: Network, rosa: Enrolled) -> None:
    """Under her consent, by Dr Bose, once City's index has what Mercy has just anchored."""
    city = Hospital(network, "city")
    ref = city.link(rosa.number, rosa.patient.wallet)
    rosa.patient.grant(city.propose(ref, TERMS, days=30))
    bose = Person.sign_in(network, "dr_bose", "city")
    bose.open_session("TREAT")
    ends = time.monotonic() + INDEX_SECONDS
    while not any(one["resourceType"] == "Observation" for one in resources(bose.everything(ref))):
        assert time.monotonic() < ends
        time.sleep(0.2)


def test_a_reading_is_seen_proven_saved_and_verified_elsewhere(
    page: Page, network: Network, rosa: Enrolled, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """W-58, W-60, A-5, A-6: person by name, role, purpose, ground; the file holds by the command line and a node alone."""
    published(network, rosa)
    read_at_city(network, rosa)
    team = Team.on_duty(network)
    team.read(team.open(rosa.did))
    ways.enter(page, network.gateways["city"], "readers")
    page.get_by_role("button", name="Show who read my record").click()
    expect(page.locator("#verdict")).to_be_visible(timeout=ways.SLOW)
    cards = page.locator("#occasions article")
    treated = cards.filter(has_text="What for: treating me.").first
    expect(treated.locator("h3")).to_contain_text("Bose\u2069 (")
    expect(treated.locator("h3")).to_contain_text("\u2068City Hospital\u2069")
    expect(treated).to_contain_text("laboratory results")
    expect(treated).to_contain_text("Allowed by a consent that you gave.")
    emergency = cards.filter(has_text="What for: treating me in an emergency.")
    expect(emergency.first.locator(".badge").first).to_have_text("Emergency")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save with all proofs").click()
    saved = tmp_path / "account.jsonl"
    waiting.value.save_as(saved)
    code = run(["verify", str(saved), "--rpc", network.rpc_url, "--json"])
    told = json.loads(capsys.readouterr().out)
    # 5: whatever the keepers had not committed yet when they told it
    assert code in (0, 5) and told["ok"]
    assert {purpose for one in told["accesses"] for purpose in one["purposes"]} >= {"TREAT", "ETREAT"}
