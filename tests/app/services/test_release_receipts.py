"""Receipts of releases and refusals, repeats and uses (K-6, K-7, K-8, L-18)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from consentry.crypto.signatures import recover
from consentry.domain.grounds import Reason
from consentry.domain.merkle import Proof
from consentry.domain.receipts import Receipt, receipt_value, signing_digest
from consentry.domain.requests import ConsentGround, ReleaseRequest
from consentry.domain.terms import consent_id
from consentry.errors import StoreUnreachable
from consentry.services.release import release
from tests.app.keeper_world import CHAIN_ID, NOW, REGISTRY, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def limited(world: World, uses: int, **changes: object) -> ReleaseRequest:
    terms = replace(world.consent.terms, max_uses=uses)
    grant = replace(world.consent, terms=terms).grant()
    return world.request(ground=ConsentGround(grant, terms), **changes)


def test_release_files_a_receipt_that_says_everything(world: World) -> None:
    """K-6, L-18."""
    desk = world.desk()
    request = world.request()
    (answer,) = release(world.command(request), desk).items
    (stored,) = desk.book.about(world.account("alice"), first_seq=0, limit=9)
    receipt = Receipt.parse(stored.receipt.body)
    assert recover(signing_digest(CHAIN_ID, stored.receipt.body), stored.receipt.signature) == desk.account
    assert stored.receipt.value == receipt_value(stored.receipt.body) == answer.value
    expected = {
        "actor": world.account("dr_bose"), "member": world.account("city"), "practitioner": None,
        "patient": world.account("alice"), "purpose": "TREAT", "ground": "CONSENT", "category": "laboratory",
        "decision": "released", "reason": "Permitted", "keeper": desk.account, "seq": 0, "time": NOW,
        "committee_version": 1, "chain_id": CHAIN_ID, "request_digest": request.digest(),
        "consent_id": consent_id(world.consent, CHAIN_ID, REGISTRY),
    }  # fmt: skip
    assert {name: getattr(receipt, name) for name in expected} == expected
    assert receipt.item.record_id == world.record.header.record_id


def test_release_files_who_asked_through_which_system_and_for_oneself(world: World) -> None:
    """K-6: an asserted practitioner is told from one who signed; the patient's side has no member."""
    desk = world.desk()
    asked = world.system_request(practitioner=world.account("mallory"))
    (one,) = release(world.command(asked), desk).items
    assert world.receipt(desk, one).practitioner == world.account("mallory")
    (own,) = release(world.command(world.own_request(world.seed_item)), desk).items
    receipt = world.receipt(desk, own)
    assert (receipt.member, receipt.consent_id, receipt.ground) == (None, None, "SELF")
    assert receipt.item.document_cid == world.seed_item.document_cid


def test_release_numbers_receipts_without_gaps_when_asked_from_many_threads(world: World) -> None:
    """K-6: contiguous from 0, two items a request."""
    desk = world.desk()
    commands = [world.command(world.request(world.record, world.seed_item)) for _ in range(24)]
    with ThreadPoolExecutor(8) as threads:
        released = list(threads.map(lambda command: release(command, desk), commands))
    assert sorted(item.seq for one in released for item in one.items) == list(range(48))
    assert desk.book.next_seq() == 48 and len(desk.book.values(0, 48)) == 48


def test_release_gives_nothing_when_the_receipt_cannot_be_filed(world: World) -> None:
    """K-6: no share leaves before its receipt is durable."""
    desk = world.desk()
    command = world.command(world.request())
    desk.book.close()  # type: ignore[attr-defined]
    with pytest.raises(StoreUnreachable):
        release(command, desk)


def test_release_files_nothing_about_what_a_patient_makes_up(world: World) -> None:
    """K-8: every address is a patient, and forged items would fill the book; only the patient could see them."""
    desk = world.desk()
    header = world.record.header
    forged = [replace(world.record, header=replace(header, record_id=bytes([n]) * 32)) for n in range(1, 40)]
    unanchored = replace(world.record, root=world.record.record_digest(), proof=Proof(0, 1, ()))
    unnamed = replace(world.seed_item, document_cid=header.cid)
    answers = release(world.command(world.own_request(*forged, unanchored, unnamed)), desk).items
    assert all((one.sealed, one.seq, one.value) == (None, None, None) for one in answers)
    assert desk.book.next_seq() == 0
    assert len(release(world.command(world.request(*forged)), desk).items) == 39 == desk.book.next_seq()


