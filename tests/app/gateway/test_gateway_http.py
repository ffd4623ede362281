"""What every answer is like: documented, typed, never HTML except the page, hardened (G-2, P-1)."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from consentry.errors import TransactionReverted
from consentry.gateway import problems
from consentry.gateway.app import create_app
from consentry.gateway.hardening import page_policy
from consentry.telemetry.logs import TextFormatter
from tests.app.gateway.world import World

PROBLEM = {"type", "title", "status", "detail", "code", "nextStep", "requestId"}


def operations(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {(path, method.upper()) for path, methods in document["paths"].items() for method in methods}


def test_openapi_names_every_route_and_no_other(world: World) -> None:
    app = world.mercy.client.application
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    document = world.mercy.client.get("/openapi.json").json
    assert operations(document) == routes


def test_openapi_refers_only_to_what_it_holds(world: World) -> None:
    text = world.mercy.client.get("/openapi.json").text
    document = json.loads(text)
    for section, name in set(re.findall(r'"#/components/(\w+)/(\w+)"', text)):
        assert name in document["components"][section]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "route-unknown"),
        ("GET", "/api//me", 404, "route-unknown"),
        ("GET", "/api/me/", 401, "not-signed-in"),
        ("PUT", "/api/me", 405, "method-unsupported"),
        ("GET", "/api/me", 401, "not-signed-in"),
        ("POST", "/api/patients/links", 401, "not-signed-in"),
        ("GET", "/static/nothing.js", 404, "route-unknown"),
        ("GET", "/fhir/nothing", 404, "route-unknown"),
        ("GET", "/fhir/", 404, "route-unknown"),
        ("GET", "/fhir/Patient/x", 401, "not-signed-in"),
        ("DELETE", "/fhir", 405, "method-unsupported"),
        ("POST", "/fhir", 401, "not-signed-in"),
        ("GET", "/fhir/Patient/x/$everything", 401, "not-signed-in"),
    ],
)
def test_refusal_has_its_form_when_asked_wrongly(
    world: World, method: str, path: str, status: int, code: str
) -> None:
    """G-2: OperationOutcome under /fhir, problem+json elsewhere."""
    answer = world.mercy.client.open(path, method=method)
    assert answer.status_code == status
    assert code_of(answer, path) == code


def test_failure_tells_nothing_when_code_is_wrong(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """G-2, P-1: a defect's own text reaches neither the caller nor the log."""
    app = create_app(world.mercy.gateway)

    @app.get("/api/defect")
    @app.get("/fhir/defect")
    def defect() -> str:
        raise RuntimeError("MRN-4711 of Alice")

    caplog.handler.setFormatter(TextFormatter())
    with caplog.at_level(logging.INFO):
        for path in ("/api/defect", "/fhir/defect"):
            answer = app.test_client().get(path)
            assert (answer.status_code, code_of(answer, path)) == (500, "internal")
            assert "4711" not in answer.text
    assert "RuntimeError" in caplog.text and "4711" not in caplog.text


def test_body_is_refused_when_it_is_not_what_the_route_takes(world: World) -> None:
    client = world.mercy.client
    path = "/api/sign-in/challenges"
    cases = [
        (b'{"address": 1}', "application/json", 400, "layout-invalid"),
        (b"{}", "application/json", 400, "layout-invalid"),
        (b'{"address": "x", "more": 1}', "application/json", 400, "layout-invalid"),
        (b'{"address": "0x", "address": "0x"}', "application/json", 400, "not-json"),
        (b"[]", "application/json", 400, "layout-invalid"),
        (b"", "application/json", 400, "not-json"),
        (b"\xff\xfe", "application/json", 400, "not-json"),
        (b"[" * 5000, "application/json", 400, "not-json"),
        (b"{}", "text/plain", 415, "media-type-unsupported"),
        (b"{}", "application/json; charset=latin-1", 415, "media-type-unsupported"),
        (b" " * 300_000, "application/json", 413, "body-too-large"),
    ]
    for raw, kind, status, code in cases:
        answer = client.post(path, data=raw, content_type=kind)
        assert (answer.status_code, code_of(answer, path)) == (status, code), raw[:20]


