"""Revocations in the keeper's database: bounded, durable, and ahead of any release (K-17, K-37)."""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from consentry.databases.place import Place
from consentry.domain.addresses import Address
from consentry.domain.revocation import SignedRevocation
from consentry.errors import RateLimited
from consentry.keeper import revocations as kept
from consentry.ports.receipt_book import Decision
from consentry.ports.revocations import REFUSALS, TIME_TO_TAKE_SECONDS, Revocations, SeenRevocation
from consentry.services.release import release
from consentry.services.release_intake import consent_id_of
from tests.app.keeper_world import NOW, World

ALICE, BOB = Address("0x" + "a1" * 20), Address("0x" + "b0" * 20)


def seen(patient: Address = ALICE, at: int = NOW) -> SeenRevocation:
    signed = SignedRevocation(patient, secrets.token_bytes(32), secrets.token_bytes(65))
    return SeenRevocation(signed, at, NOW + 10**6)


@pytest.fixture
def world(tmp_path: Path, place: Place) -> World:
    made = World(tmp_path)
    made.places["keeper0"] = place
    return made


def test_a_patient_has_so_many_waiting_and_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """K-17: one that is kept can be shown again, another patient's is kept, a forgotten one makes room."""
    monkeypatch.setattr(kept, "MOST_OF_ONE", 2)
    book = world.desk().revocations
    first, second = seen(), seen()
    for one in (first, second):
        assert book.see(one, bring_at=NOW) == NOW
    with pytest.raises(RateLimited) as refused:
        book.see(seen(), bring_at=NOW)
    assert refused.value.seconds > 0
    assert book.see(replace(first, seen_at=NOW + 9), bring_at=NOW) == NOW
    book.see(seen(BOB), bring_at=NOW)
    book.forget(first.revocation)
    book.see(seen(), bring_at=NOW)
    assert book.waiting() == 3


