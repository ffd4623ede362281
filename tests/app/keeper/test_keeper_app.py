"""The keeper over HTTP: answers, problems, health, metrics (K-2, K-8, K-11, P-1)."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from consentry.crypto.sealing import open_released
from consentry.domain import fields
from consentry.domain.ledger import ChainHead
from consentry.keeper.app import Keeper, create_app
from consentry.services.pace import Pace
from consentry.services.receipts import open_receipts
from consentry.services.release_intake import MAX_BODY_BYTES
from consentry.services.verify import verify
from consentry.telemetry.logs import TextFormatter
from tests.app.keeper.posted import body
from tests.app.keeper_cast import CID
from tests.app.keeper_world import NOW, World


def test_post_release_answers_each_item(world: World, client: FlaskClient, keeper: Keeper) -> None:
    """K-8, L-20: a released share can be opened; a refusal says nothing but no-ground."""
    unknown = replace(world.seed_item, document_cid=CID)
    request = world.own_request(world.record, unknown)
    answer = client.post("/release", json=body(world, request))
    assert answer.status_code == 200
    got = answer.get_json()
    assert got["digest"] == fields.to_hex(request.digest()) and got["keeper"] == keeper.desk.account
    released, refused = got["items"]
    assert refused == {"decision": "refused", "code": "no-ground"}
    assert (released["decision"], released["seat"], released["receipt"]["seq"], got["seat"]) == (
        "released",
        0,
        0,
        0,
    )
    sealed = fields.base64_bytes(released["share"], "share", 1, 4096)
    assert len(open_released(world.opener, request.digest(), world.record.header.record_id, 0, sealed)) == 33


@pytest.mark.parametrize(
    "changes, status, code",
    [
        ({"issued_at": NOW - 100}, 401, "request-stale"),
        ({"chain_id": 5}, 503, "chain-wrong"),
    ],
)
def test_post_release_tells_a_problem(
    world: World, client: FlaskClient, changes: dict[str, Any], status: int, code: str
) -> None:
    """K-2, K-11: application/problem+json with a code of docs/errors.md and a next step."""
    answer = client.post("/release", json=body(world, world.request(**changes)))
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    problem = json.loads(answer.data)
    assert problem["code"] == code and problem["type"] == f"urn:consentry:error:{code}"
    assert problem["status"] == status and problem["nextStep"] and problem["title"] and problem["requestId"]


def test_routes_tell_what_they_are_not(client: FlaskClient) -> None:
    """K-2: too large, no JSON, no such route, another method; never HTML."""
    answers = [
        (client.post("/release", data=b"x" * (MAX_BODY_BYTES + 1)), 413),
        (client.post("/release", data=b"nonsense"), 400),
        (client.post("/receipts", data=b"[]"), 400),
        (client.get("/release"), 405),
        (client.get("/nothing"), 404),
    ]
    for answer, status in answers:
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
        assert json.loads(answer.data)["code"] in ("layout-invalid", "input-invalid")


def test_post_receipts_answers_the_patient(world: World, client: FlaskClient, keeper: Keeper) -> None:
    """K-10, A-2: what comes over HTTP verifies."""
    client.post("/release", json=body(world, world.request()))
    keeper.committer.attempt()
    signed = world.signed_query()
    posted = {"request": fields.to_base64(signed.request), "signature": fields.to_base64(signed.signature)}
    page = open_receipts(world.opener, signed.request, client.post("/receipts", json=posted).get_json())
    assert [verify(one, world.ledger).reason for one in page.evidence] == ["Permitted"]


def test_pages_of_other_origins_may_ask(client: FlaskClient) -> None:
    """Design §9: the patient's page talks to keepers directly; nothing depends on cookies."""
    preflight = client.options("/receipts")
    assert preflight.status_code == 200 and preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    assert client.get("/health").headers["Cache-Control"] == "no-store"


def test_get_health_says_why_not(world: World, client: FlaskClient, keeper: Keeper) -> None:
    """K-11, H-6."""
    good = client.get("/health")
    assert good.status_code == 200
    assert good.get_json() == {
        "ok": True, "keeper": keeper.desk.account, "seat": 0, "version": "0.1.0", "reasons": [], "nextSteps": [],
        "keysMissing": [], "head": {"number": 7, "timestamp": NOW - 1},
        "chain": {"nodes": 1, "good": 1, "using": 1, "disputed": False, "headAge": 1, "late": False},
    }  # fmt: skip
    assert health_of(keeper, world.ledger, head_at=ChainHead(8, NOW - 300, bytes(32))) == ["chain-stale"]
    assert health_of(keeper, world.ledger.latest, keepers=set()) == ["chain-stale", "keeper-without-standing"]
    assert health_of(keeper, world.ledger, down=True) == ["chain-unreachable"]


def health_of(keeper: Keeper, where: object, **changes: object) -> list[str]:
    """What a keeper that has asked nothing yet gives as reasons, after a change."""
    for name, value in changes.items():
        setattr(where, name, value)
    answer = create_app(keeper).test_client().get("/health")
    assert answer.status_code == 503
    return list(answer.get_json()["reasons"])


def test_get_health_asks_the_chain_once_a_second(world: World, keeper: Keeper) -> None:
    """K-11: anybody may ask for it."""
    now = [100.0]
    client = create_app(replace(keeper, ticks=lambda: now[0])).test_client()
    for seconds, questions in ((0.0, 1), (0.9, 1), (1.0, 2), (1.5, 2)):
        now[0] = 100.0 + seconds
        assert client.get("/health").status_code == 200
        assert len(world.ledger.asked) == questions


def test_post_release_says_when_to_ask_again(world: World, keeper: Keeper) -> None:
    """K-13."""
    slow = replace(keeper, desk=replace(keeper.desk, pace=Pace(0.25, 1, ticks=lambda: 0.0)))
    client = create_app(slow).test_client()
    assert client.post("/release", json=body(world, world.request())).status_code == 200
    answer = client.post("/release", json=body(world, world.request()))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "4")
    assert json.loads(answer.data)["code"] == "rate-limited"


def test_an_unexpected_failure_tells_and_logs_nothing_of_the_request(
    world: World, client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P-1: not even through the text of an exception."""
    secret = world.account("alice")

    def fails(*_: object) -> None:
        raise RuntimeError(f"about {secret}")

    monkeypatch.setattr(world.ledger, "evaluate_both", fails)
    caplog.handler.setFormatter(TextFormatter())
    with caplog.at_level(logging.DEBUG):
        answer = client.post("/release", json=body(world, world.request()))
    assert answer.status_code == 500 and json.loads(answer.data)["code"] == "internal"
    assert "RuntimeError" in caplog.text and secret not in caplog.text + answer.get_data(as_text=True)
