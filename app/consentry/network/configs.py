"""The settings files of a network's keepers and gateways."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from consentry.config import ClientKey, GatewayConfig, StoreConfig
from consentry.demo.bundles import MRN_SYSTEM
from consentry.keeper.settings import KeeperConfig
from consentry.network.databases import database_of
from consentry.network.place import MemberKeys, Place

HOST = "127.0.0.1"
JURISDICTION = "demo"


def write_keeper(
    place: Place,
    slug: str,
    url: str,
    rpc_url: str,
    store: StoreConfig,
    commit_every_seconds: float = 1.0,
    databases: str = "",
) -> Path:
    """Of the keeper that listens at `url`; gives the file."""
    folder = place.keeper(slug)
    config = folder / "keeper.json"
    KeeperConfig(
        host=HOST,
        port=_port(url),
        rpc_url=rpc_url,
        deployment=str(place.deployment),
        database=database_of(f"keeper-{slug}", folder / "receipts.sqlite", databases),
        keystore=str(folder / "keeper.keystore"),
        store=store,
        commit_every_seconds=commit_every_seconds,
    ).write(config)
    return config


def write_gateway(
    place: Place,
    slug: str,
    name: str,
    keys: MemberKeys,
    url: str,
    rpc_url: str,
    store: StoreConfig,
    *,
    keeper_spare: int = 0,
    others: Mapping[str, str] | None = None,
    staff_names: Mapping[str, str] | None = None,
    databases: str = "",
) -> Path:
    """Of the gateway that listens at `url`, of the member of that name; gives the file. `others`: public addresses of other
    gateways, by account. `databases`: a PostgreSQL (`databases.database_of`)."""
    folder = place.member(slug)
    config = folder / "gateway.json"
    GatewayConfig(
        member=keys.account,
        member_name=name,
        host=HOST,
        port=_port(url),
        public_url=url,
        rpc_url=rpc_url,
        deployment=str(place.deployment),
        database=database_of(f"gateway-{slug}", folder / "gateway.sqlite", databases),
        keystore=str(folder / "gateway.keystore"),
        copy_key=keys.copy_key.hex(),
        store=store,
        clients=(ClientKey("his", hashlib.sha256(keys.client_key.encode()).hexdigest()),),
        mrn_systems=(MRN_SYSTEM,),
        jurisdiction=JURISDICTION,
        retention=str(_write_retention(folder)),
        keeper_spare=keeper_spare,
        gateways=others or {},
        staff_names=staff_names or {},
        filing_delay_seconds=5,  # nobody waits a quarter of an hour for a development network
    ).write(config)
    return config


def _write_retention(folder: Path) -> Path:
    """A made-up law: nobody waits for years to see a development network erase something."""
    rows = [
        {"category": "laboratory", "years": 10, "source": "Demo Records Act, § 1: results for ten years"},
        {
            "category": "any",
            "years": 0,
            "source": "Demo Records Act, § 2: the rest as long as the patient likes",
        },
    ]
    file = folder / "retention.json"
    file.write_text(json.dumps({"jurisdictions": {JURISDICTION: rows}}, indent=2) + "\n", "utf-8")
    return file


def _port(url: str) -> int:
    return int(url.rsplit(":", 1)[1])