def test_all_patients_together_have_so_many_waiting(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """K-17: a disk is bounded too."""
    monkeypatch.setattr(kept, "MOST", 1)
    book = world.desk().revocations
    book.see(seen(), bring_at=NOW)
    with pytest.raises(RateLimited):
        book.see(seen(BOB), bring_at=NOW)


def test_what_is_due_comes_in_order_and_once_put_off_later(world: World) -> None:
    """K-18: read back as it was kept, by whoever opens the file next."""
    book, early, late = world.desk().revocations, seen(), seen(BOB, NOW + 1)
    book.see(late, bring_at=NOW + 5)
    book.see(early, bring_at=NOW + 3)
    assert book.due(NOW + 2, 9) == ()
    assert book.due(NOW + 5, 1) == (early,)
    again = world.desk().revocations
    assert again.due(NOW + 5, 9) == (early, late)
    again.put_off(early.revocation, until=NOW + 60)
    assert again.due(NOW + 5, 9) == (late,)
    assert again.due(NOW + 60, 9) == (late, replace(early, tries=1))


def test_nothing_is_released_once_a_revocation_is_kept_even_if_it_was_judged_before(world: World) -> None:
    """K-17: what counts is which of the two is durable first, not which question was asked first."""
    desk = world.desk()
    request = world.request(world.record, world.seed_item)
    known = consent_id_of(request, desk)
    assert known is not None
    patient = request.ground.patient
    judged = desk.book.file

    def revoked_meanwhile(*arguments: object, **more: object) -> object:
        """The ground was found to hold; before its receipt is filed, the patient revokes."""
        signed = SignedRevocation(patient, known, bytes(65))
        desk.revocations.see(SeenRevocation(signed, NOW, NOW + 10**6), bring_at=NOW)
        return judged(*arguments, **more)  # type: ignore[arg-type]

    desk.book.file = revoked_meanwhile  # type: ignore[assignment,method-assign]
    answers = release(world.command(request), desk).items
    assert all(one.sealed is None for one in answers)
    assert [world.receipt(desk, one).reason for one in answers] == ["RevocationSeen", "RevocationSeen"]
    assert {world.receipt(desk, one).decision for one in answers} == {Decision.REFUSED}


def test_a_limited_consents_uses_are_not_spent_by_what_is_denied(world: World) -> None:
    """K-17: a denied request counts no use."""
    terms = replace(world.consent.terms, max_uses=1)
    world.consent = replace(world.consent, terms=terms)
    desk, request = world.desk(), world.request()
    known = consent_id_of(request, desk)
    assert known is not None
    signed = SignedRevocation(request.ground.patient, known, bytes(65))
    desk.revocations.see(SeenRevocation(signed, NOW, NOW + 9), bring_at=NOW)
    assert world.refusal(desk, request) == "RevocationSeen"
    desk.revocations.forget(signed)
    assert world.given(desk, world.request())


def refuse(book: Revocations, one: SeenRevocation, times: int, since: int) -> None:
    for _ in range(times):
        book.put_off(one.revocation, until=NOW, refused_at=since)


def test_what_the_chain_had_time_to_take_makes_room(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """K-37: the one refused longest, a week and a hundred times; none that was not delivered, however old and often tried."""
    monkeypatch.setattr(kept, "MOST_OF_ONE", 3)
    book, week = world.desk().revocations, NOW - TIME_TO_TAKE_SECONDS
    silent, refused, longest = seen(at=week - 9), seen(at=week - 9), seen(at=week - 9)
    for one in (silent, refused, longest):
        book.see(one, bring_at=NOW)
    for _ in range(2 * REFUSALS):
        book.put_off(silent.revocation, until=NOW)
    refuse(book, refused, REFUSALS, week)
    refuse(book, longest, REFUSALS, week - 5)
    book.see(seen(at=NOW), bring_at=NOW)
    assert book.find(ALICE, longest.revocation.consent_id) is None
    book.see(seen(at=NOW), bring_at=NOW)
    assert book.find(ALICE, refused.revocation.consent_id) is None
    with pytest.raises(RateLimited):
        book.see(seen(at=NOW + 10 * TIME_TO_TAKE_SECONDS), bring_at=NOW)
    assert book.find(ALICE, silent.revocation.consent_id) is not None


@pytest.mark.parametrize(("times", "since"), [(REFUSALS - 1, 0), (REFUSALS, 1)], ids=["often", "long"])
def test_what_was_not_refused_for_long_and_often_stays(
    world: World, monkeypatch: pytest.MonkeyPatch, times: int, since: int
) -> None:
    """K-37: a keeper that slept for a week has tried twice; and nothing goes while there is room."""
    monkeypatch.setattr(kept, "MOST", 1)
    book, one = world.desk().revocations, seen()
    book.see(one, bring_at=NOW)
    refuse(book, one, times, NOW - TIME_TO_TAKE_SECONDS + since)
    with pytest.raises(RateLimited):
        book.see(seen(BOB), bring_at=NOW)
    refuse(book, one, 1, NOW)
    assert book.find(ALICE, one.revocation.consent_id) is not None and book.refused() == 1
    book.see(seen(BOB, NOW + 1), bring_at=NOW)
    assert book.find(ALICE, one.revocation.consent_id) is None


def test_what_was_refused_before_keeps_nothing_waiting(world: World) -> None:
    """K-37, K-18: a flood of revocations that the chain refuses delays none that it would take."""
    book, refused, good = world.desk().revocations, seen(), seen(BOB)
    book.see(refused, bring_at=NOW - 9)
    book.see(good, bring_at=NOW)
    refuse(book, refused, 1, NOW - 5)
    assert [one.revocation for one in book.due(NOW, 1)] == [good.revocation]
    assert [one.revocation for one in book.due(NOW, 9)] == [good.revocation, refused.revocation]


def test_a_book_of_an_earlier_release_opens(tmp_path: Path) -> None:
    """K-37: what it kept is there, and can be refused from now on."""
    one, world = seen(), World(tmp_path)
    book = world.desk().revocations
    book.see(one, bring_at=NOW)
    with closing(sqlite3.connect(next(tmp_path.glob("*.sqlite")))) as file:
        file.execute("ALTER TABLE revocations DROP COLUMN refused_since")
        file.execute("ALTER TABLE revocations DROP COLUMN refusals")
        file.execute("DROP TABLE schema_keeper")
        file.commit()
    again = world.desk().revocations
    refuse(again, one, 1, NOW)
    assert again.due(NOW, 9) == (replace(one, tries=1, refused_since=NOW, refusals=1),)
