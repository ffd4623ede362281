"""`consentry client`: the hospital's own systems that get access tokens (SMART Backend Services)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import click

from consentry.cli.answers import clean
from consentry.cli.command import Group, takes_gateway, takes_insecure
from consentry.cli.files import read_bytes, write_private
from consentry.cli.problems import CommandInvalid, ConnectionOpen, GatewayMisbehaved
from consentry.cli.settings import Settings, address_argument, pass_settings
from consentry.config import read_gateway_config
from consentry.domain import times
from consentry.domain.purposes import Purpose
from consentry.domain.scopes import Scopes
from consentry.errors import ClientNotRegistered, KeystoreInvalid, LayoutInvalid
from consentry.wallets.problems import FileExists

if TYPE_CHECKING:
    from consentry.index.client_book import DeskClients

DISCOVERY = "/.well-known/smart-configuration"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@click.group("client", cls=Group)
def client() -> None:
    """The hospital's systems, and their access tokens.

    Each signs with a key of its own; the gateway knows the public half and what the system may ask for. What it may read is
    decided elsewhere, by the patients' consents.
    """


takes_config = click.option(
    "--config", metavar="FILE", required=True, help="The settings of the gateway, which may run on."
)


@client.command("new-key", example="consentry client new-key lab.jwk --public lab.jwks")
@click.argument("file", metavar="FILE")
@click.option("--public", metavar="FILE", required=True, help="Where the JWK Set to be registered goes.")
@click.option("--kid", default="1", show_default=True, help="The key's name; another one for each new key.")
@pass_settings
def new_key(settings: Settings, file: str, public: str, kid: str) -> None:
    """Make a key for a system (P-384, ES384), as JWK.

    FILE holds the private key, unsealed, for this user alone: whoever has it is the system. A system with a FHIR library makes
    its own key instead.
    """
    from consentry.wallets import system_key  # signing libraries take a moment to import

    for path in (Path(file), Path(public)):
        if path.exists():
            raise FileExists(f"{path} is there already")
    private = system_key.new_key(kid)
    write_private(Path(file), private)
    write_private(Path(public), system_key.public_set(private))
    value = {"key": file, "public": public, "kid": kid}
    settings.output.result(value, lambda: settings.output.say(f"{file} stays here; register {public}."))


@client.command(
    example='consentry client register lab --jwks lab.jwks --scope "system/*.rs" --config gateway.json'
)
@click.argument("name", metavar="NAME")
@click.option("--jwks", metavar="FILE", required=True, help="The system's public keys (JWK Set).")
@click.option(
    "--scope", required=True, help="What it may ask for: such as `system/Observation.rs`, with spaces."
)
@takes_config
@pass_settings
def register(settings: Settings, name: str, jwks: str, scope: str, config: str) -> None:
    """Register a system, or change what is registered.

    A running gateway knows it at once. Tokens that the system had are no good any more. To change keys without a pause,
    register a set with both, and later one with the new key alone.
    """
    if not _NAME.fullmatch(name):
        raise CommandInvalid(
            "NAME: 1 to 64 letters, digits, points, dashes, underscores; a letter or digit first"
        )
    try:
        scopes = Scopes.parse(scope)
    except LayoutInvalid as problem:
        raise CommandInvalid(f"--{problem.diagnostics}") from None

    # the key and database libraries take a moment to import
    from consentry.ports.client_book import RegisteredClient
    from consentry.services.client_keys import MAX_BYTES, read_keys

    keys = read_keys(read_bytes(Path(jwks), MAX_BYTES)).public()
    if name in (one.name for one in read_gateway_config(Path(config)).clients):
        raise CommandInvalid(f"{config} has a client key of this name; records would name both alike")
    _book(config).register(RegisteredClient(name, json.dumps(keys), str(scopes), settings.now()))
    kids = [one["kid"] for one in keys["keys"]]
    value = {"name": name, "scope": str(scopes), "keys": kids}
    settings.output.result(value, lambda: settings.output.say(f"{name} may ask for {scopes}"))


@client.command("list", example="consentry client list --config gateway.json")
@takes_config
@pass_settings
def list_(settings: Settings, config: str) -> None:
    """Who is registered, with which keys, for which scopes, since when."""
    found = [
        {
            "name": one.client_id,
            "scope": one.scopes,
            "keys": [key["kid"] for key in json.loads(one.public_keys)["keys"]],
            "registered": times.iso(one.registered_at),
        }
        for one in _book(config).clients()
    ]
    rows = [(one["name"], one["scope"], ", ".join(one["keys"]), one["registered"]) for one in found]
    settings.output.result(
        {"clients": found}, lambda: settings.output.table(("name", "scope", "keys", "registered"), rows)
    )


@client.command(example="consentry client remove lab --config gateway.json")
@click.argument("name", metavar="NAME")
@takes_config
@pass_settings
def remove(settings: Settings, name: str, config: str) -> None:
    """Strike a system off: no token that it has is good any more."""
    if not _book(config).strike(name):
        raise ClientNotRegistered()
    settings.output.result({"name": name}, lambda: settings.output.say(f"{name} is struck off."))


@client.command(
    example='consentry client token lab --key lab.jwk --scope "system/*.rs" --purpose TREAT --practitioner 0x…'
)
@click.argument("name", metavar="NAME")
@click.option("--key", metavar="FILE", required=True, help="The system's private key (JWK).")
@click.option("--scope", required=True, help="What to ask for: such as `system/Observation.rs`, with spaces.")
@click.option("--purpose", type=click.Choice([str(one) for one in Purpose]), help="Bind the token to it.")
@click.option("--practitioner", metavar="ADDRESS", help="Bind the token to whom the system asks for.")
@takes_gateway
@takes_insecure
@pass_settings
def token(
    settings: Settings, name: str, key: str, scope: str, purpose: str | None, practitioner: str | None
) -> None:
    """Ask for an access token, and print it: good for five minutes, for `Authorization: Bearer …`."""
    from consentry.services.client_keys import MAX_BYTES
    from consentry.wallets import system_key

    gateway = settings.client()
    if gateway.is_open and not settings.insecure_http:
        raise ConnectionOpen("a token is not fetched over plain http from another machine")
    account = None if practitioner is None else address_argument(practitioner, "--practitioner")
    endpoint = str(gateway.get(DISCOVERY).get("token_endpoint"))
    if not endpoint.startswith(f"{gateway.origin}/"):
        raise GatewayMisbehaved(f"it calls itself {clean(endpoint)}: ask it under that address")
    raw = read_bytes(Path(key), MAX_BYTES)
    try:
        form = system_key.token_request(
            raw, name, endpoint, scope, settings.now(), purpose=purpose, practitioner=account
        )
    except KeystoreInvalid as problem:
        problem.next_step = "Give --key the private key (JWK) that `consentry client new-key` wrote."  # type: ignore[misc]
        raise
    answer = gateway.exchange(
        "POST",
        endpoint.removeprefix(gateway.origin),
        urlencode(form).encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    told = json.loads(answer.body)
    if set(str(told.get("scope")).split()) != set(scope.split()):
        settings.output.note(f"Granted, of what was asked for: {clean(told.get('scope'))}")
    settings.output.result(told, lambda: settings.output.say(clean(told["access_token"])))


def _book(config: str) -> DeskClients:
    from consentry.bootstrap.clients import open_book

    return open_book(read_gateway_config(Path(config)))
