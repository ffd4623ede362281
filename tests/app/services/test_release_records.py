"""When a keeper releases its share of a record, and each reason why not (K-1, K-3, K-4, K-8, M-4)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from consentry.crypto import hpke
from consentry.crypto.sealing import combine_record_key
from consentry.domain.grounds import Reason
from consentry.domain.infos import record_share_info
from consentry.domain.ledger import Anchor, CommitteeInfo
from consentry.services.release import release
from tests.app.keeper_world import CHAIN_ID, NOW, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_release_gives_shares_that_make_the_key_when_the_consent_permits(world: World) -> None:
    """K-3, S-1: three keepers judge the same request; their shares are the record's key."""
    request = world.request()
    shares = {seat: world.given(world.desk(seat), request, seat) for seat in (0, 2, 4)}
    header, sealing = world.record.header, world.record.sealing
    assert combine_record_key(sealing, header.record_id, shares, header.key_commitment) == world.record_key


def test_release_gives_the_share_to_the_patient_herself(world: World) -> None:
    """K-3: ground SELF."""
    world.ledger.latest.reason = Reason.ConsentUnknown
    assert len(world.given(world.desk(), world.own_request())) == 33


def test_release_asks_permits_for_the_practitioner_and_at_the_keepers_clock(world: World) -> None:
    """K-3: a system account signs, the practitioner it asserts is the actor; `at` is the keeper's own time."""
    nurse = world.account("mallory")
    world.clock.time = NOW + 7
    world.given(world.desk(), world.system_request(practitioner=nurse))
    (asker,) = world.ledger.askers
    assert (asker.actor, asker.signer, asker.purpose, asker.at) == (
        nurse,
        world.account("city_system"),
        "TREAT",
        NOW + 7,
    )


@pytest.mark.parametrize("block", ["latest", "final"])
@pytest.mark.parametrize("reason", [one for one in Reason if one])
def test_release_refuses_with_the_contracts_reason_when_either_block_says_no(
    world: World, reason: Reason, block: str
) -> None:
    """K-3, K-8, C-13: the ground must hold on the latest and on the final block; the reason is in the receipt."""
    world.ledger.final = replace(world.ledger.latest)
    setattr(world.ledger, block, replace(world.ledger.latest, reason=reason))
    assert world.refusal(world.desk(), world.request()) == reason.name


@pytest.mark.parametrize("block", ["latest", "final"])
def test_release_refuses_when_the_record_is_retracted(world: World, block: str) -> None:
    """K-3, R-2."""
    world.ledger.final = replace(world.ledger.latest)
    key = (world.account("mercy"), world.record.header.record_id)
    setattr(world.ledger, block, replace(world.ledger.latest, retracted={key}))
    assert world.refusal(world.desk(), world.request()) == "RecordRetracted"
    assert world.refusal(world.desk(), world.own_request()) == "RecordRetracted"


@pytest.mark.parametrize("block", ["latest", "final"])
def test_release_refuses_when_the_author_is_not_active(world: World, block: str) -> None:
    """M-4: a suspended member's anchors lose standing, for the patient as well."""
    world.ledger.final = replace(world.ledger.latest)
    active = world.ledger.latest.active - {world.account("mercy")}
    setattr(world.ledger, block, replace(world.ledger.latest, active=active))
    assert world.refusal(world.desk(), world.request()) == "AuthorInactive"


@pytest.mark.parametrize("block", ["latest", "final"])
def test_release_refuses_when_the_root_is_not_anchored(world: World, block: str) -> None:
    """K-3: on both blocks."""
    world.ledger.final = replace(world.ledger.latest)
    setattr(world.ledger, block, replace(world.ledger.latest, anchors={}))
    assert world.refusal(world.desk(), world.request()) == "RecordNotAnchored"


def test_release_refuses_when_another_member_anchored_the_root(world: World) -> None:
    """K-3: anchored by the header's author, not by anybody."""
    world.ledger.latest.anchors = {(world.account("city"), world.record.root): Anchor(NOW, 3)}
    assert world.refusal(world.desk(), world.request()) == "RecordNotAnchored"


def test_release_refuses_when_the_anchor_covers_another_count(world: World) -> None:
    """K-3, L-5: a proof for a tree of another width is no proof."""
    world.ledger.latest.anchors[world.account("mercy"), world.record.root] = Anchor(NOW, 4)
    assert world.refusal(world.desk(), world.request()) == "RecordNotAnchored"


@pytest.mark.parametrize("change", [{"category": "vitals"}, {"confidentiality": "R"}, {"level": 2}])
def test_release_refuses_when_the_header_is_not_the_anchored_one(
    world: World, change: dict[str, object]
) -> None:
    """K-3, K-4: a header that would fit a consent better does not prove against the root."""
    item = replace(world.record, header=replace(world.record.header, **change))
    assert world.refusal(world.desk(), world.request(item)) == "RecordProofWrong"


def test_release_refuses_when_the_sealing_is_not_the_anchored_one(world: World) -> None:
    """K-3, L-4: the record digest covers the sealing."""
    hashes = (bytes(32), *world.record.sealing.share_hashes[1:])
    item = replace(world.record, sealing=replace(world.record.sealing, share_hashes=hashes))
    assert world.refusal(world.desk(), world.request(item)) == "RecordProofWrong"


def test_release_refuses_when_the_keeper_has_no_seat_in_the_sealings_committee(world: World) -> None:
    """K-4: it would be another keeper's share. The receipt names the newest committee that seats this one."""
    world.ledger.committees = {
        1: CommitteeInfo(1, 3, world.committee.keepers[1:]),
        2: CommitteeInfo(2, 3, world.committee.keepers),
    }
    assert world.refusal(world.desk(), world.request()) == "SealedForAnother"
    (receipt,) = world.desk().book.about(world.account("alice"), first_seq=0, limit=9)
    assert b'"committeeVersion":2' in receipt.receipt.body


def test_release_refuses_when_no_share_is_sent(world: World) -> None:
    """K-4."""
    assert world.refusal(world.desk(), world.request(), [None]) == "ShareMissing"


def test_release_refuses_when_the_share_is_another_keepers(world: World) -> None:
    """K-4."""
    assert world.refusal(world.desk(), world.request(), [world.shares[1]]) == "ShareInvalid"


@pytest.mark.parametrize("position", [0, 600, 1119, 1120, 1168])
def test_release_refuses_when_a_byte_of_the_sealed_share_is_flipped(world: World, position: int) -> None:
    """K-4."""
    share = bytearray(world.shares[0])
    share[position] ^= 1
    assert world.refusal(world.desk(), world.request(), [bytes(share)]) == "ShareInvalid"


def test_release_refuses_when_the_share_opens_but_is_not_the_one_hashed(world: World) -> None:
    """K-4: sealed to this keeper under the right info, by somebody who is not bound to the author's hashes."""
    header = world.record.header
    info = record_share_info(CHAIN_ID, 1, header.record_id, header.hash())
    planted = hpke.seal(world.committee.keepers[0].sealing_key, info, bytes(33))
    assert world.refusal(world.desk(), world.request(), [planted]) == "ShareInvalid"


def test_release_judges_every_item_by_itself(world: World) -> None:
    """K-1, K-8: a batch with a good and a bad item releases the good one only; both have receipts."""
    desk = world.desk()
    bad = replace(world.record, header=replace(world.record.header, category="hiv"))
    good, refused = release(world.command(world.request(world.record, bad)), desk).items
    assert good.sealed is not None and refused.sealed is None
    assert (good.seq, refused.seq) == (0, 1)
    assert world.receipt(desk, refused).reason == "RecordProofWrong"