def test_every_answer_is_hardened(world: World) -> None:
    for path in ("/", "/health", "/api/network", "/nothing", "/fhir/metadata", "/fhir/nothing"):
        headers = world.mercy.client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
        assert headers["X-Request-Id"]


def test_only_the_page_is_html(world: World) -> None:
    """G-2: not even an empty answer says that it is."""
    for method, path in (("OPTIONS", "/api/me"), ("OPTIONS", "/fhir"), ("DELETE", "/api/sign-in")):
        answer = world.mercy.client.open(path, method=method)
        assert answer.status_code < 300 and "Content-Type" not in answer.headers
    assert world.mercy.client.get("/static/icon.svg").mimetype == "image/svg+xml"


def test_revert_names_no_account(world: World) -> None:
    """P-1: contracts name the patient's account in their errors; answers do not."""
    reverted = TransactionReverted("IdentitySignatureExpired", ("0x" + "ab" * 20, 17))
    body, kind = problems.render(reverted, "/api/directory", "r")
    assert (json.loads(body)["detail"], kind) == ("IdentitySignatureExpired(17)", "application/problem+json")


def test_request_id_is_the_callers_own_when_it_is_plain(world: World) -> None:
    given = {"visit-17.a": True, "": False, "a b": False, "x" * 65: False, "<script>": False}
    for name, kept in given.items():
        answer = world.mercy.client.get("/nothing", headers={"X-Request-Id": name})
        assert (answer.headers["X-Request-Id"] == name) is kept
        assert answer.json["requestId"] == answer.headers["X-Request-Id"]


def test_log_holds_no_opaque_name(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """P-1: the rule is logged, not the path."""
    with caplog.at_level(logging.INFO, "consentry.gateway"):
        world.mercy.client.get("/fhir/Patient/0123456789abcdef/$everything")
    assert "/fhir/Patient/<ref>/$everything 401" in caplog.text and "0123456789abcdef" not in caplog.text


def test_page_has_no_inline_script_or_style(world: World) -> None:
    """Trusted Types and a strict policy only help if the page itself needs no exception."""
    answer = world.mercy.client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert answer.mimetype == "text/html" and policy == page_policy(world.mercy.gateway.page.places.origins())
    assert "unsafe" not in policy and "nonce" not in policy
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", answer.text, re.DOTALL)
    assert scripts and all("src=" in attributes and not content.strip() for attributes, content in scripts)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+\s*=|javascript:", answer.text, re.IGNORECASE)
    for address in re.findall(r'(?:src|href)="([^"]*)"', answer.text):
        assert address.startswith(("/static/", "#/"))  # of its own alone


def test_network_and_health_say_what_pages_need(world: World) -> None:
    """H-6: and what operators need of the chain's nodes."""
    network = world.mercy.client.get("/api/network").json
    assert network["member"]["name"] == world.mercy.name and network["threshold"] == 3
    assert [one["seat"] for one in network["keepers"]] == [0, 1, 2, 3, 4]
    assert set(network["contracts"]) >= {"ConsentRegistry", "IdentityRegistry"}
    assert "laboratory" in network["categories"]
    world.mine()  # else the newest block may be old
    health = world.mercy.client.get("/health")
    assert (health.status_code, health.json["ok"], health.json["reasons"]) == (200, True, [])
    chain = health.json["chain"]
    assert (chain["nodes"], chain["good"], chain["using"], chain["disputed"]) == (1, 1, 1, False)
    assert chain["headAge"] >= 0 and "127.0.0.1" not in health.text


def code_of(answer: TestResponse, path: str) -> str:
    """The error's code, out of the form that this path must have."""
    if path == "/fhir" or path.startswith("/fhir/"):
        assert answer.mimetype == "application/fhir+json"
        assert answer.json["resourceType"] == "OperationOutcome"
        return str(answer.json["issue"][0]["details"]["coding"][0]["code"])
    assert answer.mimetype == "application/problem+json" and answer.json.keys() == PROBLEM
    assert answer.json["status"] == answer.status_code
    return str(answer.json["code"])
