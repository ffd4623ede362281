"""What is told of tokens, and where a client learns how to get one (T-4, T-7, T-8)."""

from __future__ import annotations

import pytest
from fhir.resources.R4B import get_fhir_model_class

from consentry.domain.addresses import Address
from consentry.domain.scopes import Scopes
from consentry.errors import NotSignedIn
from consentry.ports.client_book import RegisteredClient
from consentry.services.access_tokens import AccessTokens, Granted
from tests.app.gateway.systems import System, registered
from tests.app.gateway.test_gateway_sign_in import Hands
from tests.app.gateway.world import World

INACTIVE = {"active": False}


@pytest.fixture
def his(world: World) -> System:
    return registered(world.city, "system/Observation.rs")


def test_introspection_tells_a_client_of_its_own_token(world: World, his: System) -> None:
    """T-7: the fields of SMART App Launch 2.2; `extensions` as the client asked for them."""
    dr_bose = world.staff(world.city)
    his.sign_in("system/*.rs", purpose_of_use=["TREAT"], subject_id=dr_bose.wallet.address)
    told = his.post_form("/oauth/introspect", token=his.token, token_type_hint="access_token")
    assert told.status_code == 200 and told.headers["Cache-Control"] == "no-store"
    origin = world.city.gateway.site.origin
    assert told.json["exp"] - told.json["iat"] == 300
    assert told.json == {
        "active": True,
        "scope": "system/Observation.rs",
        "client_id": his.name,
        "sub": his.name,
        "token_type": "bearer",
        "iss": origin,
        "aud": f"{origin}/fhir",
        "iat": told.json["iat"],
        "exp": told.json["exp"],
        "extensions": {"hl7-b2b": {"version": "1", "purpose_of_use": ["TREAT"], "subject_id": dr_bose.did}},
    }


def test_introspection_tells_nothing_of_what_is_no_token_of_ones_own(world: World, his: System) -> None:
    """T-7: another client's, a person's, a client key, another gateway's, rubbish: all alike."""
    alice = world.person(world.city)
    alice.sign_in()
    mine, other = his.sign_in(), registered(world.city).sign_in()
    foreign = registered(world.mercy).sign_in()
    for token in (other.token, alice.token, world.city.key, foreign.token, "x", mine.token + "x"):
        assert mine.post_form("/oauth/introspect", token=token).json == INACTIVE
    by_key = {"Authorization": f"Bearer {world.city.key}"}
    for token, active in ((other.token, True), (mine.token, True), (foreign.token, False)):
        answer = world.city.client.post("/oauth/introspect", data={"token": token}, headers=by_key)
        assert answer.json["active"] is active


@pytest.mark.parametrize("path", ["/oauth/introspect", "/oauth/revoke"])
def test_strangers_and_people_are_told_nothing(world: World, his: System, path: str) -> None:
    """T-7."""
    alice, token = world.person(world.city), his.sign_in().token
    alice.sign_in()
    client = world.city.client
    assert client.post(path, data={"token": token}).status_code == 401
    by_alice = {"Authorization": f"Bearer {alice.token}"}
    assert client.post(path, data={"token": token}, headers=by_alice).status_code == 403
    assert his.post_form(path).json["error"] == "invalid_request"
    assert his.post_form("/oauth/introspect", token=token).json["active"]


def test_revocation_ends_a_clients_own_token_at_once(world: World, his: System) -> None:
    """T-4, T-7: one of another client stays, and whoever asks is not told."""
    other = registered(world.city).sign_in()
    his.sign_in()
    assert his.post_form("/oauth/revoke", token=other.token).status_code == 200
    assert other.post_form("/oauth/introspect", token=other.token).json["active"]
    assert his.post_form("/oauth/revoke", token=his.token).status_code == 200
    assert his.post_form("/oauth/introspect", token=his.token).status_code == 401
    by_key = {"Authorization": f"Bearer {world.city.key}"}
    for _ in range(2):
        answer = world.city.client.post("/oauth/revoke", data={"token": other.token}, headers=by_key)
        assert answer.status_code == 200
    assert other.send("GET", "/fhir/Patient/x/$everything").status_code == 401


def test_tokens_of_another_gateway_are_nobodys(world: World) -> None:
    """T-4."""
    foreign = registered(world.mercy).sign_in()
    sent = {"Authorization": f"Bearer {foreign.token}"}
    for path in ("/fhir/Patient/x/$everything", "/api/me"):
        answer = world.city.client.get(path, headers=sent)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_clients_push_out_none_of_each_others_tokens() -> None:
    """T-4: at most so many of one client, the oldest goes first, and its end is told."""
    ended: list[bytes] = []
    tokens = AccessTokens(Hands(0), ended.append, most=2)

    def granted(name: str) -> Granted:
        client = RegisteredClient(name, "{}", "system/*.r", 0)
        return Granted(client, Scopes.parse("system/*.r"), None, Address("0x" + "11" * 20), 0, 300)

    first = tokens.issue(granted("one"))
    digest = tokens.who(first).digest
    others = [tokens.issue(granted(name)) for name in ("two", "two", "one", "one")]
    assert ended == [digest]
    with pytest.raises(NotSignedIn):
        tokens.who(first)
    assert [tokens.who(one).client.client_id for one in others] == ["two", "two", "one", "one"]
    tokens.end(tokens.who(others[0]))
    tokens.sweep()
    assert len(ended) == 2 and len(set(others)) == 4


@pytest.mark.parametrize(
    "path", ["/.well-known/smart-configuration", "/fhir/.well-known/smart-configuration"]
)
def test_anybody_learns_where_tokens_are_given(world: World, path: str) -> None:
    """T-8: SMART App Launch 2.2, conformance; JSON whatever is asked for."""
    answer = world.city.client.get(path, headers={"Accept": "text/html"})
    origin = world.city.gateway.site.origin
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    told = answer.json
    assert told["token_endpoint"] == f"{origin}/oauth/token"
    assert told["introspection_endpoint"] == f"{origin}/oauth/introspect"
    assert told["revocation_endpoint"] == f"{origin}/oauth/revoke"
    assert told["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert told["token_endpoint_auth_signing_alg_values_supported"] == ["ES384", "RS384"]
    assert told["grant_types_supported"] == ["client_credentials"]
    assert {"client-confidential-asymmetric", "permission-v2"} == set(told["capabilities"])
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert "authorization_endpoint" not in told
    assert all(Scopes.parse(one) for one in told["scopes_supported"])


def test_capability_statement_tells_it_too(world: World) -> None:
    """T-8: some clients read `oauth-uris` alone."""
    statement = world.city.client.get("/fhir/metadata").json
    get_fhir_model_class("CapabilityStatement").model_validate(statement)
    security = statement["rest"][0]["security"]
    uris = {one["url"]: one["valueUri"] for one in security["extension"][0]["extension"]}
    origin = world.city.gateway.site.origin
    assert uris == {name: f"{origin}/oauth/{name}" for name in ("token", "introspect", "revoke")}
    assert security["service"][0]["coding"][0]["code"] == "SMART-on-FHIR"
