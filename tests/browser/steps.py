"""What people do on two devices at once, in the language that both pages speak: `said` are its words."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, expect

from consentry.demo.actors import Hospital
from consentry.domain import addresses
from consentry.network.run import Network
from consentry.wallets.keyfile import Wallet as KeyWallet
from tests.browser.clinicians import SLOW, Screen
from tests.browser.wallet import Wallet
from tests.browser.ways import NEWS
from tests.waiting import until

CITY = "City Hospital"
ISO = "%Y-%m-%dT%H:%M:%SZ"


def press(shown: Screen | Locator, name: str) -> None:
    within = shown.page if isinstance(shown, Screen) else shown
    within.get_by_role("button", name=name, exact=True).click()


def treated_at_mercy(network: Network, owner: Screen, content: Callable[[str], bytes]) -> str:
    """Mercy's computer system files this; the patient's DID."""
    keys, number, mercy = KeyWallet(bytes(owner.wallet.account.key)), f"M-{secrets.token_hex(4)}", "mercy"
    hospital = Hospital(network, mercy)
    hospital.publish(content(number), hospital.link(number, keys))
    return addresses.did(keys.address, network.ledger.chain_id)


def linked(desk: Screen, owner: Screen, did: str, said: dict[str, Any]) -> None:
    """The desk asks on its page, the patient signs on hers."""
    t = said["patient"]
    desk.go(said["pages"]["patient"])
    desk.page.get_by_label(t["did"], exact=True).fill(did)
    press(desk, t["search"])
    asking = desk.card(t["link"])
    asking.get_by_label(t["linkNumber"]).fill(f"C-{secrets.token_hex(4)}")
    press(asking, t["linkBegin"])
    expect(asking).to_contain_text(t["linkWaits"])
    owner.go(said["pages"]["hospitals"])
    press(owner, said["hospitals"]["sign"])
    owner.said(said["hospitals"]["signed"])
    desk.said(t["linked"])


def asked(desk: Screen, said: dict[str, Any]) -> None:
    """For a consent to read laboratory results, to treat, for 30 days."""
    t, codes = said["asking"], said["codes"]
    asking = desk.card(t["title"])
    asking.get_by_label(t["purpose"], exact=True).select_option(codes["reads"])
    asking.get_by_label(codes["laboratory"]).check()
    asking.get_by_label(codes["attending"]).check()
    asking.get_by_label(t["sensitivity"], exact=True).select_option(t["sensitivities"]["R"])
    asking.get_by_label(t["period"], exact=True).select_option(t["days"]["30"])
    press(asking, t["send"])
    desk.said(t["sent"])
    expect(desk.card(said["clinicConsents"]["title"]).locator("[data-status=proposed]")).to_have_count(1)


def told(owner: Screen, title: str, way: str, said: dict[str, Any]) -> None:
    """The open page says by itself that something is new; its list says what, and leads there."""
    count = owner.page.locator("#news")
    expect(count).to_have_text(said["news"]["unseen"].format(1), timeout=NEWS)
    count.click()
    item = owner.page.locator("#news-list article[data-fresh]")
    expect(item).to_contain_text(title.format(f"\u2068{CITY}\u2069"))
    item.get_by_role("link", name=way).click()


def shown_to_the_wallet(wallet: Wallet, network: Network) -> None:
    """Recipient, purposes, categories, dates as words; the one address of somebody else follows its name."""
    data = wallet.typed()[-1]
    types = {name: {one["name"]: one["type"] for one in all_} for name, all_ in data["types"].items()}
    message, terms = data["message"], data["message"]["terms"]
    assert (data["primaryType"], message["patient"]) == ("Consent", wallet.address.lower())
    assert list(terms)[:2] == list(types["Terms"])[:2] == ["recipientName", "recipient"]
    assert (terms["recipientName"], terms["recipient"]) == (CITY, str(network.members["city"].account))
    (provision,) = terms["provisions"]
    named = [provision[key] for key in ("purposes", "categories", "confidentiality", "authors")]
    assert named == [["TREAT"], ["laboratory"], "R", ["any"]] and terms["roles"] == ["attending"]
    # Words and dates are texts, which wallets show as they are, and no numbers.
    assert {types["Consent"][key] for key in ("validFrom", "validUntil", "relayBefore")} == {"string"}
    assert {types["Provision"][key] for key in ("purposes", "categories")} == {"string[]"}
    begins, ends = (datetime.strptime(message[key], ISO) for key in ("validFrom", "validUntil"))
    now = datetime.now(UTC).replace(tzinfo=None)
    assert begins < now and timedelta(days=30) <= ends - begins <= timedelta(days=30, minutes=5)


def read(desk: Screen, said: dict[str, Any]) -> None:
    t, page = said["reading"], desk.page
    desk.go(said["pages"]["record"])
    page.get_by_label(t["purpose"], exact=True).select_option(said["codes"]["reads"])
    page.get_by_role("button", name=re.compile(f"^({t['read']}|{t['again']})$")).click()
    title = page.get_by_role("heading", name=t["what"].format(said["codes"]["reads"]))
    expect(title).to_be_focused(timeout=SLOW)


def proven(owner: Screen, ground: str, said: dict[str, Any]) -> Locator:
    """The occasion of this ground, once keepers have brought its receipts to the chain and the page has checked them."""
    t, page = said["readers"], owner.page
    owner.go(said["pages"]["readers"])
    expect(
        page.locator("#verdict").or_(page.get_by_role("button", name=t["check"], exact=True))
    ).to_be_visible()
    one = page.locator(f"#occasions article[data-ground={ground}][data-kind=access]").first

    def checked() -> bool:
        if page.locator("#verdict").is_visible():
            press(owner, t["again"])  # what was found stays until the next check is through
            again = page.get_by_role("button", name=t["again"], exact=True)
            expect(again).not_to_have_attribute("aria-busy", "true", timeout=SLOW)
        else:
            press(owner, t["check"])
        expect(page.locator("#verdict")).to_be_visible(timeout=SLOW)
        return one.get_by_text(t["proof"]["on-chain"]).is_visible()

    until(checked, "an access proven on the chain")
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", "holds")
    return one
