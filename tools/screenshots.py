#!/usr/bin/env python3
"""Pictures of every page, of patients and of clinicians: phone and desktop, both languages, light and dark.

    tools/screenshots.py [--only WORD]...      pictures go to build/screenshots/

A real network is started and given a patient with a past; the pages are found by their own navigation. `--only` keeps the
pictures whose name has every one of these words (`--only phone --only zh`).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import get_args

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from consentry.domain import addresses  # noqa: E402
from consentry.network.place import Place  # noqa: E402
from consentry.network.run import Network  # noqa: E402
from tests.browser.conftest import FLAGS  # noqa: E402
from tests.browser.guests import with_mandate  # noqa: E402
from tests.browser.inhabited import Inhabited, inhabit, staff_wallet  # noqa: E402
from tests.browser.reach import LOCALES, Theme, Visit, settled, visiting  # noqa: E402
from tests.browser.wallet import Wallet  # noqa: E402

PICTURES = ROOT / "build" / "screenshots"
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
AUDIENCES = {"patient": "/", "clinician": "/clinic"}
# Without a font of Chinese both signs are the same box.
_BOXES = """() => {
  const drawn = (sign) => {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d");
    context.font = "40px sans-serif";
    context.fillText(sign, 10, 60);
    return canvas.toDataURL();
  };
  return drawn("中") === drawn("病");
}"""
# Charts draw themselves when they come into sight.
_THROUGH = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)));
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) { scrollTo(0, y); await frame(); }
  scrollTo(0, 0);
  await frame();
}"""


_NO_CHROMIUM = """The pictures need Chromium, and none was found. On Debian: apt-get install chromium
Or name one: CONSENTRY_CHROMIUM=/path/to/chrome make screenshots"""
_NO_CHINESE = (
    "No font of Chinese was found: its pictures will show boxes. On Debian: apt-get install fonts-noto-cjk"
)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", action="append", default=[], metavar="WORD")
    only = parser.parse_args(arguments).only
    found = subprocess.run([ROOT / "tools" / "chromium.sh"], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        print(_NO_CHROMIUM, file=sys.stderr)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="consentry-screenshots-") as folder,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=found.stdout.strip(), args=[*FLAGS, "--no-sandbox"]
        )
        page = browser.new_page()
        if page.evaluate(_BOXES):
            print(_NO_CHINESE, flush=True)
        page.close()
        with Network(Place(Path(folder) / "network")) as network:
            print("starting a network …", flush=True)
            network.start(lambda words: None)
            inhabited = inhabit(network)
            count = sum(1 for _ in _pictures(browser, inhabited, only))
        browser.close()
    print(f"{count} pictures in {PICTURES.relative_to(ROOT)}/")
    return 0 if count else 1


def _pictures(browser: Browser, inhabited: Inhabited, only: list[str]) -> Iterator[Path]:
    for audience, size, language, theme in product(AUDIENCES, SIZES, LOCALES, get_args(Theme)):
        kind = f"{size}-{language}-{theme}"
        if not all(word in f"{audience}-{kind}" for word in only):
            continue
        clinician = audience == "clinician"
        wallet = staff_wallet(inhabited.network, "dr_bose") if clinician else inhabited.wallet
        width, height = SIZES[size]
        url = inhabited.url + AUDIENCES[audience]
        with visiting(
            browser, url, wallet, language=language, theme=theme, width=width, height=height
        ) as visit:
            yield _taken(visit, f"{audience}-0-way-in-{kind}")
            visit.enter()
            for at, route in enumerate(visit.routes(), start=1):
                visit.show(route)
                yield _taken(visit, f"{audience}-{at}-{route}-{kind}")
            yield from _at_work(visit, inhabited, kind) if clinician else _within(visit, kind)
        if not clinician:
            yield from _guest(browser, inhabited, kind, language=language, theme=theme, size=SIZES[size])


def _within(visit: Visit, kind: str) -> Iterator[Path]:
    """A record of several results, a summary, and the overview as it is printed."""
    for category in ("vitals", "emergency"):
        visit.show("records")
        visit.page.locator("#content select").first.select_option(category)
        visit.page.locator("#content tbody a").first.click()
        settled(visit.page)
        yield _taken(visit, f"patient-record-{category}-{kind}")
    visit.show("overview")
    visit.page.emulate_media(media="print")
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    yield _taken(visit, f"patient-paper-{kind}")


def _at_work(visit: Visit, inhabited: Inhabited, kind: str) -> Iterator[Path]:
    """A patient with consents, what may be read, and answering a request."""
    page = visit.page
    visit.show("patient")
    account = addresses.address(inhabited.wallet.address.lower())
    page.locator("form input").nth(1).fill(addresses.did(account, inhabited.network.ledger.chain_id))
    page.locator("form button").click()
    page.locator("article.consent").first.wait_for()
    yield _taken(visit, f"clinician-at-patient-{kind}")
    visit.show("record")
    page.locator("select").select_option("TREAT")
    page.locator("form button").click()
    page.locator("#was-read").wait_for()
    yield _taken(visit, f"clinician-at-record-{kind}")
    visit.show("petitions")
    page.locator("article.petition summary").first.click()
    yield _taken(visit, f"clinician-at-petition-{kind}")


def _guest(
    browser: Browser, inhabited: Inhabited, kind: str, *, language: str, theme: Theme, size: tuple[int, int]
) -> Iterator[Path]:
    """A first visit, naming somebody for a part, and reading what somebody else has given."""
    (width, height), wallet = size, Wallet()
    with_mandate(inhabited.network, wallet)
    with visiting(
        browser, inhabited.url, wallet, language=language, theme=theme, width=width, height=height
    ) as visit:
        page = visit.page
        visit.enter()
        for route in ("overview", "hospitals", "consents"):
            visit.show(route)
            yield _taken(visit, f"patient-new-{route}-{kind}")
        visit.show("people")
        form = page.locator("section.card").nth(1)
        form.locator("summary").first.click()
        yield _taken(visit, f"patient-mandate-form-{kind}")
        form.locator("input[type=text]").first.fill("0x" + "ab" * 20)
        form.locator("input[type=checkbox]").first.check()
        form.locator("button.primary").click()
        form.locator("[data-status=proposed]").wait_for()
        yield _taken(visit, f"patient-mandate-signed-{kind}")
        held = page.locator("article[data-status=active]")
        held.locator("button.primary").click()
        held.wait_for(state="detached")
        page.locator("#content .actions button.primary").click()
        page.locator("#content .empty, #content article, #content table").first.wait_for()
        settled(page)
        yield _taken(visit, f"patient-behalf-{kind}")


def _taken(visit: Visit, name: str) -> Path:
    path = PICTURES / f"{name}.png"
    visit.page.evaluate(_THROUGH)
    visit.page.screenshot(path=path, full_page=True, animations="disabled")
    print(path.name, flush=True)
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
