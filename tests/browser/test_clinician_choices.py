"""What a clinician sees at one look, and where it leads: consents, a patient who cannot sign, colleagues by name."""

from __future__ import annotations

import copy
import secrets
from typing import Any

from playwright.sync_api import Route, expect

from consentry.demo.actors import Hospital
from consentry.domain import addresses
from consentry.network.run import Network
from tests.browser.clinicians import SLOW, Clinician, Screen, past_the_page
from tests.browser.test_clinician_journey import found
from tests.journeys.bundles import TERMS

MANY = 20


def terms(category: str, *roles: str, **more: str) -> dict[str, Any]:
    made = copy.deepcopy(TERMS)
    made["roles"] = list(roles) or ["any"]
    made["provisions"][0] |= {"categories": [category], **more}
    return made


def test_consents_say_at_one_look_what_may_be_read(
    clinician: Clinician, phone: Screen, network: Network
) -> None:
    """W-101: what holds first, then what waits; what is over is folded; a consent that leaves out the reader's role says so."""
    owner, city = past_the_page(network, phone.wallet, "city"), Hospital(network, "city")
    ref = city.link(f"C-{secrets.token_hex(4)}", owner.wallet)
    revoked = city.propose(ref, terms("imaging"), days=300)
    owner.grant(revoked)
    owner.revoke(revoked["id"])
    city.propose(ref, terms("vitals", "nurse"), days=200)
    owner.grant(city.propose(ref, terms("laboratory", "attending", dataFrom="2026-01-01T00:00:00Z"), days=30))
    owner.grant(city.propose(ref, terms("medication", "nurse", "pharmacist"), days=90))

    bose = clinician("dr_bose")
    found(bose, addresses.did(owner.patient, network.ledger.chain_id))
    card = bose.card("Consents of this patient to your institution")
    shown = card.locator("article:visible")
    expect(shown).to_have_count(3, timeout=SLOW)
    expect(shown.nth(0)).to_contain_text("medicines – for treatment")
    expect(shown.nth(0)).to_contain_text("May be read by: nurses and pharmacists.")
    expect(shown.nth(0)).to_contain_text("Your role is not among them")
    expect(shown.nth(1)).to_contain_text("laboratory results – for treatment (with limits)")
    expect(shown.nth(1)).not_to_contain_text("Your role is not among them")
    expect(shown.nth(2)).to_contain_text("waits for the patient")
    card.get_by_text("One that is over").click()
    expect(shown).to_have_count(4)
    expect(shown.nth(3)).to_contain_text("X-rays and other images")
    expect(shown.nth(3)).to_contain_text("revoked")


def test_who_cannot_be_linked_now_can_be_helped(
    clinician: Clinician, phone: Screen, network: Network
) -> None:
    """W-102: from a DID that is not linked straight to an opening for that person; another patient takes its place."""
    owner = past_the_page(network, phone.wallet, "city")
    did = addresses.did(owner.patient, network.ledger.chain_id)
    duarte = clinician("dr_duarte")
    found(duarte, did)
    helping = duarte.card("The patient cannot sign now?")
    helping.get_by_role("button", name="Open the emergency summary").click()
    opening = duarte.card("Open an emergency summary")
    expect(opening).to_be_focused()
    expect(opening.get_by_label("Patient", exact=True)).to_have_value(did)
    duarte.go("My desk")
    duarte.go("Emergency")
    expect(opening.get_by_label("Patient", exact=True)).to_have_value(did)
    city = Hospital(network, "city")
    city.link(f"C-{secrets.token_hex(4)}", owner.wallet)
    found(duarte, did)
    duarte.card("The patient").get_by_role("link", name="Open the emergency summary").click()
    expect(opening).to_contain_text("From “Patient”")
    expect(opening.get_by_label("Patient", exact=True)).to_have_value(did)


def crowd(route: Route) -> None:
    """A large hospital: two of one name and role in two departments, two whom the account alone tells apart, and a system."""
    answer = route.fetch()
    staff = answer.json()["staff"]
    (nurse,) = (one for one in staff if one["role"] == "nurse")

    def colleague(at: int, name: str, role: str = "nurse", department: str = "surgery") -> dict[str, Any]:
        account = "0x" + f"{at:02x}" * 20
        return nurse | {"account": account, "name": name, "role": role, "department": department}

    alike = [colleague(100, "Nurse Wei Li"), colleague(101, "Nurse Wei Li", department="radiology")]
    alike += [colleague(102, "Dr Ana Roth", "resident"), colleague(103, "Dr Ana Roth", "resident")]
    others = [colleague(at, f"Nurse Number {at}") for at in range(1, MANY)]
    system = colleague(104, "Night report", "system")
    route.fulfill(json={"staff": [*staff, *alike, *others, system]})


def test_the_second_is_found_by_name_among_many(clinician: Clinician) -> None:
    """W-103: typing narrows the list and chooses nobody; those who look alike are told apart; no system may be chosen."""
    duarte = clinician("dr_duarte")
    duarte.page.route("**/api/staff", crowd)
    duarte.page.reload()
    duarte.page.get_by_role("button", name="Connect").click()
    duarte.go("Emergency")
    search = duarte.page.get_by_label("Search by name or role")
    options = duarte.page.get_by_label("Who signs with you").locator("option")
    expect(options.filter(has_text="Night report")).to_have_count(0)
    search.fill("li WEI")
    expect(options).to_have_text(
        ["Please choose", "Nurse Wei Li, a nurse, surgery", "Nurse Wei Li, a nurse, radiology"]
    )
    expect(duarte.page.get_by_text("2 people found")).to_be_visible()
    expect(duarte.page.get_by_label("Who signs with you")).to_have_value("")
    search.fill("roth")
    expect(options).to_have_text(
        [
            "Please choose",
            *(f"Dr Ana Roth, a doctor in specialist training, 0x{one * 3}…{one * 2}" for one in ("66", "67")),
        ]
    )
    search.fill("okoye")
    duarte.page.get_by_label("Who signs with you").select_option("Nurse Ada Okoye, a nurse")
    search.fill("roth")
    expect(duarte.page.get_by_label("Who signs with you")).to_have_value("")
