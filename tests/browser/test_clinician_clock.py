"""A clinician whose device's clock is wrong."""

from __future__ import annotations

import time

from playwright.sync_api import expect

from consentry.domain import times
from consentry.network.run import Network
from tests.browser.clinicians import SLOW, Clinician, Screen
from tests.browser.test_clinician_incomplete import answering, reading
from tests.browser.test_clinician_journey import asked

SLOW_BY_SECONDS = 180


def behind(shown: Screen) -> Screen:
    """From now on this device's clock is three minutes slow."""
    shown.page.evaluate(
        "(by) => { const now = Date.now.bind(Date); Date.now = () => now() - by; }", SLOW_BY_SECONDS * 1000
    )
    return shown


def test_a_slow_clock_keeps_nobody_from_reading_or_asking(
    clinician: Clinician, phone: Screen, network: Network
) -> None:
    """W-75, W-74, W-102: the times of a session and of a consent are those of the chain, whatever the device says."""
    bose = behind(reading(clinician, phone, network))
    answering(bose, {})
    bose.page.get_by_role("button", name="Sign and read").click()
    expect(bose.page.get_by_text("There is nothing to show.")).to_be_visible(timeout=SLOW)
    bose.page.get_by_role("link", name="Ask for a consent").click()
    with bose.page.expect_request(
        lambda one: one.method == "POST" and one.url.endswith("/proposals")
    ) as sent:
        asked(bose)
    from_ = times.seconds(sent.value.post_data_json["validFrom"])
    assert abs(from_ - time.time()) < SLOW_BY_SECONDS / 2 + 60
