"""Settings of a keeper process: one JSON file; its two secrets are in the keystore that the file names."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from consentry.config import StoreConfig, require_digest, rpc_urls
from consentry.databases.place import place_of
from consentry.domain.serving import KeeperServing
from consentry.errors import ConfigInvalid
from consentry.services.pace import BURST, PER_SECOND


@dataclass(frozen=True)
class KeeperConfig:
    """Everything a keeper needs besides its keystore (secrets `account`, secp256k1, and `sealing`, X-Wing seed).

    `database`: the path of a SQLite file, or `postgresql://user@host/database`.

    `rpc_url` should be the keeper's own node, or several of its own, as a list or between commas (H-4): it decides by nothing
    else. Receipts are committed every
    `commit_every_seconds`, or as soon as `commit_at_receipts` wait. Revocations that nobody else brings to the chain it
    brings there after `relay_after_seconds`. One account may ask `request_burst` times at once, then
    `requests_per_second`; a hospital's system account needs as much as all it serves together.
    `metrics_key_digest`: SHA-256 (hex) of the key with which metrics are read (H-50); empty: on this machine only.
    """

    host: str
    port: int
    rpc_url: str
    deployment: str
    database: str
    keystore: str
    store: StoreConfig
    max_head_age_seconds: int = 60
    max_clock_skew_seconds: int = 120
    relay_after_seconds: int = 10
    commit_every_seconds: float = 30.0
    commit_at_receipts: int = 100
    threads: int = 8
    requests_per_second: float = PER_SECOND
    request_burst: int = BURST
    serving: KeeperServing = field(default_factory=KeeperServing)
    metrics_key_digest: str = ""

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")


def read_keeper_config(path: Path) -> KeeperConfig:
    """Read and check a keeper's settings. Raises ConfigInvalid naming the setting."""
    try:
        raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
        raw["store"] = StoreConfig.read(raw["store"])
        raw["serving"] = KeeperServing.read(raw.get("serving", {}))
        raw["rpc_url"] = rpc_urls(raw["rpc_url"])
        config = KeeperConfig(**raw)
    except OSError:
        raise ConfigInvalid(f"no configuration file {path.name}") from None
    except KeyError as problem:
        raise ConfigInvalid(f"{path.name}: the setting {problem} is missing") from None
    except (ValueError, TypeError, AttributeError) as problem:
        raise ConfigInvalid(f"{path.name}: {problem}") from None
    for name in ("host", "rpc_url", "deployment", "database", "keystore"):
        if not isinstance(getattr(config, name), str) or not getattr(config, name):
            raise ConfigInvalid(f"{path.name}: {name} is a text")
    place_of(config.database, f"{path.name}: database")
    numbers = (
        "max_head_age_seconds",
        "max_clock_skew_seconds",
        "relay_after_seconds",
        "commit_at_receipts",
        "threads",
        "request_burst",
    )
    for name in numbers:
        if not isinstance(getattr(config, name), int) or getattr(config, name) < 1:
            raise ConfigInvalid(f"{path.name}: {name} is a number from 1")
    if not isinstance(config.port, int) or not 0 <= config.port < 65_536:
        raise ConfigInvalid(f"{path.name}: port is a number from 0 to 65535")
    if not isinstance(config.commit_every_seconds, int | float) or config.commit_every_seconds < 0.1:
        raise ConfigInvalid(f"{path.name}: commit_every_seconds is at least 0.1")
    if not isinstance(config.requests_per_second, int | float) or config.requests_per_second < 0.1:
        raise ConfigInvalid(f"{path.name}: requests_per_second is at least 0.1")
    require_digest(config.metrics_key_digest, path)
    return config
