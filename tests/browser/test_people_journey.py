"""People around a patient, on the real network: guardians give a lost identity to a new wallet; a representative acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from consentry.demo.actors import Hospital
from consentry.domain.addresses import did
from consentry.network.run import Network
from tests.browser import ways
from tests.browser.company import Somebody, purposes_of_reading, somebody
from tests.journeys.bundles import TERMS

NOT_A_LETTER = '{"kind": "shopping list"}'


@pytest.fixture
def people(browser: Browser, network: Network) -> Iterator[list[Somebody]]:
    """Alice, the browser with her next wallet, and two guardians, one of whom reads Chinese. All at City's page."""
    with ExitStack() as stack:
        languages = ("en-GB", "en-GB", "en-GB", "zh-CN")
        yield [
            stack.enter_context(somebody(browser, network.gateways["city"], language))
            for language in languages
        ]


def named(alice: Somebody, guardians: list[Somebody], folder: Path) -> Path:
    """Alice names them; gives the letter that she saved."""
    alice.enter("people")
    card = alice.card("Guardians")
    card.get_by_text("Name guardians").click()
    for number, one in enumerate(guardians, start=1):
        group = card.get_by_role("group", name=f"Guardian {number}")
        group.get_by_label("Account of their wallet").fill(one.wallet.address)
        group.get_by_label("What you call them").fill(f"Friend {number}")
    sign = card.get_by_role("button", name="Name them with my wallet")
    sign.click()
    expect(card.get_by_role("alert")).to_contain_text("Save the letter first")
    assert alice.wallet.typed() == []
    with alice.page.expect_download() as saving:
        card.get_by_role("button", name="Save the letter for your guardians").click()
    letter = folder / saving.value.suggested_filename
    saving.value.save_as(letter)
    sign.click()
    alice.hears("Your guardians are named.")
    return letter


def test_guardians_give_a_lost_identity_to_a_new_wallet(
    people: list[Somebody], network: Network, tmp_path: Path
) -> None:
    """W-49, W-50, W-54, W-87, W-89, W-123, W-133, I-4, I-5: each at an own device, in both languages; a new wallet has it."""
    alice, newcomer, first, second = people
    letter = named(alice, [first, second], tmp_path)
    newcomer.enter("people")
    expect(newcomer.card("If a wallet is lost")).to_contain_text(newcomer.account)

    first.enter("people")
    card = first.card("I am somebody’s guardian")
    wrong = tmp_path / "wrong.json"
    wrong.write_text(NOT_A_LETTER, "utf-8")
    card.get_by_label("The guardian letter").set_input_files(wrong)
    expect(card.get_by_role("alert")).to_contain_text("no guardian letter")
    card.get_by_label("The guardian letter").set_input_files(letter)
    card.get_by_label("Account of their new wallet").fill(newcomer.wallet.address)
    agree = card.get_by_role("button", name="Agree with my wallet")
    agree.click()
    expect(card.get_by_role("alert").last).to_contain_text("I have compared")
    for box in card.get_by_role("checkbox").all():
        box.check()
    agree.click()
    first.hears("Your word is kept.")
    expect(card).to_contain_text("1 of 2 guardians that are needed have agreed.")

    second.enter("people")
    card = second.card("我是某人的监护人")
    card.get_by_label("监护人信件").set_input_files(letter)
    expect(card).to_contain_text("需要 2 位监护人，已有 1 位同意。")
    field = card.get_by_label("对方新钱包的账户")
    expect(field).to_have_value("")
    field.fill(second.wallet.address)
    for box in card.get_by_role("checkbox").all():
        box.check()
    card.get_by_role("button", name="用钱包表示同意").click()
    expect(card.get_by_role("alert").last).to_contain_text("其他监护人同意的是另一个账户")
    assert second.wallet.typed() == []
    field.fill(newcomer.wallet.address)
    card.get_by_role("button", name="用钱包表示同意").click()
    second.hears("恢复已经开始。")

    newcomer.enter("people")
    card = newcomer.card("Whom you act for")
    card.get_by_role("button", name="Take over this identity").click()
    newcomer.hears("This wallet controls the identity now.")
    newcomer.enter("overview")
    newcomer.card("Other identities name this wallet").get_by_role("link", name="See which").click()
    card.get_by_role("button", name="Go on with this identity").click()
    identity = did(alice.account, network.ledger.chain_id)
    asked = newcomer.page.get_by_role("dialog", name="Is this identity yours?")
    expect(asked).to_contain_text(identity)
    expect(asked).to_contain_text("Guardians are named. Compare with the letter")
    asked.get_by_role("button", name="I know this DID: go on").click()
    expect(newcomer.page.locator("#account")).to_contain_text("acting for")
    ways.go(newcomer.page, "people")
    expect(card).to_contain_text(identity)
    expect(card).to_contain_text("Your wallet controls this identity")
    consent = Hospital(network, "city").propose(identity, TERMS, days=30)
    ways.go(newcomer.page, "consents")
    newcomer.press("Sign with my wallet")
    expect(newcomer.page.locator(f"#consent-{consent['id']} .badge")).to_have_text("Active")
    ways.go(alice.page, "consents")
    expect(alice.page.locator("#problem")).to_contain_text(
        "If your record went to a new wallet, sign in with that one."
    )
    assert purposes_of_reading(newcomer) == {"PATRQT"}

    assert [one["primaryType"] for one in alice.wallet.typed()] == ["SetGuardians"]
    agreed = [one.wallet.typed()[-1]["message"] for one in (first, second)]
    assert [one["newOwner"] for one in agreed] == [newcomer.account] * 2
    signed = [one["primaryType"] for one in newcomer.wallet.typed()]
    assert signed == ["Consent", "SetAttribute", "PatientSession"]


