"""The patient's code, from a picture and before a camera (a film that Chromium plays as one)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from consentry.demo.actors import Hospital
from consentry.domain import addresses
from consentry.network.run import Network
from consentry.wallets.keyfile import Wallet as KeyWallet
from tests.browser.clinicians import SLOW, Clinician, Screen, enter, screen, wallet_of
from tests.browser.conftest import FLAGS, chromium
from tests.browser.pictures import code, film, png

ALICE = "0x" + "a1" * 20


def known_here(network: Network) -> tuple[str, str]:
    """DID and reference of somebody whom City has linked."""
    wallet = KeyWallet(secrets.token_bytes(32))
    ref = Hospital(network, "city").link(f"C-{secrets.token_hex(4)}", wallet)
    return addresses.did(wallet.address, network.ledger.chain_id), ref


def picture(shown: Screen, content: bytes) -> None:
    file = {"name": "card.png", "mimeType": "image/png", "buffer": content}
    shown.page.get_by_label("Choose a picture").set_input_files(file)  # type: ignore[arg-type]


def test_a_picture_of_the_code_finds_the_patient(clinician: Clinician, network: Network) -> None:
    """W-73: what is no picture, no code, no DID or another chain's is said, and finds nobody."""
    did, ref = known_here(network)
    bose = clinician("dr_bose")
    bose.go("Patient")
    said = bose.page.locator(".scan-said")
    for content, words in (
        (b"no picture", "This file is no picture that can be read."),
        (png([b"\xff" * 64] * 64), "No code was found in the picture."),
        (png(code("https://example.org")), "This code holds no DID."),
        (png(code(f"did:ethr:0x1:{ALICE}")), "This DID belongs to another network"),
    ):
        picture(bose, content)
        expect(said).to_contain_text(words, timeout=SLOW)
    picture(bose, png(code(did)))
    expect(bose.card("The patient")).to_contain_text(ref[:8], timeout=SLOW)


@pytest.fixture
def filming(browser: Browser, tmp_path: Path, network: Network) -> Iterator[tuple[Browser, str]]:
    """A browser whose camera sees the code of somebody whom City has linked; and the reference."""
    did, ref = known_here(network)
    (tmp_path / "camera.y4m").write_bytes(film(code(did)))
    flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    flags += [f"--use-file-for-fake-video-capture={tmp_path / 'camera.y4m'}"]
    flags += ["--no-sandbox"] if os.geteuid() == 0 else []
    launched = browser.browser_type.launch(executable_path=chromium(), headless=True, args=[*FLAGS, *flags])
    yield launched, ref
    launched.close()


def test_the_camera_finds_the_patient(
    filming: tuple[Browser, str], network: Network, screens: list[Screen]
) -> None:
    """W-73: it looks until it sees a code, and then no longer."""
    launched, ref = filming
    screens.append(screen(launched, wallet_of(network, "dr_bose")))
    bose = enter(screens[-1], f"{network.gateways['city']}/clinic")
    bose.go("Patient")
    bose.page.get_by_role("button", name="Use the camera").click()
    expect(bose.card("The patient")).to_contain_text(ref[:8], timeout=SLOW)


def test_in_an_emergency_the_code_comes_first_and_leads_on(clinician: Clinician, network: Network) -> None:
    """W-106: nothing to scroll past; after the picture the keyboard is at who signs as well."""
    did, _ = known_here(network)
    bose = clinician("dr_bose")
    bose.go("Emergency")
    form = bose.card("Open an emergency summary")
    expect(form.locator(".scanner + form")).to_have_count(1)
    picture(bose, png(code(did)))
    expect(form.get_by_label("Patient", exact=True)).to_have_value(did)
    expect(form.get_by_label("Who signs with you")).to_be_focused()


def test_without_a_camera_the_page_says_what_else_to_do(clinician: Clinician) -> None:
    """W-73: refused, or there is none: a picture or the DID will do."""
    bose = clinician("dr_bose")
    bose.go("Patient")
    bose.page.get_by_role("button", name="Use the camera").click()
    expect(bose.page.locator(".scan-said")).to_contain_text("The camera could not be used.", timeout=SLOW)
    expect(bose.page.get_by_role("button", name="Stop the camera")).to_be_hidden()
