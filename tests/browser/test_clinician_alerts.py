"""What staff learn while a page is open: a colleague waits, a patient has answered, nothing works here any more."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from consentry.demo.actors import Hospital
from consentry.domain import addresses
from consentry.network.run import Network
from tests.browser.clinicians import SLOW, Clinician, Screen, past_the_page
from tests.browser.test_clinician_choices import terms
from tests.browser.test_clinician_emergency import begun, known
from tests.browser.test_clinician_journey import asked, found

ASKS = "A colleague needs your signature"


def test_whoever_is_asked_to_sign_learns_it_on_the_open_page(
    clinician: Clinician, phone: Screen, network: Network
) -> None:
    """W-126: above every page with the way to it, on the desk itself; it goes when it is taken back."""
    did = known(network, phone)
    duarte, okoye = clinician("dr_duarte"), clinician("nurse_okoye")
    okoye.go("Patient")
    okoye.page.get_by_label("Number here").fill("half-typed")
    begun(duarte, did, "Nurse Ada Okoye, a nurse")
    banner = okoye.page.locator("#banner")
    expect(banner).to_contain_text("A colleague needs your signature for an emergency, now.", timeout=SLOW)
    expect(okoye.page.get_by_label("Number here")).to_have_value("half-typed")
    banner.get_by_role("link", name="See it").click()
    expect(okoye.card(ASKS)).to_be_visible()
    expect(banner).to_be_empty()
    okoye.go("My desk")
    expect(okoye.card(ASKS)).to_be_visible()
    duarte.card("Waiting for the second signature").get_by_role("button", name="Take it back").click()
    okoye.said("Nothing was opened.")
    expect(okoye.card(ASKS)).to_have_count(0)
    duarte.wallet.signed.clear()
    begun(duarte, did, "Nurse Ada Okoye, a nurse")
    okoye.card(ASKS).get_by_role("button", name="Sign as the second, and open").click()
    okoye.said("The summary is open.")
    duarte.said("The summary is open.")


def test_one_lost_answer_hides_nobody_who_waits(
    clinician: Clinician, phone: Screen, network: Network
) -> None:
    """W-126: an answer from before it was signed, or one that takes it for gone, is made good by the next look."""
    did = known(network, phone)
    duarte, okoye = clinician("dr_duarte"), clinician("nurse_okoye")
    okoye.go("Emergency")
    expect(okoye.card("Open an emergency summary")).to_be_visible()
    openings = "**/api/emergency/openings/waiting"
    okoye.page.route(openings, lambda route: route.fulfill(json={"openings": []}), times=1)
    with okoye.page.expect_response(openings) as missed:
        begun(duarte, did, "Nurse Ada Okoye, a nurse")
    assert missed.value.json() == {"openings": []}
    expect(okoye.card(ASKS)).to_be_visible(timeout=SLOW)
    okoye.page.route(
        f"{openings}/ids", lambda route: route.fulfill(json={"first": [], "second": []}), times=1
    )
    okoye.said("Nothing was opened.")
    okoye.card(ASKS).get_by_role("button", name="Sign as the second, and open").click(timeout=SLOW)
    okoye.said("The summary is open.")


def test_the_patients_answer_comes_to_the_open_page(
    clinician: Clinician, phone: Screen, network: Network
) -> None:
    """W-127: signed, or declined; the form below stays as it was, and so it does on the desk."""
    owner, city = past_the_page(network, phone.wallet, "city"), Hospital(network, "city")
    city.link(f"C-{owner.patient[-8:]}", owner.wallet)
    bose = clinician("dr_bose")
    found(bose, addresses.did(owner.patient, network.ledger.chain_id))
    asked(bose)
    given = bose.card("Consents of this patient to your institution")
    expect(given).to_contain_text("waits for the patient")
    bose.page.get_by_label("What for").select_option("treatment")
    (one,) = owner.consents()
    owner.grant(one)
    bose.said("The patient has signed what you asked for.")
    expect(given).to_contain_text("in force")
    expect(bose.page.get_by_label("What for")).to_have_value("TREAT")
    bose.page.get_by_label("What for").select_option("")
    asked(bose)
    bose.go("My desk")
    table = bose.card("What you asked patients for")
    expect(table).to_contain_text("waits for the patient")
    (other,) = (each for each in owner.consents() if each["status"] == "proposed")
    owner.gateway.delete(f"/api/consents/{other['id']}")
    bose.said("The patient does not want what you asked for")
    expect(table).not_to_contain_text("waits for the patient")


def test_what_a_full_list_lacks_is_not_told_as_declined(
    clinician: Clinician, phone: Screen, network: Network
) -> None:
    """W-127: two hundred newer requests push one off the list, which its patient has not answered at all."""
    owner, city = past_the_page(network, phone.wallet, "city"), Hospital(network, "city")
    city.link(f"C-{owner.patient[-8:]}", owner.wallet)
    bose = clinician("dr_bose")
    found(bose, addresses.did(owner.patient, network.ledger.chain_id))
    asked(bose)
    bose.go("My desk")
    table = bose.card("What you asked patients for")
    expect(table).to_contain_text("waits for the patient")

    def full(route: Route) -> None:
        answer = route.fetch()
        one = answer.json()["consents"][0] | {"status": "active"}
        route.fulfill(response=answer, json={"consents": [one | {"id": f"0x{n:064x}"} for n in range(200)]})

    proposals = "**/api/consents/proposals"
    bose.page.route(proposals, full)
    bose.page.route(f"{proposals}/waiting", lambda route: route.fulfill(json={"ids": []}))
    expect(table).not_to_contain_text("waits for the patient", timeout=SLOW)
    expect(bose.page.locator("#status")).to_be_empty()


def test_of_several_the_one_that_was_answered_is_told(
    clinician: Clinician, phone: Screen, network: Network
) -> None:
    """W-127: beside one that waits, though a list of the newest has no place for it."""
    owner, city = past_the_page(network, phone.wallet, "city"), Hospital(network, "city")
    city.link(f"C-{owner.patient[-8:]}", owner.wallet)
    bose = clinician("dr_bose")
    found(bose, addresses.did(owner.patient, network.ledger.chain_id))
    asked(bose)
    ids, second = [f"0x{n:064x}" for n in (1, 2)], {"status": "proposed"}

    def both(route: Route) -> None:
        answer = route.fetch()
        one = answer.json()["consents"][0]
        pair = [one | {"id": ids[0]}, one | {"id": ids[1]} | second]
        route.fulfill(response=answer, json={"consents": pair})

    proposals = "**/api/consents/proposals"
    bose.page.route(proposals, both)
    bose.page.route(f"{proposals}/waiting", lambda route: route.fulfill(json={"ids": ids}))
    bose.go("My desk")
    table = bose.card("What you asked patients for")
    expect(table.get_by_text("waits for the patient")).to_have_count(2)
    second["status"] = "active"
    bose.page.route(f"{proposals}/waiting", lambda route: route.fulfill(json={"ids": []}))
    bose.said("The patient has signed what you asked for.")
    expect(table.get_by_text("waits for the patient")).to_have_count(1)


def suspended(route: Route) -> None:
    """City's own standing, as everybody reads it from the chain."""
    answer = route.fetch()
    members = [
        one | {"status": "suspended"} if one["name"] == "City Hospital" else one
        for one in answer.json()["members"]
    ]
    route.fulfill(response=answer, json={"members": members})


