"""A patient's way through the page: connect, open the directory, read, sign, revoke."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from consentry.crypto import sealing, seeds
from consentry.domain.categories import Category
from consentry.domain.directory import DirectoryDocument
from tests.browser import ways
from tests.browser.stand_in import CHAIN_ID, SEATS, StandIn
from tests.browser.wallet import NAME, Wallet


def enter(page: Page, gateway: StandIn) -> None:
    ways.enter(page, gateway.url)


def test_patient_signs_and_revokes_what_the_page_shows(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """C-1, G-5: the wallet signs exactly the terms on the page; the page shows active, then revoked, and its limits."""
    consent_id = stand_in.propose(alice.address)
    enter(page, stand_in)
    card = page.locator(f"#consent-{consent_id}")
    assert ways.lines(card.locator(".words")) == stand_in.consents[consent_id]["words"]["en"]
    expect(card).to_contain_text("at most 6 times in all")
    card.get_by_role("button", name="Sign with my wallet").click()
    expect(card.locator(".badge")).to_have_text("Active")
    expect(page.get_by_role("status")).to_contain_text("Your consent is active.")
    expect(card).to_contain_text(stand_in.consents[consent_id]["transaction"])
    expect(card.locator("p time")).to_be_visible()
    card.get_by_role("button", name="Revoke…").click()
    expect(card).to_contain_text("What was already read cannot be unread.")
    card.get_by_role("button", name="Revoke with my wallet").click()
    expect(card.locator(".badge")).to_have_text("Revoked")
    expect(page.get_by_role("status")).to_contain_text("Nothing more is released")
    assert [data["primaryType"] for data in alice.typed()] == ["Consent", "Revocation"]
    assert alice.typed()[0] == stand_in.consents[consent_id]["typedData"]


def test_wallet_is_brought_to_the_networks_chain(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """C-2: an unknown chain is added first, because wallets hang on typed data for a chain that they don't know."""
    enter(page, stand_in)
    assert alice.chain_id == CHAIN_ID
    assert alice.asked[:5] == [
        "eth_requestAccounts", "eth_chainId", "wallet_switchEthereumChain", "wallet_addEthereumChain", "eth_chainId",
    ]  # fmt: skip


def test_directory_opened_in_the_browser_opens_for_any_threshold(
    page: Page, alice: Wallet, stand_in: StandIn
) -> None:
    """L-9, L-11, L-12, L-17, S-1: every category's seed comes back from three keepers and gives the published keys."""
    enter(page, stand_in)
    page.get_by_role("button", name="Open my directory").click()
    expect(page.get_by_role("status")).to_have_text("Your directory is open.")
    document = DirectoryDocument.parse(stand_in.documents[0])
    assert set(document.categories) == set(Category)
    assert document.patient == alice.address.lower()
    for place, (category, keys) in enumerate(document.categories.items()):
        chosen = [(place + step) % SEATS for step in (0, 1, 3)]
        shares = {
            seat: sealing.open_seed_share(
                stand_in.keeper_seeds[seat], document=document, category=category, seat=seat
            )
            for seat in chosen
        }
        secret = seeds.derive(
            sealing.combine_seed(document.sealing_of(category), keys.seed_commitment, shares)
        )
        assert (secret.channel_public, secret.entry_public) == (keys.channel_key, keys.entry_key)
    shown = alice.typed()[0]["message"]
    assert shown["name"] == "did/svc/ConsentryDirectory"
    assert shown["value"].startswith("ipfs://bafkrei")


def test_directory_keys_can_be_renewed(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """D-4, L-17: the next version follows the one in force and shares no key with it."""
    enter(page, stand_in)
    page.get_by_role("button", name="Open my directory").click()
    expect(page.get_by_text("Open (version 1).")).to_be_visible()
    page.get_by_role("button", name="Renew the keys").click()
    expect(page.get_by_role("status")).to_have_text("Your directory has new keys.")
    expect(page.get_by_text("Open (version 2).")).to_be_visible()
    first, second = (DirectoryDocument.parse(raw) for raw in stand_in.documents)
    assert (second.version, second.previous) == (
        2,
        alice.typed()[0]["message"]["value"].removeprefix("ipfs://"),
    )
    for category, keys in second.categories.items():
        assert keys.seed_commitment != first.categories[category].seed_commitment


def test_declining_in_the_wallet_changes_nothing(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """C-3: without the patient's signature nothing reaches the gateway, and the page says so."""
    stand_in.propose(alice.address)
    enter(page, stand_in)
    alice.declines.add("eth_signTypedData_v4")
    page.get_by_role("button", name="Sign with my wallet").click()
    expect(page.get_by_role("alert")).to_contain_text("You declined in your wallet")
    assert not [path for method, path in stand_in.requests if method == "POST" and path.endswith("/grant")]
    alice.declines.clear()
    page.get_by_role("button", name="Sign with my wallet").click()
    expect(page.locator(".badge")).to_have_text("Active")


def test_keyboard_alone_signs_and_focus_is_never_lost(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """C-1, for a patient without a mouse: each step is reachable by Tab and Enter, and lands on what changed."""
    consent_id = stand_in.propose(alice.address)
    ways.arrive(page, stand_in.url)
    connect = page.get_by_role("button", name=f"Connect {NAME}")
    expect(connect).to_be_visible()
    press_until_focused(page, f"Connect {NAME}")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()
    press_until_focused(page, "Sign with my wallet")
    page.keyboard.press("Enter")
    expect(page.locator(f"#consent-{consent_id}")).to_be_focused()
    press_until_focused(page, "Revoke…")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="What revoking does")).to_be_focused()


def press_until_focused(page: Page, name: str) -> None:
    """What is still being fetched can't be reached yet; what is there is, within one round of the page."""
    expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.textContent") == name:
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


def test_page_speaks_chinese_and_says_so(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """C-1: the same consent in Chinese; the document's language follows, for screen readers and fonts."""
    consent_id = stand_in.propose(alice.address)
    enter(page, stand_in)
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    words = page.locator(f"#consent-{consent_id} .words")
    expect(words).to_contain_text("用途")
    assert ways.lines(words) == stand_in.consents[consent_id]["words"]["zh"]
    page.get_by_role("button", name="用钱包签名").click()
    expect(page.locator(".badge")).to_have_text("生效中")
