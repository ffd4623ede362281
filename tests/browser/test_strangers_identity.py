"""Identities that name a wallet without asking it: what the page says of them, and what it asks before it goes on as one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from consentry.chain.sender import ChainSender
from consentry.domain.addresses import did
from consentry.network.run import Network
from tests.browser import ways
from tests.browser.company import Somebody, somebody
from tests.browser.stand_in import StandIn
from tests.browser.wallet import Wallet

HELD = [{"did": "did:ethr:0x539:0x" + f"{n:040x}", "how": "representative", "from": None} for n in range(50)]


@pytest.fixture
def people(browser: Browser, network: Network) -> Iterator[list[Somebody]]:
    """A patient, who reads English or Chinese, a stranger, and an accomplice. All at City's page."""
    with ExitStack() as stack:
        url = network.gateways["city"]
        yield [stack.enter_context(somebody(browser, url, one)) for one in ("en-GB", "zh-CN", "en-GB")]


def named(stranger: Somebody, account: str) -> None:
    """The stranger names this account, until the year is over."""
    card = stranger.card("Representatives")
    card.get_by_text("Name a representative").click()
    card.get_by_label("Account of their wallet").fill(account)
    card.get_by_role("button", name="Name them with my wallet").click()
    expect(card).to_contain_text(account, timeout=ways.SLOW)


def asked(one: Somebody, title: str) -> Locator:
    return one.page.get_by_role("dialog", name=title)


def test_identity_that_a_stranger_handed_over_is_not_commended(
    people: list[Somebody], network: Network
) -> None:
    """W-123, W-133: `changeOwner` asks nobody and leaves the stranger's delegate in force; who goes on is told first."""
    patient, reader, stranger = people
    stranger.enter("people")
    for account in (patient.account, reader.account):
        named(stranger, account)
    sender = ChainSender(network.connection, bytes(stranger.wallet.account.key))
    sender.transact("IdentityRegistry", "changeOwner", stranger.account, patient.account)
    identity = did(stranger.account, network.ledger.chain_id)

    patient.enter("overview")
    told = patient.card("Other identities name this wallet")
    expect(told).to_contain_text("may be a stranger’s", timeout=ways.SLOW)
    expect(told.get_by_role("button")).to_have_count(0)
    expect(patient.page.locator("#content")).not_to_contain_text(identity)
    told.get_by_role("link", name="See which").click()
    card = patient.card("Whom you act for")
    expect(card).to_contain_text("Anybody can name your wallet")
    go_on = card.get_by_role("button", name="Go on with this identity")
    go_on.click()
    question = asked(patient, "Is this identity yours?")
    expect(question).to_contain_text(identity)
    expect(question).to_contain_text(reader.account)
    expect(question).not_to_contain_text(patient.account)  # who *else* acts for it
    expect(question).to_contain_text("A stranger can hand an identity to your wallet")
    question.get_by_role("button", name="Cancel").click()
    expect(patient.page.locator("#account")).not_to_contain_text("acting for")

    card.get_by_text("Act for this DID").first.click()
    card.get_by_label("Somebody else’s DID").fill(identity)
    card.get_by_role("button", name="Act for this person").last.click()
    question.get_by_role("button", name="I know this DID: go on").click()
    expect(patient.page.locator("#account")).to_contain_text("acting for")
    ways.go(patient.page, "people")
    expect(card).to_contain_text("Your wallet controls this identity")
    expect(card).not_to_contain_text("lost")
    expect(patient.card("Representatives")).to_contain_text(reader.account)


def test_identity_that_is_handed_over_meanwhile_is_shown_once_more(
    people: list[Somebody], network: Network
) -> None:
    """W-133: one who is only named a representative is told as much, and that it became the wallet's own; on the page
    itself it is no mere notice."""
    patient, _, stranger = people
    stranger.enter("people")
    named(stranger, patient.account)
    patient.enter("people")
    patient.card("Whom you act for").get_by_role("button", name="Act for this person").first.click()
    known = asked(patient, "Do you know this identity?")
    expect(known).to_contain_text("Who controls it")
    expect(known).to_contain_text("hand the identity over to it later")
    sender = ChainSender(network.connection, bytes(stranger.wallet.account.key))
    sender.transact("IdentityRegistry", "changeOwner", stranger.account, patient.account)
    known.get_by_role("button", name="I know this DID: go on").click()
    own = asked(patient, "Is this identity yours?")
    expect(own).to_contain_text("A stranger can hand an identity to your wallet", timeout=ways.SLOW)
    expect(patient.page.locator("#account")).not_to_contain_text("acting for")
    own.get_by_role("button", name="I know this DID: go on").click()
    expect(patient.page.locator("#account")).to_contain_text("acting for")
    ways.go(patient.page, "people")
    warning = patient.card("Whom you act for").get_by_role("note")
    expect(warning).to_contain_text("Your wallet controls this identity")


