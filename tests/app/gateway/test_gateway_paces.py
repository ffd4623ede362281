"""How often one caller may ask (H-46)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import request
from flask.testing import FlaskClient

from consentry.domain.serving import Serving
from consentry.gateway.app import create_app
from consentry.services.pace import Pace
from tests.app.gateway.world import World


def client_of(world: World, *, burst: int, proxies: int = 0) -> FlaskClient:
    """Of a gateway that answers so many requests of each caller, and no more for long."""
    pace = Pace(0.001, burst)
    return create_app(replace(world.mercy.gateway, pace=pace, proxies=proxies)).test_client()


def statuses(client: FlaskClient, *addresses: str, **headers: str) -> list[int]:
    """Asked for the capability statement from each of these addresses in turn."""
    answers = []
    for address in addresses:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = client.get("/fhir/metadata", headers=sent, environ_base={"REMOTE_ADDR": address})
        answers.append(answer.status_code)
    return answers


def test_each_caller_has_a_pace_of_its_own(world: World) -> None:
    """H-46: addresses, clients and people; files and whether the process is there cost nothing."""
    client = client_of(world, burst=2)
    assert statuses(client, "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2") == [200, 200, 429, 200]
    key = {"Authorization": f"Bearer {world.mercy.key}"}
    assert statuses(client, *["192.0.2.1"] * 3, **key) == [200, 200, 429]
    assert statuses(client, "192.0.2.9", **key) == [429]
    made_up = {"Authorization": "Bearer nobody-gave-this"}
    assert statuses(client, "192.0.2.1", **made_up) == [429]
    asked = [client.get("/health/live", environ_base={"REMOTE_ADDR": "192.0.2.1"}) for _ in range(4)]
    assert [one.status_code for one in asked] == [200] * 4


def test_refusal_has_the_form_of_all_errors(world: World) -> None:
    """H-46: with the time to wait."""
    client = client_of(world, burst=1)
    client.get("/api/network")
    for path, kind in (
        ("/api/network", "application/problem+json"),
        ("/fhir/metadata", "application/fhir+json"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype, answer.headers["Retry-After"]) == (429, kind, "1000")
        assert "rate-limited" in answer.text and "127.0.0.1" not in answer.text


def test_proxies_name_who_asks_and_clients_do_not(world: World) -> None:
    """H-46: what stands further left than the proxies' own words was written by whoever asks."""
    behind = client_of(world, burst=1, proxies=1)
    assert statuses(behind, "10.0.0.1", X_Forwarded_For="192.0.2.1") == [200]
    assert statuses(behind, "10.0.0.1", X_Forwarded_For="198.51.100.7, 192.0.2.1") == [429]
    assert statuses(behind, "10.0.0.1", X_Forwarded_For="192.0.2.2") == [200]
    alone = client_of(world, burst=1)
    assert statuses(alone, "10.0.0.1", X_Forwarded_For="192.0.2.1") == [200]
    assert statuses(alone, "10.0.0.1", X_Forwarded_For="192.0.2.2") == [429]


def test_nobody_hides_in_what_proxies_say(world: World) -> None:
    """H-46: by a quote, ports, the many addresses of one network, or another way to write one."""
    behind = client_of(world, burst=1, proxies=1)
    for same in (
        ('"198.51.100.7, 192.0.2.1', '"", "192.0.2.7, 192.0.2.1', "192.0.2.1:4711", "::ffff:192.0.2.1"),
        ("2001:db8::1", "2001:db8::2", "[2001:DB8::ffff]:443", "[2001:db8::3]", "2001:db8::4%1"),
    ):
        asked = [statuses(behind, "10.0.0.1", X_Forwarded_For=one)[0] for one in same]
        assert asked == [200, *[429] * (len(same) - 1)]
    assert statuses(behind, "10.0.0.1", X_Forwarded_For="2001:db8:0:1::1") == [200]
    for wrong in ('192.0.2.3, "192.0.2.4', "unknown", "192.0.2.5,", "[192.0.2.6", ""):
        answer = behind.get("/api/network", headers={"X-Forwarded-For": wrong})
        assert (answer.status_code, answer.json["code"]) == (400, "header-invalid"), wrong
    two = client_of(world, burst=1, proxies=2)
    assert statuses(two, "10.0.0.1", X_Forwarded_For='", 192.0.2.1, 10.0.0.2') == [200]
    assert statuses(two, "10.0.0.1", X_Forwarded_For="192.0.2.1, 10.0.0.3") == [429]
    assert statuses(two, "10.0.0.1", "10.0.0.1", X_Forwarded_For="192.0.2.8") == [200, 429]


def test_entries_of_a_batch_have_the_caller_of_the_whole(world: World) -> None:
    """H-46: they are made of its environment, without this header."""
    behind = client_of(world, burst=1, proxies=1).application
    with behind.test_request_context("/fhir/metadata", headers={"X-Forwarded-For": "192.0.2.1"}):
        assert behind.preprocess_request() is None
        assert request.environ["REMOTE_ADDR"] == request.remote_addr == "192.0.2.1"


def test_pages_from_elsewhere_are_counted(world: World) -> None:
    """H-46: also where all they hear is that they are not welcome."""
    client = client_of(world, burst=1)
    heard = [client.post("/api/sign-in", headers={"Origin": "https://elsewhere.example"}) for _ in range(2)]
    assert [one.status_code for one in heard] == [403, 429]


def test_settings_say_how_often() -> None:
    """H-46."""
    read = Serving.read({"proxies": 2, "requests_per_second": 5, "request_burst": 10})
    assert (read.proxies, read.requests_per_second, read.request_burst) == (2, 5, 10)
    for wrong in ({"proxies": -1}, {"request_burst": 0}, {"requests_per_second": 0}, {"pace": 1}):
        with pytest.raises((TypeError, ValueError)):
            Serving.read(wrong)
