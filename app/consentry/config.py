"""Settings of a gateway process: one JSON file, secrets in the keystore beside it, passphrase from the environment."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from consentry.databases.place import Place, beside, place_of
from consentry.domain.addresses import is_account
from consentry.domain.endpoint import EndpointSettings
from consentry.domain.mail import LOOPBACK, MailServer
from consentry.domain.origins import origin_of
from consentry.domain.serving import Serving
from consentry.errors import ConfigInvalid

LEAST_AUDIT_YEARS = 3
MAX_NAME = 120


@dataclass(frozen=True)
class StoreConfig:
    """`embedded`: `path` is a directory shared by the processes of one machine. `kubo`: `api` is a multiaddr, and `token_file`
    holds a bearer token of the node's RPC, if it asks for one. `cluster`: the address (http…) of an ipfs-cluster peer beside the
    node, which sees to it that `copies` nodes at least hold what is put; `cluster_login_file` holds its `user:password`."""

    kind: Literal["embedded", "kubo"]
    path: str = ""
    api: str = ""
    token_file: str = ""
    cluster: str = ""
    cluster_login_file: str = ""
    copies: int = 2

    @classmethod
    def read(cls, raw: Any) -> StoreConfig:
        """Raises TypeError, ValueError."""
        store = cls(**raw)
        if store.kind not in ("embedded", "kubo"):
            raise ValueError("store.kind is embedded or kubo")
        texts = (store.path, store.api, store.token_file, store.cluster, store.cluster_login_file)
        if not all(isinstance(one, str) for one in texts):
            raise TypeError("store.path, api, token_file, cluster and cluster_login_file are texts")
        if type(store.copies) is not int or store.copies < 1:
            raise ValueError("store.copies is a number from 1")
        if store.token_file and store.kind != "kubo":
            raise ValueError("store.token_file goes with an IPFS node (store.kind kubo)")
        if not store.cluster and (store.cluster_login_file or store.copies != cls.copies):
            raise ValueError(
                "store.cluster_login_file and copies go with store.cluster: nothing is copied without it"
            )
        if store.cluster and (store.kind != "kubo" or not is_private_url(store.cluster)):
            raise ValueError("store.cluster is the https address of an ipfs-cluster, or http on this machine")
        return store


def read_store_config(path: Path) -> StoreConfig:
    """The store that a file names: a gateway's settings, a keeper's, or their part `store` by itself. Raises ConfigInvalid."""
    try:
        raw = json.loads(path.read_text("utf-8"))
        return StoreConfig.read(raw.get("store", raw) if isinstance(raw, dict) else raw)
    except OSError:
        raise ConfigInvalid(f"no configuration file {path.name}") from None
    except (ValueError, TypeError) as problem:
        raise ConfigInvalid(f"{path.name}: {problem}") from None


@dataclass(frozen=True)
class ClientKey:
    """A system that may call the gateway: its name and the SHA-256 of its key (the key itself is never stored)."""

    name: str
    key_digest: str


@dataclass(frozen=True)
class GatewayConfig:
    """Everything a gateway needs besides its keystore.

    `rpc_url`: the member's own chain node, or several, as a list or between commas, the one to prefer first: the next is asked
    when one is silent, late or tells another story (H-4). With `endpoint` it is another member's one, believed by proofs (H-81).
    `max_head_age_seconds`: from which age of the newest block it is said
    that the chain stands still.
    `copy_key` is the public X-Wing key (hex) of the author's offline copy key; its private half is not on this machine.
    `mrn_systems` are the identifier systems (URIs) of this member's own patient numbers: a number that was linked bare counts
    for identifiers of these systems, and for those without any.
    `filing_delay_seconds`: up to how long after a patient opened the directory the records that waited for it are filed, at
    random, so that neither shows the other.
    `jurisdiction` names the rows of the table of retention that say how long records must be kept (`retention`: a file with rows
    of this member's own); without one nothing is erased.
    `max_read_bytes`: how much content one answer may hold; what is beyond that is named as missing.
    `notify_url`: where the member's messaging system is told of emergency openings, so that it tells the patient (https; http
    on this machine only; empty: nobody is told but at sign-in).
    `keeper_spare`: how many keepers beyond the threshold are asked at once; the rest follows where one fails or is slow (K-28).
    `audit_years`: how long audit events are kept; 3 at least (EHDS, Regulation (EU) 2025/327, art. 9), 6 by default (HIPAA,
    45 CFR 164.316(b)(2)(i)).
    `mail`: the server by which patients who want it are told of news by e-mail (None: nobody is).
    `staff_names`: what this member's people are called, by account; the chain names nobody.
    `gateways`: public addresses of other members' gateways, by account: pages may ask their relays of the chain, and
    consents that patients give these members are told to them.
    `database`: the path of a SQLite file, or `postgresql://user@host/database`; so is `index_database`, where the index is that
    can be filled anew (empty: beside the database, or in it where that is PostgreSQL).
    `serving`: TLS, proxies in front, and how often one caller may ask.
    `catch_up_seconds`: how long a reader waits for the newest records before the answer says that they may be missing.
    `metrics_key_digest`: SHA-256 (hex) of the key with which metrics are read (H-50); empty: on this machine only.
    """

    member: str
    member_name: str
    host: str
    port: int
    public_url: str
    rpc_url: str
    deployment: str
    database: str
    keystore: str
    copy_key: str
    store: StoreConfig
    clients: tuple[ClientKey, ...] = field(default_factory=tuple)
    mrn_systems: tuple[str, ...] = ()
    jurisdiction: str = ""
    retention: str = ""
    filing_delay_seconds: int = 900
    max_bundle_bytes: int = 16 * 1024 * 1024
    max_read_bytes: int = 512 * 1024 * 1024
    keeper_timeout_seconds: float = 3.0
    keeper_spare: int = 0
    catch_up_seconds: float = 1.0
    index_database: str = ""
    notify_url: str = ""
    audit_years: int = 6
    max_head_age_seconds: int = 60
    mail: MailServer | None = None
    staff_names: Mapping[str, str] = field(default_factory=dict)
    gateways: Mapping[str, str] = field(default_factory=dict)
    serving: Serving = field(default_factory=Serving)
    metrics_key_digest: str = ""
    endpoint: EndpointSettings | None = None

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")


def read_gateway_config(path: Path) -> GatewayConfig:
    """Read and check a gateway's settings. Raises ConfigInvalid naming the setting."""
    try:
        raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
        raw["store"] = StoreConfig.read(raw["store"])
        raw["clients"] = tuple(ClientKey(**client) for client in raw.get("clients", ()))
        raw["mail"] = MailServer.read(raw.get("mail"))
        raw["endpoint"] = EndpointSettings.read(raw.get("endpoint"))
        raw["serving"] = Serving.read(raw.get("serving", {}))
        raw["staff_names"] = _names(raw.get("staff_names", {}))
        raw["mrn_systems"] = _texts(raw.get("mrn_systems", ()))
        raw["rpc_url"] = rpc_urls(raw["rpc_url"])
        raw.pop("lineage", None)  # earlier settings named it; a gateway finds it by itself (D-11)
        config = GatewayConfig(**raw)
    except FileNotFoundError:
        raise ConfigInvalid(f"no configuration file {path.name}") from None
    except KeyError as problem:
        raise ConfigInvalid(f"{path.name}: the setting {problem} is missing") from None
    except (ValueError, TypeError) as problem:
        raise ConfigInvalid(f"{path.name}: {problem}") from None
    for name in ("database", "index_database"):
        setting = getattr(config, name)
        if not isinstance(setting, str):
            raise ConfigInvalid(f"{path.name}: {name} is a text")
        if setting or name == "database":
            place_of(setting, f"{path.name}: {name}")
    if type(config.filing_delay_seconds) is not int or not 0 <= config.filing_delay_seconds <= 7 * 86_400:
        raise ConfigInvalid(f"{path.name}: filing_delay_seconds is a number of seconds, a week at most")
    if type(config.keeper_spare) is not int or config.keeper_spare < 0:
        raise ConfigInvalid(f"{path.name}: keeper_spare is a number from 0")
    if type(config.max_head_age_seconds) is not int or config.max_head_age_seconds < 1:
        raise ConfigInvalid(f"{path.name}: max_head_age_seconds is a number from 1")
    if type(config.audit_years) is not int or not LEAST_AUDIT_YEARS <= config.audit_years <= 100:
        raise ConfigInvalid(f"{path.name}: audit_years is a number of years, {LEAST_AUDIT_YEARS} at least")
    if config.notify_url and not is_private_url(config.notify_url):
        raise ConfigInvalid(f"{path.name}: notify_url is an https address, or http on this machine")
    if not isinstance(config.gateways, dict) or not all(
        is_account(who) and origin_of(url) == url for who, url in config.gateways.items()
    ):
        raise ConfigInvalid(f"{path.name}: gateways are origins (https://host) by accounts, lower case")
    require_digest(config.metrics_key_digest, path)
    return config


