"""What a provision covers, by our own rule and by the contract's: the same for whatever is asked (C-10, K-16).

Scopes under SELF are judged by ours, since no contract judges a scope alone.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from random import Random

from consentry.domain.cids import raw_cid
from consentry.domain.grounds import Reason
from consentry.domain.headers import SUITE, Header
from consentry.domain.provisions import Provision, covers
from tests.app.chain.world import World, grant_tuple

DATES = ("2019-12-31T23:59:59Z", "2020-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2040-01-01T00:00:00Z")
RECORDS = tuple(bytes([number]) * 32 for number in (1, 2))
PURPOSES, CATEGORIES = ("TREAT", "COC"), ("laboratory", "hiv")


def provision(random: Random, authors: tuple[str, ...]) -> Provision:
    def some(*words: str) -> tuple[str, ...]:
        return random.choice((("any",), words[:1], words[1:], words))

    first, last = sorted(random.sample(DATES, 2))
    return Provision(
        purposes=some(*PURPOSES),
        categories=some(*CATEGORIES),
        confidentiality=random.choice(("any", "N", "R", "V")),
        data_from=random.choice(("any", first)),
        data_until=random.choice(("any", last)),
        authors=some(*authors),
        records=some(*("0x" + one.hex() for one in RECORDS)),
    )


def header(random: Random, world: World) -> Header:
    return Header(
        record_id=random.choice(RECORDS),
        patient=world.alice.address,
        author=random.choice((world.mercy_hospital, world.city_hospital)).address,
        category=random.choice(CATEGORIES),
        level=3,
        confidentiality=random.choice("NRV"),
        department="cardiology",
        date=random.choice(DATES),
        version=1,
        replaces=None,
        suite=SUITE,
        cid=raw_cid(bytes(32)),
        ciphertext_digest=bytes(32),
        key_commitment=bytes(32),
    )


def test_our_rule_covers_what_the_contracts_covers(world: World) -> None:
    """C-10, K-16: 25 provisions of one consent each, 40 records asked under each."""
    random = Random("provisions and records")
    names = {one.address: one.name for one in world.ledger.members()}
    authors = (names[world.mercy_hospital.address], names[world.city_hospital.address])
    patient, outcomes = world.actor(), []
    for _ in range(25):
        given = provision(random, authors)
        terms = replace(world.terms, provisions=(given,), salt=secrets.token_bytes(32))
        consent = replace(world.consent(patient), terms=terms)
        patient.transact("ConsentRegistry", "grant", grant_tuple(consent.grant()))
        asked = [header(random, world) for _ in range(40)]
        call = world.ledger.permit_many_call(
            consent.grant(), terms, world.asker(), [one.facts() for one in asked]
        )
        for one, reason in zip(asked, world.ledger.ask(call), strict=True):
            covered = covers(given, "TREAT", one, names[one.author])
            assert reason is (Reason.Permitted if covered else Reason.ProvisionMissing), (given, one)
            outcomes.append(covered)
    assert {True, False} == set(outcomes) and min(outcomes.count(one) for one in (True, False)) > 100
