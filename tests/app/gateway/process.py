"""A gateway as the process that people start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import urllib3

from consentry.config import GatewayConfig, StoreConfig
from consentry.crypto import hpke, keystore
from consentry.crypto.directory_keys import generate_directory_key
from consentry.crypto.signatures import account_of, generate_account_key
from consentry.network.processes import free_port
from tests.chains import DeployedChain

AGAIN = urllib3.Retry(total=600, backoff_factor=0.1, backoff_max=0.2)


def run(config: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "consentry.gateway", "--config", str(config)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)


def configured(chain: DeployedChain, folder: Path, **others: Any) -> tuple[Path, dict[str, str]]:
    """A gateway's settings, with `others`, and keystore, and the environment that opens it."""
    keys = {name: generate_account_key() for name in ("account", "system", "content")}
    keystore.write(folder / "k", keys | {"directory": generate_directory_key()}, "right", cost=2**12)
    port = free_port()
    settings: dict[str, Any] = {"rpc_url": chain.url, "deployment": str(chain.deployment)}
    GatewayConfig(
        member=account_of(keys["account"]),
        member_name="Third Hospital",
        host="127.0.0.1",
        port=port,
        public_url=f"http://localhost:{port}",
        database=str(folder / "gateway.sqlite"),
        keystore=str(folder / "k"),
        copy_key=hpke.public_key(hpke.generate_seed()).hex(),
        store=StoreConfig("embedded", str(folder / "store")),
        **(settings | others),
    ).write(folder / "gateway.json")
    clean = {name: value for name, value in os.environ.items() if name != keystore.PASSPHRASE_FILE}
    return folder / "gateway.json", clean | {keystore.PASSPHRASE: "right"}
