"""Development chains as child processes: anvil's native binary, or Ganache, both from npm.

For one machine only: they listen on the loopback address, give out keys that everybody knows, ask no fees.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from eth_account import Account

from consentry.chain.connection import quantity
from consentry.chain.rpc import RpcClient
from consentry.children import Child
from consentry.errors import ChainUnreachable

NodeKind = Literal["anvil", "ganache"]

# The phrase that anvil, Hardhat and Foundry share; never send value to its accounts.
PUBLIC_PHRASE = "test test test test test test test test test test test junk"
CHAIN_ID = 1337
GAS_LIMIT = 30_000_000
_TRIES = 3
_ROOT = Path(__file__).resolve().parents[3]
_ANVIL = "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"
_HINT = "install it with tools/setup.sh (`make setup`)"
_GANACHE = "node_modules/ganache/dist/node/cli.js"


@dataclass(frozen=True)
class NodeSettings:
    """How to run a development chain.

    `state`: a folder that keeps the chain between runs (None: forgotten). `block_seconds`: a block every so
    many seconds (None: one per transaction). `port` 0: one that is free. `log`: a file for its output.
    """

    kind: NodeKind = "anvil"
    state: Path | None = None
    block_seconds: int | None = None
    port: int = 0
    chain_id: int = CHAIN_ID
    log: Path | None = None
    node_modules: Path = _ROOT / "node_modules"


class DevNode(Child):
    """A development chain; `url` is its JSON-RPC address."""

    def __init__(self, settings: NodeSettings, port: int) -> None:
        super().__init__(
            settings.kind, _command(settings, port), settings.log, failure=ChainUnreachable, hint=_HINT
        )
        self.kind = settings.kind
        self.chain_id = settings.chain_id
        self.url = f"http://127.0.0.1:{port}"


def start_node(settings: NodeSettings) -> DevNode:
    """Start a chain and wait until it answers. Raises ChainUnreachable, naming the log's last line."""
    failure = ChainUnreachable("no free port for the development chain")
    for _ in range(_TRIES if settings.port == 0 else 1):
        port = _free_port(settings.port)  # another process may take it before the chain does: try again
        try:
            return _start(settings, port)
        except ChainUnreachable as error:
            failure = error
    raise failure


@contextmanager
def running_node(settings: NodeSettings) -> Iterator[DevNode]:
    """A chain for the length of a `with` block."""
    node = start_node(settings)
    try:
        yield node
    finally:
        node.stop()


@cache
def development_key(index: int) -> bytes:
    """The private key (32 bytes) of account `index` of the public phrase, path m/44'/60'/0'/0/index."""
    Account.enable_unaudited_hdwallet_features()
    account = Account.from_mnemonic(PUBLIC_PHRASE, account_path=f"m/44'/60'/0'/0/{index}")
    return bytes(account.key)


def _start(settings: NodeSettings, port: int) -> DevNode:
    node = DevNode(settings, port)
    node.start()
    client = RpcClient(node.url, timeout=2.0)
    try:
        # Of two that want one port, the other may be the one that answers.
        node.await_until(lambda: _answers(client, settings.chain_id) and node.running, "does not answer")
    except BaseException:
        node.stop()
        raise
    finally:
        client.close()
    return node


def _answers(client: RpcClient, chain_id: int) -> bool:
    try:
        return quantity(client.call("eth_chainId")) == chain_id
    except ChainUnreachable:
        return False


def _command(settings: NodeSettings, port: int) -> list[str]:
    if settings.state is not None:
        settings.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    return _anvil(settings, port) if settings.kind == "anvil" else _ganache(settings, port)


def _anvil(settings: NodeSettings, port: int) -> list[str]:
    command = [
        str(settings.node_modules.parent / _ANVIL),
        *("--host", "127.0.0.1", "--port", str(port), "--chain-id", str(settings.chain_id)),
        *("--mnemonic", PUBLIC_PHRASE, "--accounts", "10"),
        *("--gas-limit", str(GAS_LIMIT), "--gas-price", "0", "--base-fee", "0"),
    ]
    if settings.block_seconds is not None:
        command += ["--block-time", str(settings.block_seconds)]
    if settings.state is not None:
        # The interval bounds what a kill -9 loses to a second.
        state = str(settings.state / "anvil.json")
        command += ["--state", state, "--state-interval", "1", "--preserve-historical-states"]
    return command


def _ganache(settings: NodeSettings, port: int) -> list[str]:
    command = [
        *("node", str(settings.node_modules.parent / _GANACHE)),
        *("--server.host", "127.0.0.1", "--server.port", str(port)),
        *("--chain.chainId", str(settings.chain_id), "--chain.networkId", str(settings.chain_id)),
        *("--chain.hardfork", "berlin", "--miner.defaultGasPrice", "0"),  # zero fees exist only before London
        *("--miner.blockGasLimit", str(GAS_LIMIT), "--wallet.mnemonic", PUBLIC_PHRASE),
    ]
    if settings.block_seconds is not None:
        command += ["--miner.blockTime", str(settings.block_seconds)]
    if settings.state is not None:
        command += ["--database.dbPath", str(settings.state)]
    return command


def _free_port(wanted: int) -> int:
    """The wanted port if nobody listens there (whoever does would be taken for the chain), any free one for 0."""
    with socket.socket() as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as the chains do: closing ports count as free
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            raise ChainUnreachable(f"port {wanted} is taken by another process") from None
        return int(probe.getsockname()[1])