def require_digest(setting: object, path: Path) -> None:
    """Of a key, or empty. Raises ConfigInvalid."""
    if setting and not (isinstance(setting, str) and re.fullmatch("[0-9a-f]{64}", setting)):
        raise ConfigInvalid(f"{path.name}: metrics_key_digest is a SHA-256, 64 hex digits in lower case")


def rpc_urls(value: Any) -> Any:
    """Addresses of a chain's nodes, as a list or between commas, as one text: the preferred one first."""
    return ",".join(value) if isinstance(value, list) else value


def index_of(config: GatewayConfig) -> Place:
    """Where its index is. Raises ConfigInvalid."""
    if config.index_database:
        return place_of(config.index_database, "index_database")
    return beside(place_of(config.database))


def is_private_url(url: object) -> bool:
    """Whether nobody on the way reads what is sent there."""
    try:
        place = urlsplit(url) if isinstance(url, str) else None
    except ValueError:
        return False
    if place is None or not place.hostname or place.username or place.fragment:
        return False
    return place.scheme == "https" or (place.scheme == "http" and place.hostname in LOOPBACK)


def _names(value: object) -> dict[str, str]:
    """Raises TypeError."""
    if not isinstance(value, dict) or not all(
        re.fullmatch(r"0x[0-9a-fA-F]{40}", account) and isinstance(name, str) and 0 < len(name) <= MAX_NAME
        for account, name in value.items()
    ):
        raise TypeError(
            f"staff_names holds names of at most {MAX_NAME} characters by account, 0x and 40 hex digits"
        )
    return {account.lower(): name for account, name in value.items()}


def _texts(value: object) -> tuple[str, ...]:
    """Raises TypeError."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(one, str) and one for one in value):
        raise TypeError("mrn_systems is a list of identifier systems")
    return tuple(value)
