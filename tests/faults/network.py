"""A network like the journeys', in which every keeper and the chain stand behind a proxy, and any process can be started anew
with something wrong in it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import urllib3

from consentry.network import configs
from consentry.network.configs import HOST
from consentry.network.processes import free_port
from consentry.network.run import Network
from tests.faults.proxy import Proxy
from tests.waiting import until


class BreakableNetwork(Network):
    """A network of which any process can be started anew with something wrong in it."""

    @contextmanager
    def with_fault(self, name: str, *fault: str, serves: bool = True) -> Iterator[None]:
        """This process, started anew with a fault; as it was afterwards. `serves`: it is healthy all the same."""
        process = self.processes[name]
        honest = list(process.command)
        process.stop()
        module, *arguments = honest[honest.index("-m") + 1 :]
        process.command = [sys.executable, "-m", "tests.faults.injected", *fault, module, *arguments]
        process.start()
        try:
            if serves:
                process.await_ready()
            yield
        finally:
            process.stop()
            process.command = honest
            process.start()
            process.await_ready()

    @contextmanager
    def dying(
        self, name: str, place: str, armed: Path, *, after: bool = False
    ) -> Iterator[Callable[[], None]]:
        """This process dies by SIGKILL before (`after`: right after) it calls `place`, once `armed` is touched; yields what waits
        for its death, and starts it again as it was."""
        with self.with_fault(name, "--die-after" if after else "--die", place, "--armed", str(armed)):
            armed.touch()
            yield lambda: until(lambda: not self.processes[name].running, f"the death of {name}") and None


class FaultyNetwork(BreakableNetwork):
    """`keeper_proxies` by slug stand at the URLs that the chain names; keepers and gateways reach the chain by `chain_proxy`."""

    keeper_proxies: dict[str, Proxy]
    chain_proxy: Proxy

    def start_keepers(self) -> None:
        self.chain_proxy = Proxy(self.rpc_url)
        self.keeper_proxies = {}
        for slug, url in self.keepers.items():
            inside = f"http://{HOST}:{free_port()}"
            self.keeper_proxies[slug] = Proxy(inside, int(url.rsplit(":", 1)[1]))
            config = configs.write_keeper(self.place, slug, inside, self.chain_proxy.url, self.store_config)
            self.start_process(f"keeper-{slug}", "consentry.keeper", config, inside)

    def start_gateways(self) -> None:
        direct, self.rpc_url = self.rpc_url, self.chain_proxy.url
        super().start_gateways()
        self.rpc_url = direct

    def close_proxies(self) -> None:
        for proxy in (self.chain_proxy, *self.keeper_proxies.values()):
            proxy.close()

    def health_of(self, slug: str) -> dict[str, Any]:
        """What a keeper says of itself, once it says anything."""
        url = f"{self.keeper_proxies[slug].target}/health"

        def ask() -> dict[str, Any]:
            with suppress(urllib3.exceptions.HTTPError):
                return dict(urllib3.request("GET", url, retries=False, timeout=10).json())
            return {}

        return until(ask, f"an answer of {slug}")
