"""The feed for the regulator: for nobody else, and with nothing that it need not tell (A-10, A-11)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consentry.crypto.pseudonyms import feed_key, pseudonym
from consentry.domain import times
from consentry.domain.addresses import Address
from consentry.domain.feeds import FeedPage
from consentry.domain.sessions import SessionKind
from consentry.errors import (
    KeeperWithoutStanding,
    LayoutInvalid,
    NoGround,
    RequestStale,
    SealInvalid,
    SignatureInvalid,
)
from consentry.services import feed as feeds
from consentry.services.feed import feed, open_feed, sealed_feed
from consentry.services.release import release
from tests.app.keeper_world import CHAIN_ID, NOW, World
from tests.app.services.feed_scene import REGULATOR, regulated, signed


@pytest.fixture
def world(tmp_path: Path) -> World:
    return regulated(tmp_path)


def told(world: World, **changes: Any) -> FeedPage:
    return feed(signed(world, **changes), world.desk())


def test_feed_tells_flows_and_a_pseudonym(world: World) -> None:
    """A-11: exactly these fields; the same patient is the same one within a keeper and a month."""
    release(world.command(world.request()), world.desk())
    release(world.command(world.system_request()), world.desk())
    page = told(world)
    assert [one.seq for one in page.rows] == [0, 1] and page.next == 2
    assert page.rows[0].to_json() == {
        "actor": world.account("dr_bose"),
        "decision": "released",
        "ground": "CONSENT",
        "member": world.account("city"),
        "patient": "0x" + page.rows[1].patient.hex(),
        "purpose": "TREAT",
        "seq": 0,
        "time": times.iso(NOW),
    }
    assert page.rows[1].actor == world.account("city_system")
    text = str(page.to_json())
    for hidden in (world.account("alice"), world.record.header.record_id.hex(), "laboratory", "Permitted"):
        assert hidden.removeprefix("0x") not in text


def test_feed_names_no_actor_on_the_patients_side(world: World) -> None:
    """A-11: the account would name whom the pseudonym hides."""
    release(world.command(world.own_request()), world.desk())
    (row,) = told(world).rows
    assert (row.actor, row.member, row.ground) == (None, None, "SELF")
    assert world.account("alice")[2:] not in str(row.to_json())


def test_pseudonyms_differ_by_keeper_month_and_patient(world: World) -> None:
    """A-11: feeds of two keepers, or of two months, cannot be laid side by side by them."""
    alice, bose = Address(world.account("alice")), Address(world.account("dr_bose"))
    keys = [feed_key(one, CHAIN_ID) for one in world.keeper_keys] + [feed_key(world.keeper_keys[0], 1)]
    last, first = times.seconds("2026-11-30T23:59:59Z"), times.seconds("2026-12-01T00:00:00Z")
    made = {pseudonym(key, patient, at) for key in keys for patient in (alice, bose) for at in (last, first)}
    assert len(made) == 6 * 2 * 2 and {len(one) for one in made} == {16}
    assert pseudonym(keys[0], alice, last) == pseudonym(keys[0], alice, last - 29 * 86_400)


def test_feed_comes_in_pages_and_goes_on_where_it_ended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A-10: asked for what is not there yet, it says the same number again."""
    monkeypatch.setattr(feeds, "FEED_PAGE", 2)
    for _ in range(3):
        release(world.command(world.request()), world.desk())
    first = told(world)
    assert ([one.seq for one in first.rows], first.next) == ([0, 1], 2)
    assert ([one.seq for one in told(world, after=2).rows], told(world, after=3).next) == ([2], 3)
    assert told(world, after=3).rows == ()


def test_feed_leaves_sealed_to_its_query(world: World) -> None:
    """A-10"""
    asked = signed(world)
    answer = sealed_feed(asked, world.desk())
    assert list(answer) == ["sealed"]
    assert open_feed(world.opener, asked.request, answer).keeper == world.desk().account
    with pytest.raises(SealInvalid):
        open_feed(world.opener, signed(world).request, answer)
    with pytest.raises(LayoutInvalid):
        open_feed(world.opener, asked.request, {"sealed": ""})


@pytest.mark.parametrize("block", ["latest", "final"])
@pytest.mark.parametrize("what", ["regulator", "active", "member", "role", "licence", "dismissed"])
def test_feed_is_refused_when_the_asker_is_not_the_regulator(world: World, block: str, what: str) -> None:
    """A-10: on both blocks; another member's kind or name does not help."""
    system, city = world.account("mallory"), world.account("city")
    state = world.ledger.latest
    staff = state.staff[system]
    changes: dict[str, Any] = {
        "regulator": {"regulator": city},
        "active": {"active": state.active - {world.account(REGULATOR)}},
        "member": {"staff": state.staff | {system: replace(staff, member=city)}},
        "role": {"staff": state.staff | {system: replace(staff, role="attending")}},
        "licence": {"staff": state.staff | {system: replace(staff, licence_end_at=NOW)}},
        "dismissed": {"staff": {}},
    }
    world.ledger.final = replace(state)
    setattr(world.ledger, block, replace(state, **changes[what]))
    with pytest.raises(NoGround):
        told(world)


def test_feed_is_refused_to_everybody_else(world: World) -> None:
    """A-10: the patient, a clinician, another hospital's system; and before any chain work what is not even signed."""
    alice, bose, system = (world.account(one) for one in ("alice", "dr_bose", "city_system"))
    own = world.session(signer="alice", kind=SessionKind.PATIENT)
    other = world.session(signer="city_system", kind=SessionKind.SYSTEM, actor=system, purpose="any")
    for actor, session in ((alice, own), (bose, world.session()), (system, other)):
        with pytest.raises(NoGround):
            told(world, actor=actor, session=session)
    world.ledger.asked.clear()
    with pytest.raises(SignatureInvalid):
        told(world, actor=bose)
    with pytest.raises(RequestStale):
        told(world, issued_at=NOW - 61)
    with pytest.raises(LayoutInvalid, match="query.keeper"):
        told(world, keeper=world.committee.keepers[1].account)
    receipts_query = world.signed_query()
    with pytest.raises(LayoutInvalid):
        feed(receipts_query, world.desk())
    assert world.ledger.asked == []


def test_feed_needs_a_keeper_in_standing(world: World) -> None:
    """A-10, K-11"""
    world.ledger.latest.keepers.clear()
    with pytest.raises(KeeperWithoutStanding):
        told(world)
