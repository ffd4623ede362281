"""Who read my record, as a patient sees it: in words, with what proves it and what is missing (W-58 … W-60)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from consentry.domain.grounds import Reason
from tests.app.keeper_world import World
from tests.browser import ways
from tests.browser.accounts import served, told
from tests.browser.given_account import build_given, give
from tests.browser.stand_in import StandIn
from tests.browser.wallet import Wallet

RECEIPTS, ITEMS = 10_000, 100


@pytest.fixture(scope="session")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("given")
    build_given(folder)
    return folder


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def own(account: dict[str, Any], world: World, wallet: Wallet) -> dict[str, Any]:
    """The account as if it was about this wallet's patient."""
    text = json.dumps(account).replace(world.account("alice"), wallet.address.lower())
    return dict(json.loads(text))


def checked(page: Page, url: str) -> None:
    ways.enter(page, url, "readers")
    page.get_by_role("button", name="Show who read my record").click()
    expect(page.locator("#verdict")).to_be_visible(timeout=ways.SLOW)


def scene(world: World) -> dict[str, Any]:
    """Read by a doctor who signed, by one whom a system named, by alice; possibly read; refused."""
    served(world, world.request(world.record, world.seed_item), 0, 1, 2)
    served(world, world.system_request(world.anchored_record()), 2, 3, 4)
    served(world, world.own_request(world.anchored_record(), purpose="PATRQT"), 0, 1, 2)
    served(world, world.request(world.anchored_record()), 0, 4)
    world.ledger.latest.reason = Reason.ConsentRevoked
    served(world, world.request(world.anchored_record()), 0, 1, 2)
    return told(world).to_json()


def test_each_access_is_told_in_words_with_its_proof(
    page: Page, alice: Wallet, stand_in: StandIn, given: Path, world: World
) -> None:
    """W-58, A-7: who, in which role, where, what, what for, by what right, and how many keepers say so."""
    give(page, given, own(scene(world), world, alice))
    checked(page, stand_in.url)
    verdict = page.locator("#verdict")
    expect(verdict).to_have_attribute("data-verdict", "holds")
    expect(verdict).to_contain_text("of 5 of 5 keepers hold")
    expect(verdict).to_contain_text("block 4,211, which it read through")
    expect(verdict).to_be_focused()
    cards = page.locator("#occasions article")
    expect(cards).to_have_count(3)
    signed = cards.filter(has_text="Looked at the list of: laboratory results.")
    expect(signed.locator("h3")).to_have_text("A senior doctor, \u2068City Hospital\u2069")
    for words in (
        "Opened 1 record: laboratory results.",
        "What for: treating me.",
        "Allowed by a consent that you gave.",
        "This person signed.",
        "Proven on the ledger",
    ):
        expect(signed).to_contain_text(words)
    expect(cards.filter(has_text="Named by the institution’s computer system")).to_have_count(1)
    page.get_by_label("Show", exact=True).select_option("possible")
    cards.get_by_text("Details and proof").click()
    expect(cards).to_contain_text("Only 2 of the 3 keepers that are needed gave their part.")
    page.get_by_label("Show", exact=True).select_option("refused")
    expect(cards).to_contain_text("Refused because you had taken the consent back.")
    page.get_by_label("Show", exact=True).select_option("own")
    expect(cards.locator("h3")).to_have_text("You")
    assert not any(path.startswith("/api/receipts") for _, path in stand_in.requests)


def test_nothing_is_asked_before_the_patient_says_so(
    page: Page, alice: Wallet, stand_in: StandIn, given: Path, world: World
) -> None:
    """W-58: opening the page signs nothing; what was checked stays while the patient looks elsewhere."""
    give(page, given, own(scene(world), world, alice))
    ways.enter(page, stand_in.url, "readers")
    expect(page.get_by_role("button", name="Show who read my record")).to_be_visible()
    expect(page.locator("#verdict")).to_have_count(0)
    signed = len(alice.asked)
    page.get_by_role("button", name="Show who read my record").click()
    expect(page.locator("#verdict")).to_be_visible(timeout=ways.SLOW)
    ways.go(page, "consents")
    expect(page.locator("h1")).to_have_text("Consents")
    ways.go(page, "readers")
    expect(page.locator("#verdict")).to_be_visible()
    assert len(alice.asked) == signed


