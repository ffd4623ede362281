"""What a keeper tells its operators in numbers, and nobody else (H-48, H-49, H-50)."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

from flask.testing import FlaskClient

from consentry.keeper.app import Keeper, create_app
from tests.app.keeper.posted import body
from tests.app.keeper_world import World


def test_get_metrics_counts_without_saying_who(world: World, client: FlaskClient) -> None:
    """P-1, H-48, H-49."""
    client.post("/release", json=body(world, world.own_request(world.record, world.seed_item)))
    client.post("/release", data=b"nonsense")
    client.open(f"/{world.account('alice')}", method="MADE-UP")
    text = client.get("/metrics").get_data(as_text=True)
    for line in ("items_released_total 2.0", "items_refused_total 0.0", "receipts 2.0", "receipts_uncommitted 2.0",
                 'requests_total{method="POST",outcome="ok",route="/release"} 1.0', "release_seconds_count 1.0",
                 'requests_total{method="POST",outcome="layout-invalid",route="/release"} 1.0',
                 'requests_total{method="other",outcome="input-invalid",route="(no route)"} 1.0',
                 "chain_nodes_good 1.0", "chain_head_age_seconds 1.0", "committing_failing 0.0",
                 'part_silent{part="machine"} 0.0'):  # fmt: skip
        assert f"consentry_keeper_{line}\n" in text
    assert "0x" not in text and "TREAT" not in text and "MADE" not in text
    assert "\nprocess_resident_memory_bytes " in text and "_created" not in text


def test_get_metrics_names_what_does_not_answer(world: World, client: FlaskClient) -> None:
    """H-48: the others are told."""
    world.ledger.down = True
    text = client.get("/metrics").get_data(as_text=True)
    assert 'part_silent{part="chain"} 1.0' in text and 'part_silent{part="book"} 0.0' in text
    assert "consentry_keeper_receipts 0.0" in text and "chain_head_block " not in text


def test_get_metrics_answers_operators_alone(keeper: Keeper) -> None:
    """H-50."""
    open_here = create_app(keeper).test_client()
    keyed = create_app(replace(keeper, metrics_key_digest=sha256(b"secret").hexdigest())).test_client()
    shown = {"Authorization": "Bearer secret"}
    for answer, status in (
        (open_here.get("/metrics"), 200),
        (open_here.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}), 403),
        (open_here.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}), 403),
        (keyed.get("/metrics"), 403),
        (keyed.get("/metrics", headers={"Authorization": "Bearer wrong"}), 403),
        (keyed.get("/metrics", headers=shown, environ_base={"REMOTE_ADDR": "192.0.2.7"}), 200),
    ):
        assert answer.status_code == status
        assert status == 200 or json.loads(answer.data)["code"] == "metrics-closed"
