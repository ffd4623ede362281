"""Hostile names, hostile words, hostile pages: in a real browser (W-23, W-24)."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route, expect

from consentry.network.run import Network
from tests.browser import ways
from tests.browser.node import evaluate
from tests.browser.stand_in import StandIn
from tests.browser.wallet import Wallet
from tests.waiting import until

SLOW = 60_000
MARKUP = '<img src=x onerror="document.title=\'stolen\'"><script>document.title="stolen"</script>'
BACKWARDS = "\u202eLATIPSOH YTIC\u202c مستشفى المدينة"


def told_with(page: Page, path: str, change: Any) -> None:
    """The gateway's answer at this path, with something changed on the way."""

    def altered(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=json.dumps(change(answer.json())))

    page.route(f"**{path}", altered)


@contextmanager
def served(html: str) -> Iterator[str]:
    """Somebody else's page on this machine: of the same site, as ports do not part sites, and of another origin."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, format: str, *arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f":{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def at(url: str, place: str) -> str:
    """The other page under the host of this gateway."""
    return url.rsplit(":", 1)[0] + place


def test_names_are_text_whatever_they_hold(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-23: markup runs nothing, and a name that is written from right to left turns no other words around."""

    def named(network: dict[str, Any]) -> dict[str, Any]:
        return network | {"member": network["member"] | {"name": MARKUP + BACKWARDS}}

    told_with(page, "/api/network", named)
    ways.enter(page, stand_in.url)
    expect(page.locator("footer")).to_contain_text("<img src=x", timeout=SLOW)
    expect(page.locator("footer img, footer script")).to_have_count(0)
    expect(page.locator("footer bdi")).to_contain_text("LATIPSOH")
    assert "stolen" not in page.title()


def test_name_in_a_sentence_does_not_get_out_of_its_place() -> None:
    """W-23: it loses what would end its isolation or turn what follows, and nothing else of any script."""
    turning = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    names = [f"City\u2069\u202e{turning} Hospital", "مستشفى المدينة", "नमस्ते क्\u200dष", "市立医院 🏥"]
    source = """import { isolated } from "./app/browser/text/isolated";
    declare const given: string[];
    console.log(JSON.stringify(given.map(isolated)));"""
    kept = ["City Hospital", *names[1:]]
    assert evaluate(source, names) == [f"\u2068{name}\u2069" for name in kept]


def test_words_of_a_gateway_are_text(page: Page, alice: Wallet, stand_in: StandIn) -> None:
    """W-23: title, next step and reference of a problem."""

    def refuse(route: Route) -> None:
        words = dict.fromkeys(("title", "detail", "nextStep", "requestId"), MARKUP)
        route.fulfill(
            status=409, content_type="application/problem+json", body=json.dumps(words | {"code": MARKUP})
        )

    page.route("**/api/sign-in/challenges", refuse)
    ways.connect(page, stand_in.url)
    expect(page.get_by_role("alert")).to_contain_text("<img src=x", timeout=SLOW)
    expect(page.locator("[role=alert] img, [role=alert] script")).to_have_count(0)
    assert "stolen" not in page.title()


def test_page_is_not_shown_inside_another_one(context: BrowserContext, network: Network) -> None:
    """W-23: nobody lays something over it and has a patient click there."""
    page, city = context.new_page(), network.gateways["city"]
    with served(f'<h1>Win a prize</h1><iframe src="{city}/"></iframe>') as place:
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text, timeout=SLOW):
            page.goto(at(city, place))
        expect(page.locator("h1")).to_have_text("Win a prize")
        inside = page.frame_locator("iframe")
        expect(inside.locator("#served-by")).to_have_count(0)


FORGED = """<form method="post" target="{name}" enctype="text/plain" action="{city}{path}">
<input name='{{"type":"consent-request","id":"' value='x"}}'></form><iframe name="{name}"></iframe>"""
ENDING = """<h1>Win a prize</h1><script>
for (const form of document.forms) form.submit();
fetch("{city}/api/sign-in", {{ method: "DELETE", credentials: "include" }})
  .catch(() => document.body.append("refused"));
</script>"""
PATHS = ("/api/notifications/seen", "/api/consents/own/granted", "/api/directory")


def test_another_page_changes_nothing_with_the_patients_cookie(
    context: BrowserContext, alice: Wallet, network: Network
) -> None:
    """W-24: of the same site, so that the browser sends the cookie along."""
    city = network.gateways["city"]
    own = context.new_page()
    ways.enter(own, city)
    page = context.new_page()
    answers: list[tuple[str, int]] = []
    page.on("response", lambda one: answers.append((one.request.method, one.status)))

    def posted() -> list[int]:
        page.wait_for_timeout(0)  # lets the browser's news in
        return [status for method, status in answers if method == "POST"]

    forms = [FORGED.format(city=city, path=path, name=f"f{number}") for number, path in enumerate(PATHS)]
    with served("".join(forms) + ENDING.format(city=city)) as place:
        page.goto(at(city, place))
        expect(page.locator("body")).to_contain_text("refused", timeout=SLOW)
        until(lambda: len(posted()) == len(PATHS), "an answer to each form")
    assert set(posted()) == {403}
    assert own.evaluate("() => fetch('/api/me').then((answer) => answer.status)") == 200
