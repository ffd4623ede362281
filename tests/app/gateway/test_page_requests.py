"""Requests of any form to what is open to everybody, or takes long lists (W-13, W-15): answered or refused, never a failure."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from consentry.services.relayed_questions import METHODS
from tests.app.gateway.people import Person
from tests.app.gateway.world import World

SETTINGS = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
HEX = some.one_of(
    some.sampled_from(
        ("0x", "0x0", "0x1", "0xffffffffffffffff", "latest", "earliest", "pending", "finalized")
    ),
    some.binary(max_size=40).map(lambda raw: "0x" + raw.hex()),
)
LEAVES = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats(allow_nan=False)
    | some.text(max_size=9)
    | HEX
)
NAMES = (
    some.sampled_from(("to", "data", "from", "address", "topics", "fromBlock", "toBlock", "blockHash"))
    | some.text()
)
TREES = some.recursive(
    LEAVES, lambda inside: some.lists(inside, max_size=5) | some.dictionaries(NAMES, inside, max_size=5)
)
QUESTIONS = some.fixed_dictionaries(
    {"jsonrpc": some.just("2.0"), "id": some.integers(0, 9), "method": some.sampled_from(METHODS)},
    optional={"params": some.lists(TREES, max_size=3)},
)


@pytest.fixture(scope="module")
def alice(world: World) -> Person:
    patient = world.person(world.mercy)
    patient.sign_in()
    return patient


def answered(client: Any, path: str, body: Any, **headers: str) -> Any:
    raw = json.dumps(body).encode("utf-8", "surrogatepass")
    answer = client.post(path, data=raw, content_type="application/json", headers=headers)
    assert answer.status_code < 500, body
    return answer


@SETTINGS
@given(asked=TREES | QUESTIONS | some.lists(QUESTIONS, max_size=4))
def test_chain_answers_or_refuses_whatever_it_is_asked(world: World, asked: Any) -> None:
    """W-13"""
    told = answered(world.mercy.client, "/api/chain", asked).json
    for one in told if isinstance(told, list) else [told]:
        assert one["jsonrpc"] == "2.0" and ("result" in one) is not ("error" in one)


@SETTINGS
@given(lookups=TREES)
def test_lookups_of_any_form_are_answered_or_refused(world: World, alice: Person, lookups: Any) -> None:
    """W-15"""
    token = {"Authorization": f"Bearer {alice.token}"}
    answer = answered(world.mercy.client, "/api/index/entries", {"lookups": lookups}, **token)
    assert answer.status_code in (200, 400, 429)
