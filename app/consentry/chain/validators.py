"""The nodes of a chain of several validators on one machine, as child processes: what every engine's nodes have in common."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from consentry.chain.connection import quantity
from consentry.chain.rpc import RpcClient
from consentry.errors import ChainUnreachable

START_SECONDS: Final = 90.0
STOP_SECONDS: Final = 30.0
STEP_SECONDS: Final = 0.1


class Validator:
    """One node of the chain in the folder `at`; `url` is its JSON-RPC address, `account` signs blocks.

    `ports`: for JSON-RPC and for the other validators. `log`: its output, beside its data.
    """

    def __init__(self, at: Path, account: str, ports: tuple[int, int], log: str) -> None:
        self.at = at
        self.account = account
        self.rpc_port, self.listen_port = ports
        self.url = f"http://127.0.0.1:{self.rpc_port}"
        self.log = at / log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self.running and self._process else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, command: Sequence[str]) -> None:
        """Raises ChainUnreachable when the binary cannot be run."""
        with self.log.open("ab") as log:
            try:
                self._process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )
            except OSError as problem:
                name = Path(command[0]).name
                raise ChainUnreachable(f"{name} cannot be started: {problem.strerror}") from None

    def stop(self) -> None:
        """End it in good order; kill it if it does not end in time. Idempotent."""
        if self._process is None or not self.running:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def await_answer(self, chain_id: int) -> None:
        """Until it serves that chain. Raises ChainUnreachable, naming its log."""
        self._await(
            lambda client: quantity(client.call("eth_chainId")) == chain_id, "a validator does not answer"
        )

    def await_block(self, number: int) -> None:
        """Until it has a block of this height. Raises ChainUnreachable, naming its log."""
        self._await(
            lambda client: quantity(client.call("eth_blockNumber")) >= number, "the validators make no block"
        )

    def _await(self, true: Callable[[RpcClient], bool], problem: str) -> None:
        client = RpcClient(self.url, timeout=2.0)
        deadline = time.monotonic() + START_SECONDS
        try:
            while time.monotonic() < deadline:
                if not self.running:
                    raise ChainUnreachable(f"a validator ended at once; see {self.log}")
                # While it starts it does not answer: it is asked again until the deadline.
                with suppress(ChainUnreachable):
                    if true(client):
                        return
                time.sleep(STEP_SECONDS)
        finally:
            client.close()
        raise ChainUnreachable(f"{problem} after {START_SECONDS:.0f} s; see {self.log}")
