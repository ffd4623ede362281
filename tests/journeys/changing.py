"""A network whose keeper is replaced: the command line as people type it, and the processes that come and go."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consentry.network import configs
from consentry.network.configs import HOST
from consentry.network.engines import heartbeat
from consentry.network.processes import free_port, python_module
from consentry.network.run import Network
from tests.waiting import until

SECONDS = 300


@dataclass
class Changing:
    """`network` is this module's own; `folder` is for what commands write."""

    network: Network
    folder: Path

    # --- the command line ---

    def environment(self, gateway: str = "city") -> dict[str, str]:
        network = self.network
        named = {
            "CONSENTRY_GATEWAY": network.gateways[gateway],
            "CONSENTRY_RPC": network.rpc_url,
            "CONSENTRY_DEPLOYMENT": str(network.place.deployment),
        }
        return os.environ | named | network.place.environment()

    def command(self, *arguments: str | Path) -> list[str]:
        return python_module("consentry.cli", *(str(one) for one in arguments))

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments, "--json"),
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def done(self, *arguments: str | Path) -> Any:
        """The JSON of a command that succeeds."""
        ran = self.run(*arguments)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return json.loads(ran.stdout)

    # --- the committee ---

    def member_key(self, slug: str) -> Path:
        return self.network.place.member(slug) / "gateway.keystore"

    def keystore(self, slug: str) -> Path:
        return self.network.place.keeper(slug) / "keeper.keystore"

    def vote_in(self, seat: int, slug: str) -> int:
        """A new keeper, of the same member as before in this seat; gives the version that the members carried."""
        self.network.place.keeper(slug).mkdir(parents=True)
        public = self.done("keeper", "new", self.keystore(slug))
        url = f"http://{HOST}:{free_port()}"
        self.network.keepers[slug] = url
        committee = self.done("keeper", "list")
        committee["keepers"][seat] |= public | {"url": url}
        file = self.folder / f"{slug}.json"
        file.write_text(json.dumps(committee), "utf-8")
        reason = ("--reason", "The keeper in this seat retires")
        proposal = self.done(
            "consortium", "propose", "committee", file, *reason, "--wallet", self.member_key("mercy")
        )["proposal"]
        for voter in ("mercy", "city", "regulator", "trustee", "council"):
            self.done("consortium", "vote", proposal, "for", "--wallet", self.member_key(voter))
        self.done("consortium", "execute", proposal, "--wallet", self.member_key("city"))
        return int(self.done("keeper", "list")["version"])

    def start_keeper(self, slug: str) -> None:
        """Its process, and wait until it serves."""
        network = self.network
        url = network.keepers[slug]
        config = configs.write_keeper(network.place, slug, url, network.rpc_url, network.store_config)
        network.start_process(f"keeper-{slug}", "consentry.keeper", config, url)
        network.processes[f"keeper-{slug}"].await_ready()

    @contextmanager
    def dead(self, *slugs: str) -> Iterator[None]:
        """These keepers are killed for as long as the block lasts."""
        processes = [self.network.processes[f"keeper-{slug}"] for slug in slugs]
        for one in processes:
            one.kill()
        try:
            yield
        finally:
            for one in processes:
                one.start()
            for one in processes:
                one.await_ready()

    # --- the chain ---

    def call(self, method: str, *arguments: Any) -> Any:
        return self.network.connection.rpc.call(method, *arguments)

    @contextmanager
    def no_blocks(self) -> Iterator[None]:
        """Transactions wait: whoever sends one waits for its block. Not even the heartbeat mines them."""
        with heartbeat:
            self.call("evm_setAutomine", False)
            try:
                yield
            finally:
                self.call("evm_setAutomine", True)
                self.call("evm_mine")

    def await_transaction_of(self, member: str) -> None:
        """Until its account has one that is in no block."""
        account = self.network.members[member].account

        def waits() -> bool:
            sent, mined = (
                int(self.call("eth_getTransactionCount", account, tag), 16) for tag in ("pending", "latest")
            )
            return sent > mined

        until(waits, f"a transaction of {member} that waits for its block")
