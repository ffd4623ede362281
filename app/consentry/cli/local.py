"""The network of this machine: start it, tell its story, look how it is."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from consentry.cli.answers import clean
from consentry.cli.client import GatewayClient
from consentry.cli.command import Command, takes_client_key, takes_gateway
from consentry.cli.files import read_json
from consentry.cli.network_values import NetworkInfo, network_of
from consentry.cli.problems import CommandInvalid, Degraded, GatewayMisbehaved, GatewayUnreachable
from consentry.cli.publishing import MAX_BUNDLE_BYTES
from consentry.cli.settings import Settings, pass_settings
from consentry.cli.sign_in import system
from consentry.cli.status_words import chain_words, store_words, waiting_words
from consentry.domain.ledger import KeeperInfo
from consentry.errors import ConsentryError, KeeperUnreachable

if TYPE_CHECKING:
    from consentry.network.stores import StoreKind

STATUS_SECONDS = 8.0  # a process whose chain node hangs says so after 5 s: `chain.rpc`
HEALTH_COLUMNS = ("seat", "member", "chamber", "address", "state")
_CHAINS = ("anvil", "ganache", "clique", "kaia")  # `network.engines` has them, and takes its time to import
_STORE = click.Choice(["embedded", "kubo", "swarm"])
_DATABASE = click.option(
    "--database",
    default="",
    metavar="URL",
    help="A PostgreSQL for the databases of keepers and gateways (postgresql://…, a role that may make some), not files.",
)


@click.command(
    cls=Command,
    example="consentry up\nconsentry up --chain ganache --store kubo\nconsentry up --at /srv/consentry-dev",
)
@click.option(
    "--chain", default="anvil", show_default=True, help="anvil, ganache, clique, kaia, or a JSON-RPC URL."
)
@click.option("--store", type=_STORE, default="embedded", show_default=True, help="Where content lies.")
@_DATABASE
@click.option("--at", metavar="DIR", default=None, help="Folder of the network; made anew at each start.")
def up(chain: str, store: StoreKind, database: str, at: str | None) -> None:
    """Start a whole network on this machine.

    Chain, store, keepers and gateways; Ctrl-C stops everything.
    """
    from consentry.network.up import up as start  # the chain libraries take their time to import

    where = None if at is None else Path(at)
    start(chain=_chain(chain), store=store, at=where, databases=database)


@click.command(
    cls=Command, example="consentry demo\nconsentry demo --chain ganache\nconsentry demo --bundle visit.json"
)
@click.option(
    "--chain", default="anvil", show_default=True, help="anvil, ganache, clique, kaia, or a JSON-RPC URL."
)
@click.option("--store", type=_STORE, default="embedded", show_default=True, help="Where content lies.")
@_DATABASE
@click.option("--bundle", metavar="FILE", default=None, help="A FHIR Bundle of yours to take along.")
def demo(chain: str, store: StoreKind, database: str, bundle: str | None) -> None:
    """The whole exchange as a story.

    Step by step, on a network of its own, which ends with it.
    """
    path = None if bundle is None else Path(bundle)
    if path is not None:
        read_json(path, MAX_BUNDLE_BYTES)  # a bad file fails now, not after a minute
    from consentry.demo.story import demo as tell

    tell(chain=_chain(chain), store=store, bundle=path, databases=database)


@click.command(
    cls=Command,
    example="consentry status --gateway http://localhost:8080\nconsentry status --client-key-file his.key",
)
@takes_gateway
@takes_client_key
@pass_settings
def status(settings: Settings) -> None:
    """How the gateway, its view of the chain, and the keepers are. Exit code 5 when reading would not work.

    With the client key also how many records wait for a patient's directory.
    """
    client = settings.client()
    health = _health(client)
    network = network_of(client)
    keepers = keeper_health(network)
    answering = sum(bool(one["ok"]) for one in keepers)
    value: dict[str, Any] = {
        "gateway": {"ok": bool(health.get("ok")), "member": network.member_name, "reasons": _reasons(health)},
        "chain": health.get("chain"),
        "store": health.get("store"),
        "chainId": network.chain_id,
        "committeeVersion": network.committee.version,
        "threshold": network.committee.threshold,
        "keepers": keepers,
    }
    if settings.client_key_file:
        value["publications"] = _publications(settings)

    def tell() -> None:
        output = settings.output
        output.say(
            f"{network.member_name}: {'ok' if health.get('ok') else 'not ok'}, chain {network.chain_id}"
        )
        for words in (
            *_reasons(health),
            *chain_words(health.get("chain")),
            *store_words(health.get("store")),
        ):
            output.say(f"  {words}")
        output.table(HEALTH_COLUMNS, [health_row(one) for one in keepers])
        output.say(f"{answering} of {len(keepers)} keepers answer, {network.committee.threshold} are needed.")
        if "publications" in value:
            output.say(waiting_words(value["publications"]))

    if answering < network.committee.threshold or not health.get("ok"):
        if not settings.output.as_json:
            tell()
        raise Degraded(f"{answering} of {len(keepers)} keepers answer; gateway: {_words(health)}")
    settings.output.result(value, tell)


def _publications(settings: Settings) -> dict[str, Any]:
    """What the gateway says to its own member's system. Raises NotSignedIn, GatewayMisbehaved."""
    with system(settings, "no key") as client:
        told = client.get("/api/publications")
    waiting = told.get("waiting")
    if not isinstance(waiting, dict):
        raise GatewayMisbehaved("it does not say what waits")
    shown = {name: waiting.get(name) for name in ("records", "patients", "since", "scheduled")}
    return {"waiting": shown, "unanchored": told.get("unanchored"), "problem": told.get("problem")}


