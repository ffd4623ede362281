"""Whose a page is, and until when (F-18 to F-20)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from consentry.services.shown import SHOWN_SECONDS
from tests.app.gateway.shelves import Ward, glucose, link, matches, ward
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World


@pytest.fixture
def shelf(world: World, numbers: Iterator[int]) -> Ward:
    made = ward(world, f"P-{next(numbers)}")
    made.publish(*(glucose(day) for day in range(1, 6)))
    made.grant("laboratory")
    return made


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    return iter(range(100))


def second_page(shelf: Ward) -> str:
    following = link(shelf.get(f"Observation?patient={shelf.ref}&_count=2"), "next")
    assert following is not None
    return following


def test_page_is_gone_for_every_other_session(world: World, shelf: Ward) -> None:
    """F-18: for another practitioner, another purpose, a person, and for a changed cursor; alike each time."""
    path = second_page(shelf)
    dr_li = world.staff(world.city)
    strangers = [
        shelf.get(path, **{"X-Consentry-Practitioner": dr_li.wallet.address}),
        shelf.get(path, **{"X-Consentry-Purpose": "HRESCH"}),
        shelf.dr_bose.send("GET", path.removeprefix("http://city.test:8000")),
        shelf.get(path.replace("_page=", "_page=x")),
        shelf.get("http://city.test:8000/fhir?_page=" + "A" * 32 + ".1"),
        shelf.get("http://city.test:8000/fhir?_page=perhaps"),
        shelf.get(path.rpartition(".")[0] + ".3"),
    ]
    assert {(one.status_code, code_of(one)) for one in strangers} == {(410, "page-gone")}
    assert len(matches(shelf.get(path))) == 2


def test_pages_end_with_the_ground(shelf: Ward) -> None:
    """F-19: the chain is asked before each page and each read by id; then nothing is left in memory."""
    path = second_page(shelf)
    name = matches(shelf.get(path))[0]["id"]
    assert shelf.get(f"Observation/{name}").status_code == 200
    shelf.revoke()
    gone = shelf.get(f"Observation/{name}")
    assert (gone.status_code, code_of(gone)) == (404, "resource-unknown")
    page = shelf.get(path)
    assert (page.status_code, code_of(page)) == (410, "page-gone")
    held = shelf.world.city.gateway.shown.shown._held
    assert not any(one.ref == shelf.ref for sets in held.values() for one in sets.values())


def test_pages_end_with_what_their_author_retracts(shelf: Ward) -> None:
    """F-19: even if the others on the page would hold."""
    path = second_page(shelf)
    record = matches(shelf.get(path))[0]["meta"]["source"].rpartition(":")[2]
    done = shelf.world.city.send(
        "POST", "/api/records/retractions", {"record": record, "reason": "entered-in-error"}
    )
    assert done.status_code == 200, done.text
    assert code_of(shelf.get(path)) == "page-gone"


def test_pages_end_when_the_practitioner_is_dismissed(shelf: Ward) -> None:
    """F-19: the ground is asked for whom it was read."""
    path = second_page(shelf)
    shelf.world.city.account.transact("MemberRegistry", "dismiss", shelf.dr_bose.wallet.address)
    assert code_of(shelf.get(path)) == "page-gone"


def test_pages_of_a_person_end_with_the_sign_in_and_the_time(shelf: Ward) -> None:
    """F-18, F-19: the patient's own session, on the ground SELF."""
    alice, origin = shelf.alice, "http://city.test:8000"
    alice.open_session("PATRQT")
    first = alice.send("GET", "/fhir/Observation?patient=self&_count=2")
    assert first.status_code == 200 and first.json["total"] == 5, first.text
    path = str(link(first, "next")).removeprefix(origin)
    assert len(matches(alice.send("GET", path))) == 2
    sets = shelf.world.city.gateway.shown.shown
    kept = next(one for held in sets._held.values() for one in held.values() if one.ref == "self")
    assert kept.ends <= shelf.world.city.gateway.clock.now() + SHOWN_SECONDS
    token = alice.token
    alice.send("DELETE", "/api/sign-in")
    assert not any(one.ref == "self" for held in sets._held.values() for one in held.values())
    alice.token = token
    assert alice.send("GET", path).status_code == 401


def test_read_by_id_knows_what_this_session_was_shown(world: World, shelf: Ward) -> None:
    """F-20: of another hospital's, only what this one was shown."""
    shelf.publish(glucose(20), at=world.mercy)
    found = matches(shelf.get(f"Observation?patient={shelf.ref}&date=2026-05-20"))[0]
    answer = shelf.get(f"Observation/{found['id']}")
    assert (answer.status_code, answer.json) == (200, found)
    assert answer.headers["ETag"] == 'W/"1"' and answer.headers["Last-Modified"].endswith("GMT")
    assert shelf.get(answer.headers["Content-Location"]).json == found
    assert shelf.get(f"Observation/{found['id']}", **{"If-None-Match": 'W/"1"'}).status_code == 304
    for path in (f"Condition/{found['id']}", "Observation/x", f"Observation/{found['id']}/_history/2"):
        assert (shelf.get(path).status_code, code_of(shelf.get(path))) == (404, "resource-unknown"), path
    stranger = {"X-Consentry-Practitioner": world.staff(world.city).wallet.address}
    assert shelf.get(f"Observation/{found['id']}", **stranger).status_code == 404
