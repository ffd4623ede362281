"""What every process wires alike."""

from __future__ import annotations

import ssl
import time
from pathlib import Path

from consentry.chain.deployment import load_deployment
from consentry.chain.ledger import ChainLedger, open_ledger
from consentry.config import GatewayConfig, StoreConfig
from consentry.databases.place import Place
from consentry.errors import ConfigInvalid
from consentry.index.sendings import SqlSendings
from consentry.remote.keepers import HttpKeepers
from consentry.storage.cluster import Cluster
from consentry.storage.embedded import EmbeddedBlockStore
from consentry.storage.kubo import KuboBlockStore
from consentry.storage.replicated import ReplicatedStore
from consentry.storage.upkeep import Kept

CHAIN_TIMEOUT_SECONDS = 5.0


class SystemClock:
    """The Clock port: this machine's."""

    def now(self) -> int:
        return int(time.time())


def open_chain(config: GatewayConfig, tls: ssl.SSLContext | None) -> ChainLedger:
    """The chain as the settings have it asked: nodes of the member's own, or another's endpoint that proves what it says.

    Raises DeploymentMissing, ChainUnreachable for what is no address, ChainUnproven for a chain that no endpoint can prove,
    ChainWrong, StoreUnreachable.
    """
    path = Path(config.deployment)
    if config.endpoint is None:
        return open_ledger(config.rpc_url, path, timeout=CHAIN_TIMEOUT_SECONDS, tls=tls)
    from consentry.light.connection import open_connection  # the EVM takes its time to import, and memory

    deployment = load_deployment(path)
    return ChainLedger(
        open_connection(
            config.rpc_url,
            deployment,
            config.endpoint,
            SystemClock(),
            timeout=CHAIN_TIMEOUT_SECONDS,
            tls=tls,
        )
    )


def open_sendings(place: Place, ledger: ChainLedger) -> SqlSendings:
    """What a process of this database has under way on the chain: there, or in a file beside it. Raises StoreUnreachable."""
    return SqlSendings(sendings_beside(place), ledger.connection.deployment.genesis)


def sendings_beside(place: Place) -> Place:
    """Where they are of a process whose database is at `place`."""
    return place.with_name(f"{place.stem}-sendings{place.suffix}") if isinstance(place, Path) else place


def open_keepers(config: GatewayConfig, tls: ssl.SSLContext | None) -> HttpKeepers:
    """The keepers' client, for whichever committee the chain names."""
    return HttpKeepers(
        timeout_seconds=config.keeper_timeout_seconds,
        spare=config.keeper_spare,
        tls=tls,
        only_tls=config.serving.tls.only,
    )


def open_store(config: StoreConfig, tls: ssl.SSLContext | None = None) -> Kept:
    """The store that the settings name. Raises StoreUnreachable, ConfigInvalid."""
    if config.kind == "embedded":
        return EmbeddedBlockStore(Path(config.path))
    near = KuboBlockStore(config.api, bearer=_secret(config.token_file))
    if not config.cluster:
        return near
    cluster = Cluster(config.cluster, login=_secret(config.cluster_login_file), tls=tls)
    return ReplicatedStore(near, cluster, config.copies)


def _secret(file: str) -> str | None:
    """What a file holds, of which only the owner should know; None without a file. Raises ConfigInvalid."""
    if not file:
        return None
    try:
        return Path(file).read_text("ascii").strip()
    except (OSError, ValueError):
        raise ConfigInvalid(f"{Path(file).name} cannot be read: the settings of the store name it") from None
