"""Requests that are damaged anywhere: refused by their own fault, never by ours (F-12)."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest

from tests.app.gateway.documents import Desk, diagnosis, result
from tests.app.gateway.test_gateway_transactions import about, entry
from tests.app.gateway.test_gateway_write import created, glucose, send
from tests.app.gateway.world import World

JUNK: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    "Patient/x",
    "空\u202e",
    "x" * 5_000,
    [],
    {},
    [[]],
    [None],
    [1],
    ["x"],
    [{}],
    {"x": 1},
    {"reference": 1},
    {"reference": "#x"},
    {"resourceType": "Patient"},
    {"resourceType": 1},
    [{"system": 1, "code": []}],
    [{"url": "x", "extension": [{"url": "y"}]}],
)
ROUNDS = 60


@pytest.fixture(scope="module")
def desk(world: World) -> Desk:
    return Desk(world)


def damaged(tree: Any, dice: random.Random) -> Any:
    """One place of it is replaced, removed, doubled or added to."""
    tree = copy.deepcopy(tree)
    places: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        keys = node.keys() if isinstance(node, dict) else range(len(node))
        places += [(node, key) for key in keys]
        waiting += [node[key] for key in keys if isinstance(node[key], dict | list)]
    node, key = dice.choice(places)
    way = dice.randrange(4)
    if way == 0:
        del node[key]
    elif way == 1 and isinstance(node, dict):
        node[dice.choice(("meta", "id", "identifier", "contained", "extension", "fullUrl"))] = dice.choice(
            JUNK
        )
    elif way == 2 and isinstance(node, dict):
        node[key] = [node[key], node[key]]
    else:
        node[key] = dice.choice(JUNK)
    return tree


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_damage_is_the_senders_own(desk: Desk, seed: int) -> None:
    """F-12: whatever is damaged, wherever it is sent, no answer is a failure of the gateway's, and each is a resource."""
    dice = random.Random(seed)
    first = created(desk, glucose(desk, 1.0))
    path = f"Observation/{first['id']}"
    contained = [{"resourceType": "Practitioner", "id": "dr"}]
    single = first | {"contained": contained, "performer": [{"reference": "#dr"}]}
    rows = [
        entry(about(desk, result(2.0)), fullUrl="urn:uuid:a", ifNoneExist="identifier=a|b"),
        entry(about(desk, diagnosis("I10"))),
        entry(single, "PUT", path),
    ]
    bundles = [{"resourceType": "Bundle", "type": kind, "entry": rows} for kind in ("transaction", "batch")]
    parameters = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": single}]}
    asked: list[tuple[str, str, Any]] = [
        ("POST", "Observation", single),
        ("PUT", path, single),
        ("PUT", "Observation?identifier=a|b", single),
        ("POST", "Observation/$validate", single),
        ("POST", "Observation/$validate", parameters),
        ("POST", "Bundle/$validate", bundles[0]),
        *(("POST", "", one) for one in bundles),
    ]
    for _ in range(ROUNDS):
        method, at, body = dice.choice(asked)
        sent = damaged(body, dice)
        answer = send(desk, method, at, sent)
        assert answer.status_code < 500, (method, at, json.dumps(sent)[:2_000], answer.text)
        assert "resourceType" in answer.json
        parts = answer.json.get("entry", ()) if answer.json.get("type") == "batch-response" else ()
        assert all(one["response"]["status"] < "5" for one in parts), (json.dumps(sent)[:2_000], answer.text)