def test_identity_that_is_handed_over_while_the_wallet_signs_is_shown_once_more(
    people: list[Somebody], network: Network
) -> None:
    """W-140: whoever says no then is signed in as before."""
    patient, _, stranger = people
    stranger.enter("people")
    named(stranger, patient.account)
    patient.enter("people")
    sender = ChainSender(network.connection, bytes(stranger.wallet.account.key))

    def hand_over(route: Route) -> None:
        sender.transact("IdentityRegistry", "changeOwner", stranger.account, patient.account)
        route.continue_()

    patient.page.route("**/api/sign-in/challenges", hand_over, times=1)
    card = patient.card("Whom you act for")
    card.get_by_role("button", name="Act for this person").first.click()
    asked(patient, "Do you know this identity?").get_by_role("button", name="I know this DID: go on").click()
    own = asked(patient, "Is this identity yours?")
    expect(own).to_contain_text("A stranger can hand an identity to your wallet", timeout=ways.SLOW)
    own.get_by_role("button", name="Cancel").click()
    expect(card).to_contain_text("You are signed in for yourself.")
    expect(patient.page.locator("#account")).not_to_contain_text("acting for")
    ways.go(patient.page, "overview")
    expect(patient.card("Other identities name this wallet")).to_be_visible(timeout=ways.SLOW)


def test_people_are_shown_while_strangers_identities_are_asked(
    people: list[Somebody], network: Network
) -> None:
    """W-134: and where they cannot be asked."""
    patient, _, _ = people
    held: list[Route] = []
    patient.page.route("**/api/identities", lambda route: held.append(route))
    patient.enter("people")
    expect(patient.card("Representatives")).to_be_visible(timeout=ways.SLOW)
    held[0].abort()
    expect(patient.card("Whom you act for")).to_contain_text("could not be asked")
    expect(patient.page.locator("#problem")).to_be_empty()


def test_going_on_waits_for_the_chain(people: list[Somebody], network: Network) -> None:
    """W-133: where the chain does not say who else acts for an identity, nobody goes on as it; it is asked
    then, not when the page was drawn. In Chinese."""
    _, patient, stranger = people
    stranger.enter("people")
    named(stranger, patient.account)
    patient.enter("people")
    go_on = patient.card("您代表谁").get_by_role("button", name="代表此人").first
    expect(go_on).to_be_visible(timeout=ways.SLOW)
    sender = ChainSender(network.connection, bytes(stranger.wallet.account.key))
    sender.transact("IdentityRegistry", "changeOwner", stranger.account, patient.account)
    patient.page.route("**/api/chain", lambda route: route.abort())
    go_on.click()
    expect(patient.page.locator("#problem")).not_to_be_empty(timeout=ways.SLOW)
    expect(patient.page.locator("#account")).not_to_contain_text("代表")
    patient.page.unroute("**/api/chain")
    go_on.click()
    expect(asked(patient, "这个身份是您的吗？")).to_contain_text("陌生人可以不经询问就把身份交给您的钱包")


def test_overview_waits_for_no_identities(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-134: they come into their own place, and that there are more than are shown is said where they stand."""
    held: list[Route] = []
    page.route("**/api/identities", lambda route: held.append(route))
    ways.enter(page, stand_in.url, "overview")
    steps = page.locator("#content section").first
    expect(steps).to_be_visible(timeout=ways.SLOW)
    before = steps.element_handle()
    answer: dict[str, Any] = {"identities": HELD, "more": True}
    held[0].fulfill(json=answer)
    expect(page.get_by_role("region", name="Other identities name this wallet")).to_be_visible()
    assert before.evaluate("(node) => node.isConnected")
