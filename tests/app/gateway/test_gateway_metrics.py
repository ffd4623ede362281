"""What a gateway tells its operators in numbers, and nobody else (H-48, H-49, H-50)."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256

import pytest

from consentry.errors import StoreUnreachable
from consentry.gateway.app import create_app
from tests.app.gateway.world import World

LABEL = re.compile(r'(\w+)="([^"]*)"')


def values(text: str) -> dict[str, float]:
    """Each series by its name and labels."""
    lines = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name.removeprefix("consentry_gateway_"): float(value) for name, value in lines}


def test_metrics_tell_how_the_gateway_is(world: World) -> None:
    """H-48: what was asked and how it ended, and how each part is."""
    client = create_app(world.mercy.gateway).test_client()
    world.mercy.gateway.scanning.problem = None
    client.get("/health")
    client.get("/api/me")
    told = values(client.get("/metrics").text)
    assert told['requests_total{method="GET",outcome="ok",route="/health"}'] == 1
    assert told['requests_total{method="GET",outcome="not-signed-in",route="/api/me"}'] == 1
    assert told['request_seconds_bucket{le="30.0",method="GET",route="/health"}'] == 1
    for name, value in {"chain_nodes": 1, "chain_nodes_good": 1, "chain_nodes_disputed": 0, "store_ok": 1,
                        "store_nodes_answering": 1, "streams_open": 0, "working_sets": 0, "shown_bytes": 0,
                        "index_failing": 0, "reviews_overdue": 0,
                        "sendings_retried": 0, "records_waiting": 0}.items():  # fmt: skip
        assert told[name] == value, name
    assert told["chain_head_block"] > 0 and told["process_resident_memory_bytes"] > 2**20
    silent = {name: value for name, value in told.items() if name.startswith("part_silent")}
    assert len(silent) == 10 and told["disk_free_bytes"] > 0 and not any(silent.values())


def test_metrics_tell_nothing_of_people(world: World) -> None:
    """H-49, P-1: of an address that names somebody, the route's template alone."""
    client = create_app(world.mercy.gateway).test_client()
    world.patient(world.mercy)
    secret = "MRN-4711-of-alice"
    client.get(f"/fhir/Patient/{secret}?identifier={secret}")
    client.open(f"/{secret}", method=secret)
    text = client.get("/metrics").text
    assert 'route="/fhir/Patient/<' in text and secret not in text
    assert {name for name, _ in LABEL.findall(text)} == {"route", "method", "outcome", "le", "part"}
    assert "0x" not in text and world.mercy.name not in text and str(world.folder) not in text


def test_metrics_go_on_without_a_part(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """H-48."""
    client = create_app(world.mercy.gateway).test_client()

    def silent() -> None:
        raise StoreUnreachable()

    monkeypatch.setattr(world.mercy.gateway.index, "gaps", silent)
    told = values(client.get("/metrics").text)
    assert told['part_silent{part="index"}'] == 1 and "index_lag_blocks" not in told
    assert told['part_silent{part="store"}'] == 0 and told["store_ok"] == 1


def test_metrics_answer_operators_alone(world: World) -> None:
    """H-50."""
    digest = sha256(b"secret").hexdigest()
    keyed = create_app(replace(world.mercy.gateway, metrics_key_digest=digest)).test_client()
    afar = {"REMOTE_ADDR": "192.0.2.7"}
    refused = world.mercy.client.get("/metrics", environ_base=afar)
    assert (refused.status_code, refused.json["code"]) == (403, "metrics-closed")
    assert keyed.get("/metrics").status_code == 403
    shown = {"Authorization": "Bearer secret"}
    assert keyed.get("/metrics", headers=shown, environ_base=afar).status_code == 200
