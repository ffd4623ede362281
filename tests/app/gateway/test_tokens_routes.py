"""No FHIR route does anything for a token whose scopes do not cover it (T-1, T-9)."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.app.gateway.content import bundle
from tests.app.gateway.systems import System, registered
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World

OBSERVATION = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}
PARAMETERS = {"resourceType": "Parameters"}
OPEN = {"/fhir/metadata", "/fhir/.well-known/smart-configuration"}


@pytest.fixture
def his(world: World) -> System:
    """With one scope, of a type that nothing here is about."""
    return registered(world.mercy).sign_in("system/VisionPrescription.d")


def requests_of(app: Flask) -> list[tuple[str, str]]:
    """Every method of every FHIR route, with something plain for its parts."""
    parts = {"kind": "Observation", "resource_type": "Observation", "type": "Observation"}
    found = []
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/fhir") or rule.rule in OPEN:
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda one: parts.get(one[1], "0" * 32), rule.rule)
        found += [(method, path) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return sorted(found)


def ask(his: System, method: str, path: str, sent: dict[str, Any]) -> TestResponse:
    """With a body of the kind that the route takes."""
    if path.endswith("/_search"):
        return his.post_form(path)
    body = sent if path == "/fhir" else PARAMETERS if path.endswith("$everything") else OBSERVATION
    return his.send(method, path, body if method in ("POST", "PUT", "PATCH") else None)


def test_no_route_answers_a_token_without_its_scope(world: World, his: System) -> None:
    """T-1, T-9: the refusal comes before anything is looked for."""
    asked = requests_of(world.mercy.client.application)
    assert len(asked) > 10
    sent = bundle(secrets.token_hex(4))
    for method, path in asked:
        answer = ask(his, method, path, sent)
        if (method, path) == ("GET", "/fhir"):
            assert answer.status_code == 404, "without a page there is nothing there"
        else:
            assert (answer.status_code, code_of(answer)) == (403, "scope-insufficient"), (method, path)
