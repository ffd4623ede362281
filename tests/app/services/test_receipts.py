"""Receipts about a patient go to the patient's side only, in pages, with their proofs (K-9, K-10)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consentry.crypto.signatures import SessionKey
from consentry.domain.ledger import ChainHead
from consentry.domain.sessions import SessionKind
from consentry.errors import (
    ChainStale,
    ChainWrong,
    ConsentryError,
    KeeperWithoutStanding,
    LayoutInvalid,
    NoGround,
    RequestStale,
    SealInvalid,
    SignatureInvalid,
)
from consentry.services.commit import commit_next
from consentry.services.receipts import PAGE, ReceiptsPage, open_receipts, receipts, sealed_receipts
from consentry.services.release import release
from consentry.services.release_intake import Signed
from consentry.services.verify import verify
from tests.app.keeper_world import NOW, World
from tests.app.memory_sender import MemorySender


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def query(world: World, **changes: Any) -> Signed:
    return world.signed_query(**changes)


def test_receipts_gives_the_patient_releases_and_refusals_about_her(world: World) -> None:
    """K-8, K-10: refusals to identified actors as well; the last one is not committed yet."""
    desk = world.desk()
    release(world.command(world.request()), desk)
    world.refusal(desk, world.request(), [None])
    commit_next(desk.book, world.ledger, MemorySender(world.ledger, desk.account))
    release(world.command(world.request()), desk)
    page = receipts(query(world), desk)
    assert [verify(one, world.ledger).reason for one in page.evidence[:2]] == ["Permitted", "ShareMissing"]
    assert page.evidence[2].commit is None and page.next is None
    assert ReceiptsPage.parse(page.to_json()) == page


def test_receipts_gives_a_representative_what_the_patient_gets(world: World) -> None:
    """K-10, C-3."""
    desk = world.desk()
    release(world.command(world.request()), desk)
    world.ledger.latest.acts_for.add((world.account("alice"), world.account("mallory")))
    session = world.session(signer="mallory", kind=SessionKind.PATIENT)
    page = receipts(query(world, session=session, actor=world.account("mallory")), desk)
    assert len(page.evidence) == 1


def test_receipts_come_in_pages_over_commits(world: World) -> None:
    """K-9, K-10: `next` of one page is `after` of the following; each proof leads to its own commit."""
    desk = world.desk()
    sender = MemorySender(world.ledger, desk.account)
    for _ in range(240):
        release(world.command(world.request()), desk)
    while commit_next(desk.book, world.ledger, sender):
        pass
    first = receipts(query(world), desk)
    assert len(first.evidence) == PAGE and first.next == PAGE
    second = receipts(query(world, after=first.next), desk)
    assert len(second.evidence) == 40 and second.next is None
    seqs = [verify(one, world.ledger).seq for one in (*first.evidence, *second.evidence)]
    assert seqs == list(range(240))


def test_receipts_are_not_another_patients(world: World) -> None:
    """K-10: mallory, a patient too, sees what is about mallory: nothing."""
    desk = world.desk()
    release(world.command(world.request()), desk)
    mallory = world.account("mallory")
    world.ledger.latest.acts_for.add((mallory, mallory))
    session = world.session(signer="mallory", kind=SessionKind.PATIENT, patient=mallory)
    assert receipts(query(world, session=session, actor=mallory, patient=mallory), desk).evidence == ()
    with pytest.raises(NoGround):
        receipts(query(world, session=session, actor=mallory), desk)


@pytest.mark.parametrize("block", ["latest", "final"])
def test_receipts_are_refused_to_who_does_not_act_for_the_patient(world: World, block: str) -> None:
    """K-10: on both blocks."""
    world.ledger.final = replace(world.ledger.latest)
    setattr(world.ledger, block, replace(world.ledger.latest, acts_for=set()))
    with pytest.raises(NoGround):
        receipts(query(world), world.desk())


def test_receipts_are_refused_to_staff(world: World) -> None:
    """K-10: dr_bose, whose releases they are."""
    with pytest.raises(NoGround):
        receipts(query(world, session=world.session(), actor=world.account("dr_bose")), world.desk())


@pytest.mark.parametrize(
    "changes, error",
    [({"issued_at": NOW - 61}, RequestStale), ({"chain_id": 1}, ChainWrong), ({"actor": "0x" + "1" * 40}, SignatureInvalid)],
)  # fmt: skip
def test_receipts_refuses_before_any_chain_work(
    world: World, changes: dict[str, Any], error: type[ConsentryError]
) -> None:
    """K-2 holds here as well."""
    with pytest.raises(error):
        receipts(query(world, **changes), world.desk())
    assert world.ledger.asked == []


def test_receipts_refuses_another_keys_signature_and_another_layout(world: World) -> None:
    """K-2: and a release request is no query."""
    good = query(world)
    with pytest.raises(SignatureInvalid):
        receipts(replace(good, signature=SessionKey.generate().sign(good.request)), world.desk())
    raw = world.own_request().to_bytes()
    with pytest.raises(LayoutInvalid):
        receipts(Signed(raw, world.session_key.sign(raw)), world.desk())


def test_receipts_refuses_on_an_old_head(world: World) -> None:
    """K-11."""
    world.ledger.head_at = ChainHead(7, NOW - 61, bytes(32))
    with pytest.raises(ChainStale):
        receipts(query(world), world.desk())


def test_receipts_query_is_for_one_keeper(world: World) -> None:
    """K-10: who has seen alice's query, another keeper or the path, gets nothing elsewhere with it."""
    asked = query(world)
    assert receipts(asked, world.desk(0)).keeper == world.desk(0).account
    with pytest.raises(LayoutInvalid, match="query.keeper"):
        receipts(asked, world.desk(1))


def test_receipts_leave_sealed_to_the_query(world: World) -> None:
    """K-10, L-21: the path sees neither who asked for what nor why; an answer opens for its own query only."""
    desk = world.desk()
    release(world.command(world.request()), desk)
    asked = query(world)
    answer = sealed_receipts(asked, desk)
    assert list(answer) == ["sealed"]
    page = open_receipts(world.opener, asked.request, answer)
    assert page == receipts(asked, desk) and len(page.evidence) == 1
    with pytest.raises(SealInvalid):
        open_receipts(world.opener, query(world).request, answer)
    for bad in ({}, {"sealed": 7}, {"sealed": ""}, {"sealed": answer["sealed"], "page": []}):
        with pytest.raises(LayoutInvalid):
            open_receipts(world.opener, asked.request, bad)


def test_receipts_refuses_a_key_that_nothing_can_be_sealed_to(world: World) -> None:
    """K-2, L-21."""
    with pytest.raises(LayoutInvalid):
        receipts(query(world, seal_to=b"\xff" * 1216), world.desk())
    assert world.ledger.asked == []


@pytest.mark.parametrize("block", ["latest", "final"])
def test_receipts_refuses_when_the_keeper_has_no_standing(world: World, block: str) -> None:
    """K-11, M-4."""
    world.ledger.final = replace(world.ledger.latest)
    setattr(world.ledger, block, replace(world.ledger.latest, keepers=set()))
    with pytest.raises(KeeperWithoutStanding):
        receipts(query(world), world.desk())
