"""A chain of several sealers on one machine: geth with Clique (EIP-225), as child processes.

A sealer's block follows if it has not sealed one of the last ⌊n/2⌋, so that a majority must be at work. Four are the least
that go on when one is lost: of three, the two that are left may each have sealed the same block, and wait for one another.
Clique knows no finality. A block that ⌊n/2⌋ + 1 others follow was built upon by a majority: who is cut off with fewer
makes ⌊n/2⌋ blocks at most.

What geth v1.13.15, the last version that seals, wants and does is in engines/geth; fees are zero from the first block on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from eth_account import Account
from eth_keys.datatypes import PrivateKey
from web3 import Web3
from web3.types import RPCEndpoint

from consentry.chain import clique_files
from consentry.chain.clique_files import GAS_LIMIT
from consentry.chain.profiles import PROFILES
from consentry.chain.validators import Validator
from consentry.children import START_SECONDS, STEP_SECONDS
from consentry.errors import ChainUnreachable

CHAIN_ID: Final = PROFILES["clique"].chain_id
CONNECT_SECONDS: Final = 15.0
_TRANSPORT_API = "eth,net,web3,clique"


@dataclass(frozen=True)
class CliqueSettings:
    """`at`: the folder of the nodes' keys and data, kept between runs. `binary`: geth. `ports`: two for each sealer."""

    at: Path
    binary: Path
    ports: Sequence[int]
    period_seconds: int = 1
    chain_id: int = CHAIN_ID

    @property
    def sealers(self) -> int:
        return len(self.ports) // 2


class Sealer(Validator):
    """One node of the chain, which others reach at `enode`."""

    def __init__(self, at: Path, account: str, network_key: bytes, ports: tuple[int, int]) -> None:
        super().__init__(at, account, ports, "geth.log")
        public = PrivateKey(network_key).public_key.to_bytes().hex()
        self.enode = f"enode://{public}@127.0.0.1:{self.listen_port}?discport=0"


class CliqueChain:
    """The sealers, and how each is started again after it was stopped or killed."""

    def __init__(self, settings: CliqueSettings) -> None:
        self.settings = settings
        self.sealers = tuple(_sealer(settings, place) for place in range(settings.sealers))

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(sealer.url for sealer in self.sealers)

    def prepare(self) -> None:
        """Genesis and settings of every node; one that has a chain already keeps it. Raises ChainUnreachable."""
        genesis = self.settings.at / "genesis.json"
        genesis.write_text(json.dumps(self._genesis(), indent=1) + "\n", "utf-8")
        for sealer in self.sealers:
            (sealer.at / "geth.toml").write_text(self._toml(sealer), "utf-8")
            if not (sealer.at / "data" / "geth" / "chaindata").exists():
                clique_files.initialise(self.settings.binary, sealer.at, genesis, START_SECONDS)

    def _genesis(self) -> dict[str, Any]:
        accounts = [sealer.account for sealer in self.sealers]
        return clique_files.genesis(accounts, self.settings.chain_id, self.settings.period_seconds)

    def _toml(self, sealer: Sealer) -> str:
        others = [other.enode for other in self.sealers if other is not sealer]
        return clique_files.toml(self.settings.chain_id, sealer.listen_port, others)

    def start(self, *which: int) -> None:
        """Start these sealers, or all, and wait until they answer. Raises ChainUnreachable with the log's last line."""
        chosen = [self.sealers[place] for place in which] or list(self.sealers)
        for sealer in chosen:
            sealer.start()
        for sealer in chosen:
            sealer.await_answer(self.settings.chain_id)
        others = len([one for one in self.sealers if one.running]) - 1
        for sealer in chosen:
            _connect(sealer, others)
        for sealer in chosen:
            _seal(sealer)

    def stop(self) -> None:
        for sealer in self.sealers:
            sealer.stop()


@contextmanager
def running_clique(settings: CliqueSettings) -> Iterator[CliqueChain]:
    """The chain for the length of a `with` block, sealing. Raises ChainUnreachable."""
    if not settings.binary.exists():
        raise ChainUnreachable(
            "geth is not built: engines/build.sh geth does it, with Go (`make engines`); or use --chain anvil"
        )
    chain = CliqueChain(settings)
    try:
        chain.prepare()
        chain.start()
        chain.sealers[0].await_block(1)
        yield chain
    finally:
        chain.stop()


def _sealer(settings: CliqueSettings, place: int) -> Sealer:
    """The node's keys, made once."""
    at = settings.at / f"sealer-{place + 1}"
    at.mkdir(parents=True, exist_ok=True, mode=0o700)
    account = Account.from_key(clique_files.key(at / "account.key"))
    ports = settings.ports[2 * place], settings.ports[2 * place + 1]
    made = Sealer(at, account.address, clique_files.key(at / "network.key"), ports)
    made.command = _command(settings, made)
    return made


def _command(settings: CliqueSettings, sealer: Sealer) -> list[str]:
    return [
        str(settings.binary),
        *("--config", str(sealer.at / "geth.toml"), "--datadir", str(sealer.at / "data")),
        *("--nodekey", str(sealer.at / "network.key"), "--netrestrict", "127.0.0.0/8", "--nat", "none"),
        *("--syncmode", "full", "--gcmode", "archive", "--state.scheme", "hash", "--cache", "64"),
        *(
            "--http",
            "--http.addr",
            "127.0.0.1",
            "--http.port",
            str(sealer.rpc_port),
            "--http.api",
            _TRANSPORT_API,
        ),
        *("--miner.etherbase", sealer.account, "--miner.gaslimit", str(GAS_LIMIT)),
        *("--rpc.enabledeprecatedpersonal", "--allow-insecure-unlock"),
        *("--authrpc.port", "0", "--ipcpath", "geth.ipc", "--rpc.txfeecap", "0"),
    ]


def _connect(sealer: Sealer, others: int) -> None:
    """Wait for its peers, and have it take their blocks.

    geth throws away blocks that it is sent until it was once told to seal, which it cannot yet: its key is closed. Sealers
    that begin alone, or miss each other's first blocks, may make two each; then all wait for ever, as nobody signs two of any
    three blocks (EIP-225).

    geth takes a price of 0 in its settings for its own default of 1 gwei, so it is told again after each start.
    """
    deadline = time.monotonic() + CONNECT_SECONDS
    while int(_order(sealer, "net_peerCount"), 16) < others and time.monotonic() < deadline:
        time.sleep(STEP_SECONDS)
    _order(sealer, "miner_setGasPrice", "0x0")
    _order(sealer, "miner_start")


def _seal(sealer: Sealer) -> None:
    """Open its key, and have it begin anew: one that failed to seal tries again only after somebody else's block, and never
    the same block, so it is given another word to write into it.
    """
    passphrase = (sealer.at / "passphrase").read_text("ascii").strip()
    _order(sealer, "personal_unlockAccount", sealer.account, passphrase, 0)
    _order(sealer, "miner_stop")
    sealer.await_until(lambda: not _order(sealer, "eth_mining"), "does not stop sealing")
    _order(sealer, "miner_setExtra", "consentry")
    _order(sealer, "miner_start")


def _order(sealer: Sealer, method: str, *values: str | int) -> Any:
    """By the socket in its folder. Raises ChainUnreachable."""
    node = Web3.IPCProvider(str(sealer.at / "data" / "geth.ipc"), timeout=60)
    answer = node.make_request(RPCEndpoint(method), list(values))
    if "error" in answer:
        raise ChainUnreachable(f"a sealer refuses {method}: {answer['error']}")
    return answer["result"]