def test_release_files_what_exists_when_the_patient_is_refused(world: World) -> None:
    """K-8: an anchored record of the patient's, and a document in the patient's own history."""
    desk = world.desk()
    request = world.own_request(world.record, replace(world.seed_item, document_cid=world.record.header.cid))
    shown, hidden = release(world.command(request, [None, None]), desk).items
    assert shown.sealed is None and world.receipt(desk, shown).reason == "ShareMissing"
    assert hidden.seq is None and desk.book.next_seq() == 1
    world.given(desk, world.own_request())


def test_release_repeats_its_decision_without_a_second_receipt(world: World) -> None:
    """K-7."""
    desk = world.desk()
    command = world.command(world.request())
    first, second = release(command, desk).items[0], release(command, desk).items[0]
    assert first.sealed and second.sealed and (first.seq, first.value) == (second.seq, second.value)
    world.ledger.latest.reason = Reason.RoleNotCovered
    refused = world.command(world.request())
    assert [release(refused, desk).items[0].seq for _ in range(2)] == [1, 1]
    assert desk.book.next_seq() == 2


def test_release_refuses_a_repeat_once_the_ground_has_ended(world: World) -> None:
    """K-7, G-6: the same request digest after a revocation; a refusal stands even if the ground came back."""
    desk = world.desk()
    request = world.request()
    world.given(desk, request)
    world.ledger.latest.reason = Reason.ConsentRevoked
    assert world.refusal(desk, request) == "ConsentRevoked"
    world.ledger.latest.reason = Reason.Permitted
    assert world.refusal(desk, request) == "ConsentRevoked"
    assert desk.book.next_seq() == 2


def test_release_is_not_spoilt_by_who_sends_the_request_on_with_a_bad_share(world: World) -> None:
    """K-4, K-7: another keeper has seen the signed request, but shares are no part of it."""
    desk = world.desk()
    request = world.request()
    assert world.refusal(desk, request, [None]) == "ShareMissing"
    assert world.refusal(desk, request, [world.shares[3]]) == "ShareInvalid"
    world.given(desk, request)
    assert world.refusal(desk, request, [None]) == "ShareMissing"
    assert desk.book.next_seq() == 3


def test_release_counts_uses_by_request_and_record(world: World) -> None:
    """Design §6: two uses; a repeat is none; the third is refused with its reason."""
    desk = world.desk()
    first = limited(world, 2)
    for request in (first, first, limited(world, 2)):
        world.given(desk, request)
    assert world.refusal(desk, limited(world, 2)) == "UsesExhausted"
    world.given(desk, first)


def test_release_counts_no_use_for_seeds_refusals_and_the_patient(world: World) -> None:
    """Design §6."""
    desk = world.desk()
    terms = replace(world.consent.terms, max_uses=1)
    ground = ConsentGround(replace(world.consent, terms=terms).grant(), terms)
    world.given(desk, world.request(world.seed_item, ground=ground))
    world.ledger.latest.reason = Reason.CeilingExceeded
    world.refusal(desk, limited(world, 1))
    world.ledger.latest.reason = Reason.Permitted
    world.given(desk, world.own_request())
    world.given(desk, limited(world, 1))
    assert world.refusal(desk, limited(world, 1)) == "UsesExhausted"


def test_release_gives_the_last_use_once_when_two_ask_at_once(world: World) -> None:
    """Design §6: counted in the transaction that files the receipt."""
    desk = world.desk()
    commands = [world.command(limited(world, 1)) for _ in range(16)]
    with ThreadPoolExecutor(8) as threads:
        released = list(threads.map(lambda command: release(command, desk), commands))
    assert sum(one.items[0].sealed is not None for one in released) == 1
