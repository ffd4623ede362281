"""Databases of one author: restored, second, lost. Nobody numbers them, no tag is used twice, a reader finds all (D-11)."""

from __future__ import annotations

from collections import Counter

import pytest

from consentry.domain.cids import raw_cid
from consentry.domain.entries import MAX_MANIFEST_BYTES, Manifest
from consentry.domain.tags import TAG_GAP
from consentry.fhir.validate import parse_bundle
from consentry.services.publish import PublishBundle, publish
from tests.app.gateway.databases import another_gateway, backed_up
from tests.app.gateway.people import Hospital, Person
from tests.app.gateway.test_gateway_positions import distinct, patient, results, values
from tests.app.gateway.world import World


@pytest.fixture
def alice(world: World) -> Person:
    return patient(world)


def files(hospital: Hospital, who: Person, *wanted: float) -> None:
    """One laboratory record for each value, in one batch."""
    parts = hospital.gateway
    publish(PublishBundle(who.wallet.address, parse_bundle(results(*wanted))), parts.author, parts.publishing)


def tags_used_twice(world: World, hospital: Hospital) -> list[bytes]:
    """Tags under which this author anchored more than one entry since the world began."""
    used: Counter[bytes] = Counter()
    for event in world.ledger.anchors(world.began.number + 1, world.ledger.head().number):
        if event.author == hospital.account.address:
            raw = b"".join(world.store.get(raw_cid(event.manifest_digest), max_bytes=MAX_MANIFEST_BYTES))
            used.update(row.tag for row in Manifest.parse(raw).rows)
    return [tag for tag, times in used.items() if times > 1]


def test_restored_copy_takes_the_next_lineage(world: World, alice: Person) -> None:
    """D-11: also while the original goes on, and however often an old copy is restored."""
    first, second, third, fourth = (distinct(3) for _ in range(4))
    files(world.mercy, alice, *first)
    copy = backed_up(world, world.mercy)
    files(world.mercy, alice, *second)
    with another_gateway(world, world.mercy, copy) as restored:
        files(restored, alice, *third)
        files(world.mercy, alice, *fourth)
        files(restored, alice, *(fifth := distinct(2)))
    with another_gateway(world, world.mercy, backed_up(world, world.mercy)) as again:
        files(again, alice, *(sixth := distinct(2)))
        files(world.mercy, alice, *(seventh := distinct(2)))
    assert values(world, alice) == sorted(first + second + third + fourth + fifth + sixth + seventh)
    assert tags_used_twice(world, world.mercy) == []


def test_second_gateway_does_not_collide(world: World, alice: Person) -> None:
    """D-11: an empty database beside a running one, each filing in channels that the other has used, and in new ones."""
    bob, wanted = patient(world), {"alice": distinct(4), "bob": distinct(4)}
    files(world.mercy, alice, *wanted["alice"][:2])
    with another_gateway(world, world.mercy) as second:
        files(second, alice, *wanted["alice"][2:])
        files(second, bob, *wanted["bob"][:2])
        files(world.mercy, bob, *wanted["bob"][2:])
    assert values(world, alice) == wanted["alice"] and values(world, bob) == wanted["bob"]
    assert tags_used_twice(world, world.mercy) == []


def test_lost_database_goes_on_where_others_see_it(world: World, alice: Person) -> None:
    """D-11: twelve databases one after the other, more than the lineages that a reader looks past."""
    wanted: list[float] = []
    for _ in range(12):
        with another_gateway(world, world.mercy) as fresh:
            files(fresh, alice, *(own := distinct(1)))
            wanted += own
    assert values(world, alice) == sorted(wanted)
    assert tags_used_twice(world, world.mercy) == []


def test_restored_copy_sees_what_was_filed_in_one_batch_of_many(world: World, alice: Person) -> None:
    """D-11: more entries than a look-up reaches have been filed since the copy was made."""
    files(world.mercy, alice, *(first := distinct(1)))
    copy = backed_up(world, world.mercy)
    files(world.mercy, alice, *(many := distinct(TAG_GAP + 4)))
    with another_gateway(world, world.mercy, copy) as restored:
        files(restored, alice, *(later := distinct(2)))
    assert values(world, alice) == sorted(first + many + later)
    assert tags_used_twice(world, world.mercy) == []
