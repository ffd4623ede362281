"""Waiting for somebody else's signature while the gateway is silent, and beside openings that are false."""

from __future__ import annotations

import secrets
from typing import Any

from playwright.sync_api import Route, expect

from consentry.domain import addresses
from consentry.network.run import Network
from tests.browser.clinicians import SLOW, Clinician, Screen, past_the_page
from tests.browser.node import evaluate
from tests.browser.test_clinician_emergency import begun, known

LINK_SECONDS = 600
WAITING = "**/api/emergency/openings/waiting"


def test_the_second_declines_and_the_first_hears_of_it_after_a_silence(
    clinician: Clinician, phone: Screen, network: Network
) -> None:
    """W-76: the gateway can't be reached for a while; the page goes on asking, and tells that nothing was opened."""
    did = known(network, phone)
    duarte, okoye = clinician("dr_duarte"), clinician("nurse_okoye")
    failed: list[Route] = []

    def silence(route: Route) -> None:
        failed.append(route)
        route.abort()

    duarte.page.route(f"{WAITING}/*", silence, times=2)
    begun(duarte, did, "Nurse Ada Okoye, a nurse")
    with duarte.page.expect_response(f"{WAITING}/*"):
        pass
    assert len(failed) == 2
    expect(duarte.page.locator("#problem")).to_be_empty()
    okoye.go("Emergency")
    okoye.card("A colleague needs your signature").get_by_role("button", name="Decline").click()
    okoye.said("You declined. Nothing was opened.")
    duarte.said("Nothing was opened.")
    assert not okoye.wallet.typed()


def test_a_link_that_is_waited_for_in_silence_ends(
    clinician: Clinician, phone: Screen, network: Network
) -> None:
    """W-73: after ten minutes the desk may begin again, and hears that the gateway was silent to the end."""
    owner = past_the_page(network, phone.wallet, "city")
    bose = clinician("dr_bose")
    bose.page.clock.install()
    bose.go("Patient")
    bose.page.get_by_label("DID", exact=True).fill(addresses.did(owner.patient, network.ledger.chain_id))
    bose.page.get_by_role("button", name="Find", exact=True).click()
    asking = bose.card("Link the patient")
    asking.get_by_label("The patient’s number here").fill(f"C-{secrets.token_hex(4)}")
    bose.page.route("**/api/patients/find", lambda route: route.abort())
    asking.get_by_role("button", name="Ask the patient’s wallet").click()
    expect(asking.get_by_role("progressbar")).to_be_visible(timeout=SLOW)
    bose.page.clock.fast_forward(LINK_SECONDS * 1000)
    expect(bose.page.locator("#problem")).to_contain_text("does not answer", timeout=SLOW)
    expect(asking.get_by_role("progressbar")).to_have_count(0)
    expect(asking.get_by_role("button", name="Ask the patient’s wallet")).to_be_enabled()


WAITS = """
import { Problem } from "./app/browser/core/api";
import { until } from "./app/browser/clinician/waiting";
const silent = () => Promise.reject(new Problem("gateway-unreachable", "", null, null));
const never = new AbortController().signal;
const left = new AbortController();
left.abort();
const turns = (...all: (() => Promise<string | null>)[]) => () => (all.length > 1 ? all.shift() : all[0])!();
const waits = [
  until(turns(async () => null), 1, never),
  until(turns(silent), 1, never),
  until(turns(silent, async () => null), 3, never),
  until(turns(silent, async () => "signed"), 60, never),
  until(turns(() => Promise.reject(new Problem("rate-limited", "", null, null))), 60, never),
  until(turns(silent), 60, left.signal),
];
const told = await Promise.allSettled(waits);
console.log(JSON.stringify(told.map((one) => (one.status === "fulfilled" ? one.value : one.reason.code))));
"""


def test_waiting_ends_with_an_answer_or_with_what_was_heard_last() -> None:
    """W-76: nobody signed, silence to the end, silence before, an answer after silence, a refusal, a page that was left."""
    assert evaluate(WAITS, None) == [
        None, "gateway-unreachable", None, "signed", "rate-limited", None,
    ]  # fmt: skip


def test_one_false_opening_hides_no_other(clinician: Clinician, phone: Screen, network: Network) -> None:
    """W-76: what does not fit together fails alone; the opening beside it can be declined or signed."""
    did = known(network, phone)
    duarte, okoye = clinician("dr_duarte"), clinician("nurse_okoye")
    begun(duarte, did, "Nurse Ada Okoye, a nurse")

    def beside(route: Route) -> None:
        honest: list[dict[str, Any]] = route.fetch().json()["openings"]
        route.fulfill(json={"openings": [*(one | {"id": "0x" + "ab" * 32} for one in honest), *honest]})

    okoye.page.route(WAITING, beside)
    okoye.go("Emergency")
    expect(okoye.card("This cannot be signed")).to_contain_text("is not what it says it is")
    okoye.card("A colleague needs your signature").get_by_role("button", name="Decline").click()
    duarte.said("Nothing was opened.")