def unfit(route: Route) -> None:
    body: dict[str, Any] = {"code": "role-unfit", "title": "This account may not do this."}
    route.fulfill(status=403, json=body, content_type="application/problem+json")


@pytest.mark.parametrize(
    ("path", "answer", "words"),
    [
        ("**/api/members", suspended, "is suspended. Until that ends nobody here can read"),
        ("**/api/emergency/openings/waiting/ids", unfit, "your licence has ended"),
    ],
)
def test_where_nothing_works_any_more_each_page_says_so(
    clinician: Clinician, path: str, answer: Any, words: str
) -> None:
    """W-128: instead of an empty reading, which is told to be the patient's will."""
    bose = clinician("dr_bose")
    bose.page.route(path, answer)
    bose.page.reload()
    bose.page.get_by_role("button", name="Connect").click()
    banner = bose.page.locator("#banner .danger")
    expect(banner).to_contain_text(words, timeout=SLOW)
    bose.go("Record")
    expect(banner).to_be_visible()
    bose.page.locator("#language").click()
    expect(banner).to_contain_text("紧急情况" if "suspended" in words else "执业许可")


def test_consents_of_colleagues_wait_without_being_looked_for(
    clinician: Clinician, phone: Screen, network: Network
) -> None:
    """W-127: what the hospital's system asked for is not this person's to be told of."""
    owner, city = past_the_page(network, phone.wallet, "city"), Hospital(network, "city")
    city.propose(city.link(f"C-{owner.patient[-8:]}", owner.wallet), terms("laboratory"), days=30)
    bose = clinician("dr_bose")
    found(bose, addresses.did(owner.patient, network.ledger.chain_id))
    expect(bose.card("Consents of this patient to your institution")).to_contain_text("waits for the patient")
    expect(bose.page.locator("#status")).to_be_empty()
