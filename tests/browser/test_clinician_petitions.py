"""What patients ask about records, on the page of those who answer: read, done, answered, and found by the patient."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import pytest
from playwright.sync_api import APIResponse, Locator, Route, expect

from consentry.bootstrap.author import open_author
from consentry.config import read_gateway_config
from consentry.crypto import keystore
from consentry.demo.actors import Hospital, Patient
from consentry.domain import fields
from consentry.domain.retraction import MAY_RETRACT
from consentry.domain.roles import Role
from consentry.fhir.merge import RECORD_TAG
from consentry.network.run import Network
from consentry.services.erasure import erase
from tests.browser.clinicians import SLOW, Clinician, Screen, enter, past_the_page
from tests.browser.node import evaluate
from tests.journeys.bundles import bundle, laboratory, patient, vaccination

HOSTILE = "<img src=x onerror=alert(1)> 不是我的 \u202eرقم"
ANSWERING = """
import { ANSWERING } from "./app/browser/core/clinic_petitions";
console.log(JSON.stringify(ANSWERING));
"""


@dataclass(frozen=True)
class Asked:
    """City wrote a result and an old vaccination of this patient, who says that the one is wrong and the other nobody's
    business; `ref` is the patient's there."""

    owner: Patient
    ref: str
    result: str
    vaccination: str
    first: bytes

    def ask(self, record: str, category: str, asks: str, words: str) -> None:
        header = {"category": category, "confidentiality": "N"}
        self.owner.gateway.post("/api/petitions", {"record": record, "asks": asks, "words": words} | header)


@pytest.fixture
def asked(network: Network, phone: Screen) -> Asked:
    owner, city = past_the_page(network, phone.wallet, "city"), Hospital(network, "city")
    owner.open_directory(network)
    number = f"C-{secrets.token_hex(4)}"
    ref = city.link(number, owner.wallet)
    first = bundle(patient(number), laboratory(9.9))
    result, given = (
        city.publish(one, ref)["entry"][0]["response"]["location"].removeprefix(f"{RECORD_TAG}:")
        for one in (first, bundle(patient(number), vaccination("2009-05-04")))
    )
    made = Asked(owner, ref, result, given, first)
    made.ask(made.result, "laboratory", "correct", HOSTILE)
    made.ask(made.result, "laboratory", "erase", "Nobody needs this.")
    made.ask(made.vaccination, "immunization", "erase", "It was long ago.")
    return made


def erased(network: Network, record: str) -> None:
    """By whoever keeps the hospital's offline key."""
    folder = network.place.member("city")
    seed = network.place.read_keys(folder / "copy.keystore")["copy"]
    config = read_gateway_config(folder / "gateway.json")
    environment = network.place.environment()
    with open_author(config, lambda: keystore.passphrase_from_env(environment)) as own:
        erase(fields.hex_bytes(record, "record"), seed, own.author, own.erasing)


def request(shown: Screen, record: str, asks: str) -> Locator:
    return shown.page.locator(f"article.petition[data-asks={asks}]", has_text=record)


def begun(asked: Locator) -> Locator:
    """With its form open."""
    form = asked.locator("details", has=asked.page.get_by_label("Your answer"))
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    return asked


def answer(shown: Screen, asked: Locator, state: str, words: str) -> None:
    begun(asked).get_by_label("Your answer").select_option(state)
    asked.get_by_label("What the patient will read").fill(words)
    asked.get_by_role("button", name="Answer the patient").click()
    sure = shown.page.get_by_role("dialog")
    expect(sure).to_contain_text(words)
    sure.get_by_role("button", name="Answer the patient").click()
    shown.said("The patient has your answer.")


def names_records(phone: Screen, asked: Asked) -> None:
    """W-116: by what is open in the page: the id until then, the version that took a record's place, and what is no more."""
    told = phone.card("What you asked here about your records")
    expect(told.get_by_text("What it is shows once your record is open.")).to_have_count(3)
    expect(told.get_by_title(asked.result)).to_have_count(2)
    told.get_by_role("link", name="Open it on the overview").first.click()
    (opening := phone.page.get_by_role("button", name="Open my record")).click()
    expect(opening).to_have_count(0, timeout=SLOW)
    phone.go("Hospitals")
    former = told.locator("li", has_text="An earlier version of: laboratory results · ")
    expect(former.filter(has_text="City Hospital")).to_have_count(2)
    gone = told.locator("li", has_text="It is not among the records that this page shows now")
    expect(gone.get_by_title(asked.vaccination)).to_have_count(1)
    phone.page.get_by_role("button", name="中文").click()
    shown = phone.card("您在此就病历提出的申请")
    expect(shown.locator("li", has_text="以下病历的早期版本：")).to_have_count(2)
    shown.get_by_role("link", name="检验结果 · ").first.click()
    expect(phone.page.locator("#record-title")).to_contain_text("检验结果 · ")


