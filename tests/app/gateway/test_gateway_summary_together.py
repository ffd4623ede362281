"""A publication and the emergency summary that it brings up to date are filed in one go (E-19, D-3, G-1)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from consentry.fhir.validate import parse_bundle
from consentry.services.publish import PublishBundle, Published, publish
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_positions import FailingStore, publishes
from tests.app.gateway.test_gateway_summaries import LATEX, PENICILLIN, allergies, summary, visit
from tests.app.gateway.ward import Ward, ward_at
from tests.app.gateway.world import World


@pytest.fixture
def ward(world: World) -> Ward:
    return ward_at(world)


def said(*allergies: str) -> bytes:
    return json.dumps(visit("ST-1", *allergies)).encode()


def published(world: World, who: Person, bundle: bytes) -> tuple[Published, int]:
    """What became of it, and how often the index was brought to the head for it."""
    parts, scans = world.mercy.gateway, []

    def scan() -> bool:
        scans.append(1)
        return parts.publishing.scan()

    ports = replace(parts.publishing, scan=scan)
    command = PublishBundle(who.wallet.address, parse_bundle(bundle))
    return publish(command, parts.author, ports), len(scans)


def test_summary_takes_no_batch_and_no_look_at_the_chain_of_its_own(ward: Ward) -> None:
    """E-19: one anchor holds the records and the summary."""
    alice = ward.world.patient(ward.world.mercy)
    anchors = ward.world.mercy.gateway.index.status
    ward.world.mercy.gateway.publishing.scan()
    before = anchors()
    made, scans = published(ward.world, alice, said(PENICILLIN))
    ward.world.mercy.gateway.publishing.scan()
    assert scans == 1
    assert anchors().anchors == before.anchors + 1
    assert anchors().entries == before.entries + len(made.records) + 1
    assert allergies(summary(ward, alice)) == [PENICILLIN]


def test_records_and_summary_are_noted_together_or_not_at_all(ward: Ward) -> None:
    """G-1, E-19: wherever the store fails, repeating it gives everything once."""
    world, bundle = ward.world, said(LATEX, PENICILLIN)
    alice, counted = world.patient(world.mercy), FailingStore(world.store, ())
    assert publishes(world, world.patient(world.mercy), bundle, store=counted)
    book = world.mercy.gateway.publishing.publications
    for place in range(1, counted.puts):
        assert not publishes(world, alice, bundle, store=FailingStore(world.store, [place]))
        assert book.unfinished() == ()
    assert not publishes(world, alice, bundle, store=FailingStore(world.store, [counted.puts]))
    assert len(book.unfinished()) == counted.puts // 2
    made, _ = published(world, alice, bundle)
    assert len(made.records) == counted.puts // 2 - 1 and not any(one.waiting for one in made.records)
    assert book.unfinished() == ()
    assert allergies(summary(ward, alice)) == [LATEX, PENICILLIN]
