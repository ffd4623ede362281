"""What is asked of `/oauth`, and in which form (T-2, T-6)."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from consentry.gateway.oauth import FORM, MAX_FORM_BYTES
from consentry.services.backend_services import BURST
from tests.app.gateway.systems import System, kept, new_key, registered
from tests.app.gateway.world import World


@pytest.fixture
def his(world: World) -> System:
    return registered(world.mercy, "system/Observation.rs system/Condition.r")


def refused(answer: TestResponse, status: int, error: str, why: str = "") -> None:
    """RFC 6749 §5.2: an error of its list, and ASCII without quotes."""
    assert (answer.status_code, answer.json["error"]) == (status, error), answer.text
    assert set(answer.json) == {"error", "error_description"} and answer.mimetype == "application/json"
    said = answer.json["error_description"]
    assert why in said and all(" " <= one <= "~" and one not in '"\\' for one in said)


@pytest.mark.parametrize(
    ("more", "status", "error"),
    [
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "authorization_code"}, 400, "unsupported_grant_type"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_assertion_type": ""}, 400, "invalid_request"),
        ({"client_assertion_type": "urn:ietf:params:oauth:grant-type:jwt-bearer"}, 400, "invalid_request"),
        ({"client_assertion": ""}, 400, "invalid_request"),
        ({"client_id": "somebody"}, 401, "invalid_client"),
        ({"client_secret": "x"}, 400, "invalid_request"),
        ({"scope": ""}, 400, "invalid_request"),
        ({"scope": "system/Patient.r"}, 400, "invalid_scope"),
        ({"scope": "system/Observation.cud"}, 400, "invalid_scope"),
        ({"scope": "patient/Observation.rs"}, 400, "invalid_scope"),
        ({"scope": "system/Observation.read"}, 400, "invalid_scope"),
        ({"scope": "system/Observation.rs?category=laboratory"}, 400, "invalid_scope"),
        ({"scope": "é launch"}, 400, "invalid_scope"),
    ],
)
def test_token_is_refused_by_the_code_of_the_standard(
    his: System, more: dict[str, str], status: int, error: str
) -> None:
    """T-1, T-6."""
    refused(his.ask(**more), status, error)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("system/*.cruds", "system/Condition.r system/Observation.rs"),
        ("system/Observation.r", "system/Observation.r"),
        ("system/Condition.rs system/Patient.r", "system/Condition.r"),
        ("launch/patient openid system/Condition.r", "system/Condition.r"),
    ],
)
def test_no_scope_is_given_that_is_not_registered(his: System, asked: str, given: str) -> None:
    """T-1: what is given is told (RFC 6749 §3.3)."""
    assert his.ask(scope=asked).json["scope"] == given


def test_form_is_refused_when_it_is_none(his: System) -> None:
    """T-6: another type, a parameter twice, in the address, too many, broken or too large."""
    client, form = his.hospital.client, his.form()

    def post(data: object, kind: str = FORM, path: str = "/oauth/token", **headers: str) -> TestResponse:
        return client.post(path, data=data, content_type=kind, headers=headers)

    body = urlencode(form)
    refused(post(json.dumps(form), "application/json"), 400, "invalid_request", FORM)
    refused(post(body, "text/plain"), 400, "invalid_request", FORM)
    refused(post(body, **{"Content-Encoding": "gzip"}), 400, "invalid_request", FORM)
    refused(post(f"{body}&scope=system%2F*.r"), 400, "invalid_request", "twice")
    refused(post(f"{body}&x=&x="), 400, "invalid_request", "twice")
    refused(post(body, path=f"/oauth/token?{body}"), 400, "invalid_request", "logs")
    refused(post(body + "&" + "&".join(f"p{n}=1" for n in range(20))), 400, "invalid_request", "few")
    for broken in (b"", b"x", b"&&", b"scope=%ff", b"\xff=1", b"scope=a;b"):
        refused(post(broken), 400, "invalid_request")
    refused(post(b"x=" + b"y" * MAX_FORM_BYTES), 413, "invalid_request")
    refused(post(body, Authorization="Basic eDp5"), 400, "invalid_request")
    assert post(f"{body}&unknown=1&client_id={his.name}").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/oauth/token", 405), ("PUT", "/oauth/introspect", 405), ("POST", "/oauth/nothing", 404)],
)
def test_oauth_refuses_in_its_own_form(world: World, method: str, path: str, status: int) -> None:
    """T-6, G-2."""
    refused(world.mercy.client.open(path, method=method), status, "invalid_request")


def test_tokens_keep_a_pace_of_each_client(world: World) -> None:
    """T-6."""
    busy, other = registered(world.mercy), registered(world.mercy)
    pace = world.mercy.gateway.backend.pace
    for _ in range(BURST):
        pace.take(busy.name)
    answer = busy.ask()
    while answer.status_code == 200:  # a slow machine gives room for some more
        pace.take(busy.name)
        answer = busy.ask()
    refused(answer, 429, "temporarily_unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
    assert other.ask().status_code == 200


def test_token_of_before_is_nothing_when_the_client_is_registered_anew_or_struck_off(his: System) -> None:
    """T-2."""
    book = his.hospital.gateway.backend.book
    asked = "/fhir/Patient/nobody/$everything"
    wider = book.client(his.name)
    assert wider is not None
    book.register(replace(wider, scopes="system/*.rs"))
    his.sign_in()
    assert his.send("GET", asked).status_code != 401
    book.register(wider)
    assert his.send("GET", asked).status_code == 401
    his.sign_in()
    assert his.send("GET", asked).status_code == 403
    rotated = replace(his, key=new_key("two"))
    book.register(replace(wider, public_keys=kept(rotated.key)))
    assert his.send("GET", asked).status_code == 401
    refused(his.ask(), 401, "invalid_client")
    rotated.sign_in()
    assert book.strike(his.name) and not book.strike(his.name)
    assert rotated.send("GET", asked).status_code == 401
    refused(rotated.ask(), 401, "invalid_client")


def test_no_token_and_no_assertion_is_written_down(
    world: World, his: System, caplog: pytest.LogCaptureFixture
) -> None:
    """T-6, P-1: neither in the log, nor in errors, nor in the gateway's files."""
    with caplog.at_level(logging.DEBUG):
        assertion = his.assertion()
        answer = his.ask(assertion)
        his.token = answer.json["access_token"]
        refusals = [his.ask(assertion), his.ask(assertion + "A"), his.ask(scope="system/Patient.r")]
        refusals += [his.send("GET", "/fhir/Patient/nobody/$everything"), his.send("GET", "/api/me")]
        his.post_form("/oauth/introspect", token=his.token)
    for secret in (his.token, assertion, *assertion.split(".")[1:]):
        assert secret not in caplog.text
        assert not any(secret in one.text for one in refusals)
        files = Path(world.mercy.config.database).parent.iterdir()
        assert not any(secret.encode() in one.read_bytes() for one in files)
    assert "/oauth/token 200" in caplog.text
