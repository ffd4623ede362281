"""Who gets an access token: only whose assertion holds in every part (T-3)."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import replace
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import OctKey
from werkzeug.test import TestResponse

from consentry.bootstrap.gateway import gateway_on
from consentry.gateway.app import create_app
from tests.app.gateway.systems import System, new_key, registered
from tests.app.gateway.world import World

UNSIGNED = "No registered client has signed this assertion."


@pytest.fixture
def his(world: World) -> System:
    return registered(world.mercy)


def refused(answer: TestResponse, why: str) -> None:
    """RFC 6749 §5.2."""
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client"), answer.text
    assert why in answer.json["error_description"]
    assert "access_token" not in answer.text


def encoded(part: object) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.mark.parametrize("kind", ["EC", "RSA"])
def test_token_is_given_when_the_assertion_holds(world: World, kind: str) -> None:
    """T-3, T-4: ES384 and RS384."""
    his = registered(world.mercy, "system/Observation.rs", kind)
    answer = his.ask()
    assert answer.status_code == 200, answer.text
    assert answer.json == {
        "access_token": answer.json["access_token"],
        "token_type": "bearer",
        "expires_in": 300,
        "scope": "system/Observation.rs",
    }
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")


@pytest.mark.parametrize("claims", [{"aud": [""]}, {"iat": None}, {"exp": 0.5}, {"nbf": 0}])
def test_token_is_given_when_claims_have_another_lawful_form(his: System, claims: dict[str, Any]) -> None:
    """T-3: a list of one audience, no time of issue, times with a fraction (RFC 7519 §2), a start in the past."""
    made = {
        "aud": [his.audience] if "aud" in claims else his.audience,
        "exp": time.time() + 100 if "exp" in claims else int(time.time()) + 100,
    } | {name: value for name, value in claims.items() if name in ("iat", "nbf")}
    assert his.ask(his.assertion(**made)).status_code == 200


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"sub": "somebody"}, "`sub`"),
        ({"sub": None}, "`sub`"),
        ({"aud": "https://city.test/oauth/token"}, "`aud`"),
        ({"aud": None}, "`aud`"),
        ({"aud": ["A", "B"]}, "`aud`"),
        ({"aud": {}}, "`aud`"),
        ({"exp": None}, "`exp`"),
        ({"exp": "soon"}, "`exp`"),
        ({"exp": True}, "`exp`"),
        ({"exp": 1e300}, "`exp`"),
        ({"jti": None}, "`jti`"),
        ({"jti": ""}, "`jti`"),
        ({"jti": 7}, "`jti`"),
        ({"jti": "x" * 257}, "`jti`"),
        ({"nbf": "x"}, "`nbf`"),
        ({"iat": []}, "`iat`"),
    ],
)
def test_assertion_is_refused_when_a_claim_is_wrong(his: System, claims: dict[str, Any], why: str) -> None:
    """T-3."""
    refused(his.ask(his.assertion(**claims)), why)


@pytest.mark.parametrize(
    ("name", "seconds"), [("exp", 0), ("exp", -1), ("exp", 400), ("nbf", 90), ("iat", 90)]
)
def test_assertion_is_refused_when_its_time_is_wrong(his: System, name: str, seconds: int) -> None:
    """T-3: ended, to end in more than five minutes, or not begun; a clock half a minute ahead is no reason."""
    refused(his.ask(his.assertion(**{name: int(time.time()) + seconds})), f"`{name}`")


def test_assertion_with_several_audiences_is_refused_though_one_is_right(his: System) -> None:
    """T-3: whoever else is named could use it here."""
    refused(his.ask(his.assertion(aud=[his.audience, "https://city.test/oauth/token"])), "`aud`")


def test_assertion_is_refused_when_it_is_not_signed_by_the_clients_key(world: World, his: System) -> None:
    """T-3: alg none, HMAC with the public key, another client's key, an unknown kid, a flipped bit; all told alike."""
    other = registered(world.mercy)
    claims = his.claims()
    public = json.dumps(his.key.as_dict(private=False)).encode()
    hmac_with_public = jws.serialize_compact(
        {"alg": "HS256", "kid": his.key.kid}, json.dumps(claims), OctKey.import_key(public), ["HS256"]
    )
    signed = his.assertion()
    header, payload, signature = signed.split(".")
    changed = encoded(json.loads(base64.urlsafe_b64decode(payload + "==")) | {"sub": "x", "iss": "x"})
    weak = new_key(kind="RSA")
    tried = [
        f"{encoded({'alg': 'none', 'kid': his.key.kid})}.{encoded(claims)}.",
        f"{encoded({'alg': 'NONE'})}.{encoded(claims)}.",
        f"{encoded({'alg': 'none', 'kid': his.key.kid})}.{encoded(claims)}.{signature}",
        hmac_with_public,
        his.assertion(key=other.key),
        his.assertion({"kid": "two"}),
        his.assertion({"alg": "RS384"}, key=weak),
        replace(his, name="nobody").assertion(),
        replace(his, name="x" * 100_000).assertion()[:16_384],
        f"{header}.{changed}.{signature}",
        f"{header}.{payload}.{signature[:-4]}AAAA",
        f"{header}.{payload}.",
        f"{header}..{signature}",
    ]
    for assertion in tried:
        refused(his.ask(assertion), UNSIGNED)
    assert his.ask(signed).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        {"jku": "https://evil.test/keys"},
        {"jwk": {"kty": "EC"}},
        {"x5u": "https://evil.test/keys"},
        {"typ": "at+jwt"},
    ],
)
def test_assertion_is_refused_when_its_header_leads_elsewhere(his: System, header: dict[str, Any]) -> None:
    """T-3: though its own key has signed that; the key is the registered one, and an assertion is no other token."""
    refused(his.ask(his.assertion(header)), UNSIGNED)


