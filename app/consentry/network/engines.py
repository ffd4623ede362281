"""The chain under a network of one machine, and the contracts on it."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import cast

from consentry.chain.clique import CliqueSettings, running_clique
from consentry.chain.connection import quantity
from consentry.chain.endpoints import addresses_of
from consentry.chain.kaia import KaiaSettings, running_kaia
from consentry.chain.nodes import NodeKind, NodeSettings, start_node
from consentry.chain.profiles import PROFILES, VALIDATORS
from consentry.chain.rpc import RpcClient
from consentry.children import tail
from consentry.errors import ChainUnreachable, DeploymentFailed
from consentry.network.place import Place
from consentry.network.processes import free_port

REPOSITORY = Path(__file__).resolve().parents[3]
HEARTBEAT_SECONDS = 2.0
DEPLOY_SECONDS = 300.0
CHAINS = tuple(one.name for one in PROFILES.values() if one.started)
_BINARIES = REPOSITORY / ".cache" / "engines"
# Held by whoever wants no block to come by itself.
heartbeat = threading.Lock()


@contextmanager
def running_chain(chain: str, place: Place) -> Iterator[str]:
    """A development chain (`anvil`, `ganache`), one of several validators (`clique`, `kaia`), or that at a JSON-RPC URL; yields
    its URL, or those of all validators between commas."""
    if chain in ("clique", "kaia"):
        with _running_validators(chain, place) as urls:
            yield ",".join(urls)
        return
    if chain not in CHAINS:
        _require_answer(chain)
        yield chain
        return
    node = start_node(NodeSettings(kind=cast(NodeKind, chain), log=place.log("chain")))
    stopped = threading.Event()
    heart = threading.Thread(target=_beat, args=(node.url, stopped), daemon=True, name="heartbeat")
    heart.start()
    try:
        yield node.url
    finally:
        stopped.set()
        heart.join(HEARTBEAT_SECONDS)
        node.stop()


@contextmanager
def _running_validators(chain: str, place: Place) -> Iterator[Sequence[str]]:
    """The JSON-RPC URLs of the validators."""
    at = place.root / "chain"
    at.mkdir(mode=0o700, exist_ok=True)
    ports = [free_port() for _ in range(2 * VALIDATORS)]
    if chain == "clique":
        with running_clique(CliqueSettings(at, _BINARIES / "geth", ports)) as sealed:
            yield sealed.urls
    else:
        with running_kaia(KaiaSettings(at, _BINARIES / "kaia", ports)) as validated:
            yield validated.urls


def settings_of(chain: str) -> dict[str, str]:
    """What the deployment has to be told of a chain of this machine; nothing of one that somebody else runs."""
    if chain in PROFILES:
        return PROFILES[chain].deployment_settings()
    return {}


def deploy(chain: str, rpc_url: str, place: Place, deployer_key: bytes) -> None:
    """Deploy the contracts by Brownie, idempotently. Raises DeploymentFailed naming the log."""
    _run_brownie(("deploy",), rpc_url, place, deployer_key, settings_of(chain))
    if not place.deployment.exists():
        raise DeploymentFailed(f"see {place.log('deploy')}")


def hand_over(chain: str, rpc_url: str, place: Place, deployer_key: bytes) -> None:
    """Give every power of the deployer to the consortium. Raises DeploymentFailed naming the log."""
    _run_brownie(("deploy", "hand_over"), rpc_url, place, deployer_key, settings_of(chain))


def _run_brownie(
    script: tuple[str, ...], rpc_url: str, place: Place, deployer_key: bytes, settings: Mapping[str, str]
) -> None:
    key_file = place.root / "deployer.key"
    with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write("0x" + deployer_key.hex())
    environment = {
        **os.environ,
        **settings,
        "CONSENTRY_RPC": addresses_of(rpc_url)[0],
        "CONSENTRY_CHAIN_ID": str(chain_id_of(rpc_url)),
        "CONSENTRY_DEPLOYMENT": str(place.deployment),
        "CONSENTRY_DEPLOYER_KEY_FILE": str(key_file),
    }
    command = [str(REPOSITORY / "tools" / "brownie"), "run", *script, "--network", "consentry-local"]
    log = place.log("-".join(script))
    try:
        with log.open("wb") as output:
            done = subprocess.run(
                command,
                cwd=REPOSITORY,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                timeout=DEPLOY_SECONDS,
                check=False,
            )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise DeploymentFailed(f"{problem}; see {log}") from None
    finally:
        key_file.unlink()
    if done.returncode != 0:
        raise DeploymentFailed(f"{tail(log)} (see {log})")


def chain_id_of(rpc_url: str) -> int:
    """Raises ChainUnreachable, also for an answer that is no number."""
    client = RpcClient(addresses_of(rpc_url)[0])
    try:
        return quantity(client.call("eth_chainId"))
    finally:
        client.close()


def _require_answer(rpc_url: str) -> None:
    if not rpc_url.startswith(("http://", "https://")):
        raise ChainUnreachable(f"a chain is {', '.join(CHAINS)} or a JSON-RPC URL")
    chain_id_of(rpc_url)


def _beat(rpc_url: str, stopped: threading.Event) -> None:
    """Mine a block every few seconds: development chains sleep without transactions, and keepers refuse an old head."""
    client = RpcClient(rpc_url)
    while not stopped.wait(HEARTBEAT_SECONDS):
        # A busy node may miss a beat: the next one comes. That it has ended is for those to say who need it.
        with heartbeat, suppress(ChainUnreachable):
            client.call("evm_mine")
    client.close()
