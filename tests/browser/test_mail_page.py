"""News by e-mail, as the settings offer it (W-21). A real mail server: tests/app/gateway/test_page_mail*.py."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from consentry.network.run import Network
from tests.browser import ways
from tests.browser.people import Enrolled, enrolled

PATH = "**/api/notifications/email"


@dataclass
class MailOn:
    """In front of the network's gateway, which has no mail server: what one with a mail server answers."""

    address: str | None = None
    asked: list[Any] = field(default_factory=list)

    def email(self, route: Route) -> None:
        method = route.request.method
        if method == "GET":
            return route.fulfill(status=200, json={"available": True, "address": self.address})
        self.asked.append((method, json.loads(route.request.post_data or "null")))
        if method == "DELETE":
            self.address = None
            return route.fulfill(status=204)
        return route.fulfill(status=202, json={"ref": "r1", "address": "a…@example.org"})

    def confirmation(self, route: Route) -> None:
        told = json.loads(route.request.post_data or "null")
        self.asked.append(("POST", told))
        if told["code"] != "123456":
            words = {
                "code": "mail-code-wrong",
                "title": "This is not the code.",
                "nextStep": "Type it again.",
            }
            return route.fulfill(status=422, content_type="application/problem+json", body=json.dumps(words))
        self.address = "a…@example.org"
        return route.fulfill(status=204)


@pytest.fixture
def rosa(network: Network, context: BrowserContext) -> Enrolled:
    return enrolled(network, context)


def test_address_is_named_confirmed_and_forgotten(page: Page, network: Network, rosa: Enrolled) -> None:
    """W-21: a wrong code is said and can be typed again; the address stands in no address of the page."""
    gateway = MailOn()
    page.route(PATH, gateway.email)
    page.route(f"{PATH}/confirmation", gateway.confirmation)
    ways.enter(page, network.gateways["city"], "settings")
    mail = page.locator("#mail")
    mail.get_by_label("E-mail address").fill("not an address")
    mail.get_by_role("button", name="Send a code there").click()
    assert gateway.asked == []
    mail.get_by_label("E-mail address").fill("alice@example.org")
    mail.get_by_role("button", name="Send a code there").click()
    expect(mail.get_by_label("Code from the message")).to_be_focused(timeout=ways.SLOW)
    mail.get_by_label("Code from the message").fill("000000")
    mail.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("alert")).to_contain_text("not the code", timeout=ways.SLOW)
    mail.get_by_label("Code from the message").fill("123456")
    mail.get_by_role("button", name="Confirm").click()
    expect(mail).to_contain_text("News goes to", timeout=ways.SLOW)
    mail.get_by_role("button", name="Stop, and forget the address").click()
    expect(mail.get_by_label("E-mail address")).to_be_visible(timeout=ways.SLOW)
    assert [method for method, _ in gateway.asked] == ["PUT", "POST", "POST", "DELETE"]
    assert "example" not in page.url


def test_hospital_without_a_mail_server_says_so(page: Page, network: Network, rosa: Enrolled) -> None:
    """W-21"""
    ways.enter(page, network.gateways["city"], "settings")
    expect(page.locator("#mail")).to_contain_text("tells nobody by e-mail", timeout=ways.SLOW)
    expect(page.locator("#mail input")).to_have_count(0)