def test_checking_again_keeps_what_was_found(
    page: Page, alice: Wallet, stand_in: StandIn, given: Path, world: World
) -> None:
    """W-58: the check starts with the press; until it has come, the one before stands there."""
    give(page, given, own(scene(world), world, alice))
    checked(page, stand_in.url)
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/given/account.json", hold)
    with page.expect_request("**/given/account.json"):
        page.get_by_role("button", name="Check again").click()
    expect(page.locator("#verdict")).to_be_visible()
    expect(page.get_by_role("button", name="Check again")).to_have_attribute("aria-busy", "true")
    waiting[0].fallback()
    expect(page.locator("#verdict")).to_be_focused()


@pytest.mark.parametrize(
    ("missing", "verdict", "words"),
    [
        ({"kind": "untold", "code": "keeper-unreachable"}, "incomplete", "told nothing, or not to its end"),
        ({"kind": "false", "link": "root", "seq": 7}, "false", "the ledger holds something else (number 7)"),
        ({"kind": "waiting", "receipts": 2}, "holds", "2 notes are signed and not on the shared ledger yet"),
        (
            {"kind": "silent", "requests": 1, "others": 3, "since": None},
            "holds",
            "does not show 1 request on which 3 others agree. Most likely it was not asked",
        ),
    ],
)
def test_gaps_are_said_first_and_what_is_false_as_such(
    page: Page, alice: Wallet, stand_in: StandIn, given: Path, world: World,
    missing: dict[str, Any], verdict: str, words: str,
) -> None:  # fmt: skip
    """W-59, A-8: what is missing stands above everything else, in words of its own."""
    account = own(scene(world), world, alice)
    give(page, given, account | {"missing": [{"seat": 3, "member": "المجلس الوطني للمرضى", **missing}]})
    checked(page, stand_in.url)
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", verdict)
    expect(page.locator("#verdict")).to_contain_text("seat 3 (\u2068المجلس الوطني للمرضى\u2069)")
    expect(page.locator("#verdict")).to_contain_text(words)


def test_the_account_is_saved_as_one_file_that_names_nobody(
    page: Page, alice: Wallet, stand_in: StandIn, given: Path, world: World, tmp_path: Path
) -> None:
    """W-60: to the byte what was collected."""
    account = own(scene(world), world, alice)
    give(page, given, account)
    checked(page, stand_in.url)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save with all proofs").click()
    saved = waiting.value
    assert saved.suggested_filename.startswith("consentry-account-20")
    assert alice.address.lower()[2:] not in saved.suggested_filename.lower()
    saved.save_as(tmp_path / "account.jsonl")
    assert (tmp_path / "account.jsonl").read_text() == account["file"]


def test_ten_thousand_receipts_are_shown_page_by_page(
    page: Page, alice: Wallet, stand_in: StandIn, given: Path, world: World
) -> None:
    """W-59: one page of them is in the document, by keyboard as well; the table of institutions counts them all."""
    records = [world.anchored_record() for _ in range(ITEMS)]
    for number in range(RECEIPTS // (3 * ITEMS) + 1):
        world.clock.time += 1_000
        world.ledger.head_at = world.ledger.head_at.__class__(8 + number, world.clock.time - 1, bytes(32))
        session = world.session(expires=world.clock.time + 3_600)
        request = world.request(*records, issued_at=world.clock.time, session=session)
        served(world, request, 0, 1, 2)
    account = told(world).to_json()
    assert account["verified"]["receipts"] >= RECEIPTS
    give(page, given, own(account, world, alice))
    checked(page, stand_in.url)
    expect(page.locator("#occasions")).to_contain_text("1 – 20 of 34")
    expect(page.locator("#occasions article")).to_have_count(20)
    expect(page.locator("#occasions article").first).to_contain_text("Opened 100 records")
    following = page.get_by_role("button", name="Next")
    following.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#occasions article")).to_have_count(14)
    page.get_by_text("Details and proof").first.click()
    expect(page.locator("#occasions article").first).to_contain_text("and 80 more")