def test_requests_are_read_done_and_answered(
    clinician: Clinician, phone: Screen, network: Network, asked: Asked
) -> None:
    """W-99, W-100: words stay words, nothing is said to be done before it is, and the patient finds each answer."""
    bose = clinician("dr_bose")
    expect(bose.page.locator("#content")).to_contain_text("wait for an answer")
    bose.page.get_by_role("link", name="See the requests").click()
    correction, kept = request(bose, asked.result, "correct"), request(bose, asked.result, "erase")
    expect(correction).to_contain_text(HOSTILE)
    expect(correction).to_contain_text("laboratory results")
    expect(correction).to_contain_text("The record stands as it was.")
    expect(correction.get_by_label("Your answer").locator("option")).to_have_text(
        ["Please choose", "Declined"]
    )
    begun(correction).get_by_role("button", name="Answer the patient").click()
    expect(correction.get_by_label("Your answer")).to_be_focused()
    expect(correction).to_contain_text("Write what the patient will read.")
    expect(kept).to_contain_text("Demo Records Act, § 1")
    answer(bose, kept, "Declined", "The law keeps results for ten years.")
    free = request(bose, asked.vaccination, "erase")
    expect(free).to_contain_text("No law that your hospital named keeps it any longer.")
    free.get_by_text("Command to erase it").click()
    expect(free).to_contain_text(f"consentry erase {asked.vaccination}")

    Hospital(network, "city").publish(asked.first.replace(b'"value": 9.9', b'"value": 5.4'), asked.ref)
    erased(network, asked.vaccination)
    bose.go("My desk")
    bose.go("Requests")
    expect(correction).to_contain_text("A newer version has taken its place.")
    answer(bose, correction, "It is corrected", "It was another sample.")
    answer(bose, free, "It is erased", "It is gone.")
    for one in (correction, kept, free):
        expect(one).to_have_count(0)

    enter(phone, network.gateways["city"])
    phone.go("News")
    news = phone.page.locator("#news-list article", has_text="answered what you asked about a record")
    expect(news).to_have_count(3, timeout=SLOW)
    news.first.get_by_role("link", name="See the answer").click()
    told = phone.card("What you asked here about your records")
    for words in ("It was another sample.", "The law keeps results for ten years.", "It is gone.", HOSTILE):
        expect(told).to_contain_text(words, timeout=SLOW)
    names_records(phone, asked)


def test_what_is_found_for_a_page_that_was_left_is_thrown_away(clinician: Clinician, asked: Asked) -> None:
    """W-10, W-75: another sign-in has begun meanwhile, and nobody is chosen in it."""
    bose = clinician("dr_bose")
    bose.go("Requests")
    held: list[tuple[Route, APIResponse]] = []
    bose.page.route("**/api/patients/find", lambda route: held.append((route, route.fetch())), times=1)
    with bose.page.expect_request("**/api/patients/find"):
        request(bose, asked.result, "correct").get_by_role("button", name="Open the patient").click()
    bose.page.get_by_role("button", name="Sign out").click()
    bose.said("You are signed out.")
    bose.page.get_by_role("button", name="Connect").click()
    expect(bose.page.get_by_role("heading", level=1, name="Requests")).to_be_visible(timeout=SLOW)
    ((route, found),) = held
    with bose.page.expect_response("**/api/patients/find"):
        route.fulfill(response=found)
    bose.go("My desk")
    bose.go("Patient")
    expect(bose.card("Find a patient")).to_be_visible(timeout=SLOW)


def test_who_does_not_write_records_is_told_who_answers(clinician: Clinician) -> None:
    """W-99: the roles of the page are those of the gateway; somebody else sees no request and hears whose they are."""
    assert set(evaluate(ANSWERING)) == MAY_RETRACT - {Role.SYSTEM}
    ines = clinician("ines")
    expect(ines.card("Begin with a patient")).to_be_visible()
    ines.go("Requests")
    expect(ines.page.locator("#content")).to_contain_text(
        "answered by those who write records: senior doctors"
    )
    expect(ines.page.locator("article.petition")).to_have_count(0)


def test_a_request_leads_to_its_patient(clinician: Clinician, asked: Asked) -> None:
    """W-99: by the link at this desk."""
    bose = clinician("dr_bose")
    bose.go("Requests")
    request(bose, asked.result, "correct").get_by_role("button", name="Open the patient").click()
    expect(bose.card("The patient")).to_contain_text(asked.owner.patient[-6:])
