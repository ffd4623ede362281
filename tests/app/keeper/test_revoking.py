"""The patient's client shows a revocation to five keepers over HTTP, and believes none of them (K-17, L-23)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consentry.crypto.signatures import sign_digest, sign_typed
from consentry.domain import fields, revocation
from consentry.domain.ledger import ConsentState, ConsentStatus
from consentry.domain.revocation import Acknowledgement, SignedRevocation
from consentry.domain.terms import consent_id
from consentry.errors import NoGround
from consentry.remote.keepers import HttpKeepers
from consentry.services.revoking import Told, tell_keepers
from tests.app.keeper.keeper_network import Network, answering
from tests.app.keeper_cast import CHAIN_ID, NOW, REGISTRY
from tests.app.keeper_world import World


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    made = Network(World(tmp_path))
    # longer than a busy machine takes; nobody waits for what answers
    made.client.close()
    made.client = HttpKeepers(timeout_seconds=30.0)
    yield made
    made.client.close()
    made.stop(*list(made.servers))


def signed(world: World) -> SignedRevocation:
    """alice's revocation of dr_bose's consent, which the chain knows."""
    known = consent_id(world.consent, CHAIN_ID, REGISTRY)
    alice = world.account("alice")
    granted = ConsentState(ConsentStatus.Granted, world.consent.valid_from, world.consent.valid_until, NOW)
    world.ledger.latest.consents[alice, known] = granted
    typed = revocation.typed_data(alice, known, CHAIN_ID, REGISTRY)
    return SignedRevocation(alice, known, sign_typed(world.keys["alice"], typed))


def tell(network: Network, asked: SignedRevocation) -> Told:
    return tell_keepers(asked, network.committee.keepers, CHAIN_ID, network.client)


def test_every_keeper_acknowledges_and_nobody_reads(network: Network) -> None:
    """K-17: five of five; shown again, they say the same."""
    asked = signed(network.world)
    told = tell(network, asked)
    assert [one.keeper for one in told.acknowledged] == [one.account for one in network.committee.keepers]
    assert (told.failures, told.asked) == ((), 5)
    assert tell(network, asked) == told
    with pytest.raises(NoGround):
        network.ask(network.world.request())


def test_a_dead_keeper_is_named_and_the_others_suffice(network: Network) -> None:
    """K-17: four of five, and too few are left to open anything."""
    network.stop(3)
    told = tell(network, signed(network.world))
    assert len(told.acknowledged) == 4 and told.suffices(3)
    (failure,) = told.failures
    assert (failure.seat, failure.code) == (3, "keeper-unreachable")
    with pytest.raises(NoGround):
        network.ask(network.world.request())


def test_who_acknowledges_nothing_or_something_else_is_not_counted(network: Network) -> None:
    """L-23: another consent, another chain, another keeper's name, another account's signature, no layout at all."""
    asked, account = signed(network.world), network.committee.keepers[0].account
    good = Acknowledgement(CHAIN_ID, asked.consent_id, account, asked.patient, NOW)
    own, other = network.world.keeper_keys[0], network.world.keeper_keys[1]

    def said(of: Acknowledgement, by: bytes = own) -> bytes:
        signature = sign_digest(by, of.signing_digest())
        body = {"acknowledgement": of.to_bytes(), "signature": signature}
        return json.dumps({key: fields.to_base64(value) for key, value in body.items()}).encode()

    lies: list[tuple[str, bytes]] = [
        ("keeper-misbehaved", said(replace(good, consent_id=bytes(32)))),
        ("keeper-misbehaved", said(replace(good, chain_id=1))),
        ("keeper-misbehaved", said(replace(good, keeper=network.committee.keepers[1].account))),
        ("keeper-misbehaved", said(good, other)),
        ("keeper-misbehaved", b"{}"),
        (
            "layout-invalid",
            json.dumps({"acknowledgement": "e30=", "signature": fields.to_base64(bytes(65))}).encode(),
        ),
    ]
    for code, body in lies:
        network.replace(0, answering("200 OK", body))
        told = tell(network, asked)
        assert [(one.seat, one.code) for one in told.failures] == [(0, code)]
    network.replace(0, answering("200 OK", said(good)))
    assert len(tell(network, asked).acknowledged) == 5


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"consent_id": bytes(32)}, "consent-not-granted"),
        ({"signature": b"no signature"}, "signature-invalid"),
        ({"patient": "0x" + "77" * 20}, "consent-not-granted"),
    ],
)
def test_a_keeper_says_why_it_keeps_nothing(network: Network, change: dict[str, Any], code: str) -> None:
    """K-17: nothing is denied then."""
    told = tell(network, replace(signed(network.world), **change))
    assert {one.code for one in told.failures} == {code} and not told.acknowledged
    assert network.ask(network.world.request()).outcomes
