"""Browser, wallet and gateways for the tests of the pages."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from consentry.network.place import Place
from consentry.network.run import Network
from tests.browser.clinicians import PHONE, Clinician, Screen, enter, screen, wallet_of
from tests.browser.owners import Owner, owners
from tests.browser.stand_in import StandIn
from tests.browser.stand_in_api import serve
from tests.browser.wallet import Wallet
from tests.browser.ways import SLOW

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]

# A condition that holds is found at once; one that a loaded machine is slow to fulfil is waited for.
expect.set_options(timeout=SLOW)


def chromium() -> str:
    """Debian's Chromium, or the one that CONSENTRY_CHROMIUM names."""
    found = os.environ.get("CONSENTRY_CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.fail(
            "CHROMIUM IS MISSING, so nothing in a browser was tested. On Debian: apt-get install chromium"
        )
    return found


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages' scripts and styles, built from the sources as they are now: the folder. Where several processes share the
    tests, the first builds and the others wait: none may find a page half written."""
    run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent
    with (run / "bundle").open("a") as built:
        fcntl.flock(built, fcntl.LOCK_EX)
        if built.tell() == 0:
            build = ["node", "app/browser/build.mjs"]
            subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
            built.write("built")
    return ROOT / "app" / "consentry" / "gateway" / "static" / "dist"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Chromium's own sandbox does not start for root.
    flags = FLAGS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), headless=True, args=flags)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser, bundle: Path) -> Iterator[BrowserContext]:
    """A phone's screen, in English."""
    opened = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="en-GB", timezone_id="UTC", service_workers="block"
    )
    opened.set_default_timeout(SLOW)
    yield opened
    opened.close()


@pytest.fixture
def alice(context: BrowserContext) -> Wallet:
    """A patient's wallet, installed in the browser, on another chain than Consentry's."""
    wallet = Wallet()
    wallet.install(context)
    return wallet


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which nothing may go wrong unnoticed: script errors and policy violations fail the test."""
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on(
        "console",
        lambda message: (
            problems.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    yield opened
    assert not problems


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """A gateway without a chain that can be told to lie."""
    with serve(StandIn()) as gateway:
        yield gateway


@pytest.fixture(scope="session")
def network(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The real one: anvil, contracts, five keepers, two gateways that serve the page, all as processes."""
    with Network(Place(tmp_path_factory.mktemp("network") / "here")) as running:
        running.start(lambda words: None)
        yield running


@pytest.fixture
def screens() -> Iterator[list[Screen]]:
    """All devices of a test; in the end nothing went wrong on any of them."""
    opened: list[Screen] = []
    yield opened
    for one in opened:
        one.context.close()
    assert [one.problems for one in opened] == [[]] * len(opened)


@pytest.fixture
def clinician(browser: Browser, bundle: Path, network: Network, screens: list[Screen]) -> Clinician:
    """Somebody of City, signed in at the clinicians' page before an own device."""

    def signed_in(slug: str) -> Screen:
        screens.append(screen(browser, wallet_of(network, slug)))
        return enter(screens[-1], f"{network.gateways['city']}/clinic")

    return signed_in


@pytest.fixture
def phone(browser: Browser, bundle: Path, screens: list[Screen]) -> Screen:
    """A patient's phone with a new wallet."""
    screens.append(screen(browser, Wallet(), PHONE))
    return screens[-1]


@pytest.fixture(scope="session")
def new_owner(network: Network) -> Callable[[], Owner]:
    """Makes a patient with an open directory, linked at both hospitals."""
    return owners(network)