def at_overview(alice: Somebody) -> None:
    """Signed in, from where the ledger did not answer; her mandates cannot be told on the next page either."""
    alice.page.route("**/api/chain", lambda route: route.abort())
    alice.enter("overview")
    expect(alice.page.locator("#taking-over")).to_contain_text("could not be checked", timeout=ways.SLOW)
    alice.page.unroute("**/api/chain")
    alice.page.route(
        "**/api/mandates", lambda route: route.fulfill(status=503, json={"code": "chain-unreachable"})
    )
    ways.go(alice.page, "consents")


def test_patient_stops_a_recovery_that_was_not_asked_for(people: list[Somebody], tmp_path: Path) -> None:
    """W-54, W-49, W-87, W-123, I-6: what is pending stands above all else; the new owner is shown as a whole."""
    alice, thief, first, second = people
    letter = named(alice, [first, second], tmp_path)
    for one, title, file, field, agree in (
        (
            first,
            "I am somebody’s guardian",
            "The guardian letter",
            "Account of their new wallet",
            "Agree with my wallet",
        ),
        (second, "我是某人的监护人", "监护人信件", "对方新钱包的账户", "用钱包表示同意"),
    ):
        one.enter("people")
        card = one.card(title)
        card.get_by_label(file).set_input_files(letter)
        card.get_by_label(field).fill(thief.wallet.address)
        for box in card.get_by_role("checkbox").all():
            box.check()
        if (
            one is second
        ):  # on this chain it can be stopped for some seconds alone: alice is at her page already
            at_overview(alice)
        card.get_by_role("button", name=agree).click()
        expect(one.page.get_by_role("status")).not_to_be_empty()
    ways.go(alice.page, "overview")
    told = alice.page.get_by_role("note").filter(has_text="Somebody is taking over this identity")
    expect(told.get_by_role("link", name="See it, and stop it")).to_have_attribute("href", "#/people")
    told.get_by_role("link", name="See it, and stop it").click()
    pending = alice.page.get_by_role("note").filter(has_text=thief.account)
    pending.get_by_role("button", name="Stop it with my wallet").click()
    alice.hears("Stopped. Speak to your guardians")
    expect(pending).to_have_count(0)
    expect(alice.card("Representatives for a part").get_by_role("note")).to_be_visible(timeout=ways.SLOW)
    assert alice.wallet.typed()[-1]["primaryType"] == "VetoRecovery"


def test_representative_acts_until_the_patient_ends_it(people: list[Somebody], network: Network) -> None:
    """W-54, W-48, C-3: named with a word of the patient's own; the representative reads Chinese."""
    alice, *_, carol = people
    alice.enter("people")
    card = alice.card("Representatives")
    card.get_by_text("Name a representative").click()
    field = card.get_by_label("Account of their wallet")
    card.get_by_role("button", name="Name them with my wallet").click()
    expect(card.get_by_role("alert")).to_contain_text("An account is 0x")
    field.fill(alice.wallet.address)
    card.get_by_role("button", name="Name them with my wallet").click()
    expect(card.get_by_role("alert")).to_contain_text("another account than your own")
    field.fill(carol.wallet.address)
    card.get_by_label("What you call them").fill("妹妹 Carol")
    card.get_by_role("button", name="Name them with my wallet").click()
    alice.hears("They act for you now.")
    expect(card).to_contain_text("妹妹 Carol")

    carol.enter("people")
    carol.card("您代表谁").get_by_role("button", name="代表此人").click()
    carol.page.get_by_role("dialog", name="您认识这个身份吗？").get_by_role(
        "button", name="我认识此 DID：继续"
    ).click()
    expect(carol.page.locator("#account")).to_contain_text("代表")
    consent = Hospital(network, "city").propose(did(alice.account, network.ledger.chain_id), TERMS, days=30)
    ways.go(carol.page, "consents")
    carol.press("用钱包签名")
    expect(carol.page.locator(f"#consent-{consent['id']} .badge")).to_have_text("生效中")

    card.get_by_role("button", name="End…").click()
    alice.press("End it with my wallet")
    alice.hears("Ended.")
    expect(card).to_contain_text("Nobody acts for you.")
    ways.go(carol.page, "people")
    expect(carol.page.locator("#problem")).not_to_be_empty()
    signed = [one["primaryType"] for one in alice.wallet.typed()]
    assert signed == ["AddDelegate", "RevokeDelegate"]
    assert alice.wallet.typed()[0]["message"]["delegate"] == carol.account