@pytest.mark.parametrize(
    "header", [{"kid": 1}, {"kid": None}, {"typ": 1}, {"alg": ["ES384"]}, {"alg": {}}, {"alg": "ES256"}]
)
def test_assertion_is_refused_when_its_header_is_malformed(his: System, header: dict[str, Any]) -> None:
    """T-3."""
    _, payload, signature = his.assertion().split(".")
    named = {"alg": "ES384", "kid": his.key.kid, "typ": "JWT"} | header
    refused(his.ask(f"{encoded(named)}.{payload}.{signature}"), UNSIGNED)


@pytest.mark.parametrize(
    ("header", "payload"),
    [
        ("alg", {}),
        (["alg"], {}),
        (1, {}),
        ({"alg": "ES384"}, b"[" * 9_000),
        (b"[" * 2_900, {}),
        ({"alg": "ES384"}, b'{"iss": "a", "iss": "b"}'),
        ({"alg": "ES384"}, b"\xff"),
        ({"alg": "ES384"}, []),
        ({"alg": "ES384", "crit": ["b64"], "b64": False}, b"x"),
        ({"alg": "ES384"}, b"A" * 20_000),
    ],
)
def test_assertion_is_refused_when_its_parts_are_rubbish(
    his: System, header: object, payload: object
) -> None:
    """T-3."""
    refused(his.ask(f"{encoded(header)}.{encoded(payload)}.AAAA"), UNSIGNED)


@pytest.mark.parametrize("assertion", ["x", "..", "a.b.c.d", "\u00e9.\u00e9.\u00e9"])
def test_assertion_is_refused_when_it_is_rubbish(his: System, assertion: str) -> None:
    """T-3."""
    refused(his.ask(assertion), UNSIGNED)


def test_assertion_is_taken_once_also_after_a_restart(world: World, his: System) -> None:
    """T-3."""
    assertion = his.assertion()
    assert his.ask(assertion).status_code == 200
    refused(his.ask(assertion), "used already")
    mercy = world.mercy
    again = gateway_on(mercy.config, mercy.keys, world.chain.ledger(), world.store)
    try:
        client = create_app(again).test_client()
        refused(client.post("/oauth/token", data=his.form(assertion)), "used already")
        assert client.post("/oauth/token", data=his.form()).status_code == 200
    finally:
        again.close()


def test_assertion_of_one_gateway_is_nothing_at_another(world: World, his: System) -> None:
    """T-3: the same client and key, registered at both."""
    kept = world.mercy.gateway.backend.book.client(his.name)
    assert kept is not None
    world.city.gateway.backend.book.register(kept)
    refused(world.city.client.post("/oauth/token", data=his.form()), "`aud`")
