"""A hospital's own system as it asks for access tokens: with a key of its own and assertions signed by it."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from joserfc import jws, jwt
from joserfc.jwk import ECKey, RSAKey
from werkzeug.test import TestResponse

from consentry.ports.client_book import RegisteredClient
from consentry.services.backend_services import ASSERTION_TYPE
from consentry.services.client_keys import read_keys
from tests.app.gateway.people import Hospital

ALGORITHM = {"EC": "ES384", "RSA": "RS384"}
Key = ECKey | RSAKey


def new_key(kid: str = "one", kind: str = "EC") -> Key:
    if kind == "EC":
        return ECKey.generate_key("P-384", {"kid": kid})
    return RSAKey.generate_key(2048, {"kid": kid})


def key_set(*keys: Key) -> dict[str, Any]:
    return {"keys": [{**key.as_dict(private=False), "kid": key.kid} for key in keys]}


@dataclass
class System:
    """Registered at this hospital under a name, with this key; `token` once it asked for one."""

    hospital: Hospital
    name: str
    key: Key
    token: str = field(default="", repr=False)

    @property
    def audience(self) -> str:
        return f"{self.hospital.gateway.site.origin}/oauth/token"

    def claims(self, **more: Any) -> dict[str, Any]:
        """What it claims unless told otherwise; a claim that is None is left out."""
        now = int(time.time())
        made = {
            "iss": self.name,
            "sub": self.name,
            "aud": self.audience,
            "exp": now + 240,
            "iat": now,
            "jti": secrets.token_hex(16),
        } | more
        return {name: value for name, value in made.items() if value is not None}

    def assertion(self, header: dict[str, Any] | None = None, key: Key | None = None, **claims: Any) -> str:
        signing = key or self.key
        named = {"alg": ALGORITHM[signing.key_type], "kid": self.key.kid, "typ": "JWT"} | (header or {})
        registry = jws.JWSRegistry(algorithms=list(ALGORITHM.values()), strict_check_header=False)
        return jwt.encode(named, self.claims(**claims), signing, registry=registry, default_type=None)

    def form(self, assertion: str | None = None, **more: str) -> dict[str, str]:
        made = {
            "grant_type": "client_credentials",
            "scope": "system/*.cruds",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.assertion() if assertion is None else assertion,
        } | more
        return {name: value for name, value in made.items() if value}

    def ask(self, assertion: str | None = None, **more: str) -> TestResponse:
        return self.hospital.client.post("/oauth/token", data=self.form(assertion, **more))

    def sign_in(self, scope: str = "system/*.cruds", **context: Any) -> System:
        """With what the token is to be bound to, as the extension `hl7-b2b` says it."""
        extensions = {"hl7-b2b": {"version": "1"} | context} if context else None
        answer = self.ask(self.assertion(extensions=extensions), scope=scope)
        assert answer.status_code == 200, answer.text
        self.token = answer.json["access_token"]
        return self

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        sent = {"Authorization": f"Bearer {self.token}"} | headers
        return self.hospital.client.open(path, method=method, json=body, headers=sent)

    def post_form(self, path: str, **form: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.hospital.client.post(path, data=form, headers=headers)


def registered(hospital: Hospital, scopes: str = "system/*.cruds", kind: str = "EC") -> System:
    """A new system of this hospital."""
    key, name = new_key(kind=kind), f"his-{secrets.token_hex(4)}"
    keys = kept(key)
    hospital.gateway.backend.book.register(RegisteredClient(name, keys, scopes, int(time.time())))
    return System(hospital, name, key)


def kept(*keys: Key) -> str:
    """As `consentry client register` keeps them."""
    return json.dumps(read_keys(json.dumps(key_set(*keys)).encode()).public())
