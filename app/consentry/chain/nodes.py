"""Development chains as child processes: anvil's native binary, or Ganache, both from npm.

For one machine only: they listen on the loopback address, give out keys that everybody knows, ask no fees.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from eth_account import Account

from consentry.chain.connection import quantity
from consentry.chain.rpc import RpcClient
from consentry.errors import ChainUnreachable

NodeKind = Literal["anvil", "ganache"]

# The phrase that anvil, Hardhat and Foundry share; never send value to its accounts.
PUBLIC_PHRASE = "test test test test test test test test test test test junk"
CHAIN_ID = 1337
GAS_LIMIT = 30_000_000
START_SECONDS = 30.0
STOP_SECONDS = 15.0
_TRIES = 3
_ROOT = Path(__file__).resolve().parents[3]
_ANVIL = "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"
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


class DevNode:
    """A running development chain; `url` is its JSON-RPC address."""

    def __init__(self, kind: NodeKind, process: subprocess.Popen[bytes], port: int, chain_id: int) -> None:
        self.kind = kind
        self.chain_id = chain_id
        self.url = f"http://127.0.0.1:{port}"
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """End it, so that it saves its state; kill it if it does not end in time. Idempotent."""
        if self.running:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


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
    command = _command(settings, port)
    with contextlib.ExitStack() as stack:
        log = stack.enter_context(settings.log.open("ab")) if settings.log else subprocess.DEVNULL
        try:
            # Its own session: a Ctrl-C reaches our process alone, which then stops things in order.
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise ChainUnreachable(f"{settings.kind} cannot be started: {error.strerror}") from None
    node = DevNode(settings.kind, process, port, settings.chain_id)
    try:
        _wait(node, settings)
    except BaseException:
        node.stop()
        raise
    return node


def _wait(node: DevNode, settings: NodeSettings) -> None:
    client = RpcClient(node.url, timeout=2.0)
    deadline = time.monotonic() + START_SECONDS
    try:
        while time.monotonic() < deadline:
            if not node.running:
                raise ChainUnreachable(f"{node.kind} ended at once{_last_line(settings.log)}")
            if _answers(client, settings.chain_id) and node.running:
                return
            time.sleep(0.02)
    finally:
        client.close()
    raise ChainUnreachable(
        f"{node.kind} does not answer after {START_SECONDS:.0f} s{_last_line(settings.log)}"
    )


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


def _last_line(log: Path | None) -> str:
    if log is None or not log.exists():
        return ""
    with log.open("rb") as stream:
        stream.seek(max(os.fstat(stream.fileno()).st_size - 2000, 0))
        lines = stream.read().decode("utf-8", "replace").strip().splitlines()
    return f": {lines[-1][:200]}" if lines else ""
