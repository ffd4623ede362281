"""Processes of the development network: started with a log file each, awaited until healthy, ended together."""

from __future__ import annotations

import json
import secrets
import socket
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import urllib3

from consentry.children import Child
from consentry.errors import ProcessFailed

_HTTP = urllib3.PoolManager(timeout=urllib3.Timeout(connect=1.0, read=2.0), retries=False)
# below what Linux gives to connections (ip_local_port_range, 32768 and more)
_PORTS = range(20_000, 32_000)
_PORT_TRIES = 1_000
# what this process took last, and may not listen on yet: no other process on this machine takes it meanwhile
_TAKEN: deque[socket.socket] = deque(maxlen=64)


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on now, and that the system gives to no connection: between
    looking and listening one of those would often take it. Nor is it given to another network that starts beside this
    one (where sockets have names without files, on Linux). Raises ProcessFailed when there is none."""
    for _ in range(_PORT_TRIES):
        port = secrets.choice(_PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                _take(port)
            except OSError:
                continue
            return port
    raise ProcessFailed(f"no port from {_PORTS[0]} to {_PORTS[-1]} is free")


def _take(port: int) -> None:
    """Raises OSError when another process, or an earlier call, has just taken it. What ends with its process needs no
    tidying up."""
    if sys.platform != "linux":
        return
    mark = socket.socket(socket.AF_UNIX)
    try:
        mark.bind(f"\0consentry-port-{port}")
    except OSError:
        mark.close()
        raise
    if len(_TAKEN) == _TAKEN.maxlen:
        _TAKEN.popleft().close()
    _TAKEN.append(mark)


def healthy(url: str) -> bool:
    """Whether GET `url` answers 200 and its JSON says ok."""
    try:
        answer = _HTTP.request("GET", url)
        return answer.status == 200 and bool(json.loads(answer.data).get("ok"))
    except (urllib3.exceptions.HTTPError, ValueError):
        return False


class Managed(Child):
    """One process of the network; `ready`: whether it serves."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        ready: Callable[[], bool],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(name, command, log, environment=environment)
        self.ready = ready

    def await_ready(self) -> None:
        """Poll until it serves. Raises ProcessFailed when it ends or takes too long."""
        self.await_until(self.ready)


class Processes:
    """Children by name; leaving the `with` block ends all of them."""

    def __init__(self) -> None:
        self._children: dict[str, Managed] = {}

    def add(self, child: Managed) -> Managed:
        self._children[child.name] = child
        child.start()
        return child

    def __getitem__(self, name: str) -> Managed:
        return self._children[name]

    def await_ready(self) -> None:
        for child in self._children.values():
            child.await_ready()

    def dead(self) -> list[str]:
        return [name for name, child in self._children.items() if not child.running]

    def stop(self) -> None:
        for child in self._children.values():
            child.ask_to_stop()
        for child in self._children.values():
            child.stop()

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def python_module(module: str, *arguments: str) -> list[str]:
    """A command that runs one of our modules in this interpreter."""
    return [sys.executable, "-m", module, *arguments]
