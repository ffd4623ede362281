"""The core in Chromium: under the page's own policy, with its workers, over a record of 500."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from playwright.sync_api import BrowserContext, Page

from consentry.demo.actors import Hospital
from consentry.network.run import Network
from tests.browser.core_runs import bundled
from tests.browser.owners import Owner
from tests.browser.wallet import Wallet
from tests.journeys.bundles import bundle, laboratory, patient

SECONDS = 240
BUNDLES, EACH = 5, 100


@pytest.fixture(scope="session")
def core() -> Path:
    """The core as one script for a page."""
    return bundled("tests/browser/core/in_page.ts", "--target=es2022")


def run_in(page: Page, network: Network, core: Path) -> dict[str, Any]:
    page.route(
        "**/static/dist/core.js", lambda route: route.fulfill(path=core, content_type="text/javascript")
    )
    page.goto(network.gateways["city"])
    page.set_default_timeout(SECONDS * 1000)
    found = page.evaluate("async () => (await import('/static/dist/core.js')).run()")
    assert isinstance(found, dict)
    return found


def wallet_of(owner: Owner, network: Network, context: BrowserContext) -> Wallet:
    wallet = Wallet(account=Account.from_key(network.place.wallet_key(owner.slug)))
    wallet.install(context)
    return wallet


def test_page_reads_500_records(
    page: Page, context: BrowserContext, network: Network, new_owner: Callable[[], Owner], core: Path
) -> None:
    """W-32, W-25: all of them, newest first, in workers, under the page's policy and one signature; times are printed."""
    owner = new_owner()
    refs = {"mercy": owner.at_mercy, "city": owner.at_city}
    for number in range(BUNDLES):
        slug = ("mercy", "city")[number % 2]
        days = (date(2020, 1, 1) + timedelta(days=4 * (number * EACH + at)) for at in range(EACH))
        results = (laboratory(4 + at % 40 / 10, str(day)) for at, day in enumerate(days))
        Hospital(network, slug).publish(bundle(patient(f"M-{number}"), *results), refs[slug])
    wallet = wallet_of(owner, network, context)
    workers: list[str] = []
    page.on("worker", lambda worker: workers.append(worker.url))
    found = run_in(page, network, core)
    assert (found["records"], found["incomplete"], found["lying"]) == (BUNDLES * EACH, [], [])
    assert found["steps"][0] == 0 and found["steps"][-1] == BUNDLES * EACH
    assert found["steps"] == sorted(found["steps"])
    # The newest lot is asked for first.
    assert found["first"] > str(date.fromisoformat(found["newest"][:10]) - timedelta(days=4 * 3 * 50))
    assert found["verified"]["keepers"] == 5 and found["verified"]["receipts"] >= 3 * BUNDLES * EACH
    assert found["missing"] == []
    assert workers and {url.rsplit("/", 1)[1] for url in workers} == {"worker.js"}
    assert [data["primaryType"] for data in wallet.typed()] == ["PatientSession"]
    times = {name: found[name] for name in ("someIn", "readIn", "pause", "accountedIn", "accountPause")}
    print(f"\n{BUNDLES * EACH} records in Chromium, {len(workers)} workers, milliseconds: {times}")


def test_page_reads_without_workers(
    page: Page, context: BrowserContext, network: Network, new_owner: Callable[[], Owner], core: Path
) -> None:
    """W-32: where no worker starts, the page does the work itself."""
    owner = new_owner()
    Hospital(network, "mercy").publish(bundle(patient("N-1"), laboratory(5.5)), owner.at_mercy)
    wallet_of(owner, network, context)
    # What a service worker fetches is not seen here.
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    page.route("**/static/dist/worker.js", lambda route: route.abort())
    found = run_in(page, network, core)
    assert (found["records"], found["incomplete"]) == (1, [])
    assert found["verified"]["keepers"] == 5 and found["missing"] == []
