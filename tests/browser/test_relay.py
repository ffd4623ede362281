"""The chain as a page has it, from its own gateway or another member's (W-13, W-14, W-17), on the real network."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page

from consentry.network.run import Network

ASK = """async ([url, credentials]) => {
  const body = JSON.stringify([
    { jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] },
    { jsonrpc: "2.0", id: 2, method: "eth_getBlockByNumber", params: ["latest", false] },
  ]);
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body, credentials });
  return (await answer.json()).map(({ result }) => result.hash ?? result);
}"""
STREAM = """(url) => new Promise((done) => {
  const source = new EventSource(url);
  source.onerror = () => { source.close(); done("refused"); };
})"""


def test_page_asks_its_own_and_any_other_members_relay(page: Page, network: Network) -> None:
    """W-13, W-17: the patient need not believe the gateway that serves the page what the chain says."""
    city, mercy = network.gateways["city"], network.gateways["mercy"]
    page.goto(city)
    members = page.evaluate("() => fetch('/api/members').then((answer) => answer.json())")["members"]
    known = {one["name"]: one["gateway"] for one in members if one["gateway"]}
    assert sorted(known.values()) == sorted([city, mercy])
    own = page.evaluate(ASK, ["/api/chain", "same-origin"])
    other = page.evaluate(ASK, [f"{mercy}/api/chain", "omit"])
    assert int(own[0], 16) == int(other[0], 16) == network.ledger.chain_id
    assert {len(own[1]), len(other[1])} == {66}


def test_page_gets_nothing_else_from_another_member(context: BrowserContext, network: Network) -> None:
    """W-13, W-24: the relay alone is open to other origins; the browser says of all else that it is not."""
    page = context.new_page()
    page.goto(network.gateways["city"])
    mercy = network.gateways["mercy"]
    read = "(url) => fetch(url, { credentials: 'omit' }).then(() => 'read', () => 'refused')"
    assert page.evaluate(read, f"{mercy}/api/network") == "refused"
    assert page.evaluate(STREAM, f"{mercy}/api/notifications/stream") == "refused"
    assert page.evaluate(read, "/api/network") == "read"
