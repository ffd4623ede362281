"""Other pages' requests change nothing (W-24), and no page lets them in (W-23)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from consentry.gateway.hardening import OPEN, UNSAFE
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World

FOREIGN = ("https://evil.example", "null", "http://city.test", "http://city.test:8000.evil.example", "")


def unsafe(app: Flask) -> Iterator[tuple[str, str]]:
    """Method and address of everything that may change something."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "0" * 32, rule.rule)
        for method in sorted((rule.methods or set()) & UNSAFE):
            if rule.endpoint not in OPEN:
                yield method, path


@pytest.fixture
def alice(world: World) -> Person:
    """Signed in by cookie alone, as browsers are."""
    patient = world.person(world.city)
    patient.sign_in()
    return patient


@pytest.mark.parametrize("origin", FOREIGN)
def test_nothing_is_done_at_another_pages_word(world: World, alice: Person, origin: str) -> None:
    """W-24: at no address, by no method, in no form that browsers send without asking first."""
    client = alice.client
    client.set_cookie("consentry", alice.token, domain="localhost")
    try:
        for method, path in unsafe(client.application):
            for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json"):
                headers = {"Origin": origin, "Content-Type": kind}
                answer = client.open(path, method=method, data=b"{}", headers=headers)
                assert (answer.status_code, code_of_any(answer)) == (403, "origin-foreign"), (method, path)
        assert client.get("/api/me").status_code == 200
    finally:
        client.delete_cookie("consentry")


def code_of_any(answer: object) -> str:
    """Also of a token endpoint, which has a form of its own."""
    told = answer.json  # type: ignore[attr-defined]
    if "error_description" in told:
        return str(told["error_description"]).split(":", 1)[0]
    return code_of(answer)


def test_cookie_without_an_origin_changes_nothing(world: World, alice: Person) -> None:
    """W-24: old browsers and forms of files name none."""
    client = alice.client
    client.set_cookie("consentry", alice.token, domain="localhost")
    try:
        for path in (
            "/api/notifications/seen",
            "/api/consents/own/granted",
            "/api/directory",
            "/api/index/entries",
        ):
            assert code_of(client.post(path, json={})) == "origin-foreign"
    finally:
        client.delete_cookie("consentry")


def test_cookie_is_for_this_gateways_pages_alone(world: World, alice: Person) -> None:
    """W-24: no script reads it, no other site sends it."""
    client = world.city.client
    asked = {"address": alice.wallet.address}
    text = client.post("/api/sign-in/challenges", json=asked).json["message"]
    signed = {"message": text, "signature": "0x" + alice.wallet.sign_text(text).hex()}
    answer = client.post("/api/sign-in", json=signed)
    client.delete_cookie("consentry")
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(re.split(r";\s*", cookie))


def test_chain_relay_takes_nothing_from_a_cookie(world: World, alice: Person) -> None:
    """W-13, W-24: the one address that is open to other pages knows nobody."""
    client = alice.client
    body = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}
    client.set_cookie("consentry", alice.token, domain="localhost")
    try:
        answer = client.post("/api/chain", json=body, headers={"Origin": FOREIGN[0]})
    finally:
        client.delete_cookie("consentry")
    assert answer.status_code == 200 and "Access-Control-Allow-Credentials" not in answer.headers


def test_no_answer_is_shown_in_a_frame_or_asks_for_the_device(world: World) -> None:
    """W-23"""
    for path in ("/", "/clinic", "/api/network", "/nothing", "/static/icon.svg", "/fhir/metadata"):
        headers = world.city.client.get(path).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Permissions-Policy"].startswith("camera=(self), microphone=()")


def test_policy_of_pages_runs_own_files_alone(world: World) -> None:
    """W-23"""
    policy = world.city.client.get("/").headers["Content-Security-Policy"]
    directives = dict(one.strip().partition(" ")[::2] for one in policy.split(";"))
    assert directives["script-src"] == "'self'" and directives["default-src"] == "'none'"
    assert directives["require-trusted-types-for"] == "'script'"
    assert {"dompurify", "consentry"} <= set(directives["trusted-types"].split())
    assert not {"'allow-duplicates'", "*", "default"} & set(directives["trusted-types"].split())
    for name in ("base-uri", "form-action", "frame-ancestors"):
        assert directives[name] == "'none'"