def keeper_health(network: NetworkInfo) -> list[dict[str, Any]]:
    """Every keeper asked at once: `{seat, member, chamber, account, url, ok, reasons, version, keysMissing}`."""
    with ThreadPoolExecutor(len(network.committee.keepers)) as pool:
        return list(pool.map(_keeper, network.committee.keepers, network.seats))


def _keeper(keeper: KeeperInfo, member_name: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "seat": keeper.seat,
        "member": member_name,
        "chamber": keeper.chamber.name,
        "account": keeper.account,
        "url": clean(keeper.url),
    }
    try:
        health = _health(GatewayClient(keeper.url, seconds=STATUS_SECONDS))
    except ConsentryError as problem:
        code = KeeperUnreachable.code if isinstance(problem, GatewayUnreachable) else problem.code
        return shown | {"ok": False, "reasons": [code], "version": None, "keysMissing": []}
    same = str(health.get("keeper", "")).lower() == keeper.account
    reasons = _reasons(health) if same else ["another keeper answers at this address"]
    version = clean(health.get("version", ""), 40)
    told = health.get("keysMissing")
    missing = [one for one in told[:20] if isinstance(one, int)] if isinstance(told, list) else []
    return shown | {
        "ok": bool(health.get("ok")) and same,
        "reasons": reasons,
        "version": version,
        "keysMissing": missing,
    }


def _health(client: GatewayClient) -> dict[str, Any]:
    """GET /health; a process that isn't well may say so with 503 and the same body."""
    answer = client.ask("GET", "/health", seconds=STATUS_SECONDS)
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or "ok" not in told:
        return {"ok": False, "reasons": [f"it answers HTTP {answer.status}, not its health"]}
    return told


def _reasons(health: dict[str, Any]) -> list[str]:
    reasons = health.get("reasons")
    return [clean(one, 200) for one in reasons[:20]] if isinstance(reasons, list) else []


def _words(health: dict[str, Any]) -> str:
    return "ok" if health.get("ok") else "; ".join(_reasons(health)) or "not ok"


def health_row(one: dict[str, Any]) -> tuple[object, ...]:
    state = "ok" if one["ok"] else "; ".join(one["reasons"]) or "not ok"
    if one["keysMissing"]:
        versions = ", ".join(str(version) for version in one["keysMissing"])
        state += f" (lacks the key of its seat for committee {versions}: consentry keeper take-over)"
    return one["seat"], one["member"], one["chamber"], one["url"], state


def _chain(name: str) -> str:
    if name not in _CHAINS and urlsplit(name).scheme not in ("http", "https"):
        raise CommandInvalid(f"--chain is {', '.join(_CHAINS)}, or an http(s) JSON-RPC URL")
    return name
