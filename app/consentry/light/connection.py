"""A connection that follows another member's endpoint by itself, so that those who ask find little left to check (H-81)."""

from __future__ import annotations

import logging
import ssl
import time
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Final

from consentry.chain.connection import CHECKED_SECONDS, Connection, require_ours
from consentry.chain.deployment import Deployment
from consentry.chain.endpoints import TIMEOUT_SECONDS, addresses_of
from consentry.chain.rpc import Rpc
from consentry.domain.endpoint import EndpointSettings
from consentry.errors import ChainUnreachable, ConsentryError
from consentry.light.checkpoint import Checkpoint
from consentry.light.endpoint import connect_endpoint
from consentry.light.proven_rpc import ProvenRpc
from consentry.ports import Clock

PAUSE_SECONDS: Final = 0.5
LONGEST_SECONDS: Final = 30.0
STEP: Final = 64
"""Headers between which those who ask have their turn."""

_LOG = logging.getLogger(__name__)


class ProvenConnection(Connection):
    """Its thread starts with the first question; once for a process, whoever asks."""

    def __init__(self, rpc: ProvenRpc, deployment: Deployment) -> None:
        super().__init__(rpc, deployment)
        self._proven = rpc
        self._starting = Lock()
        self._closing = Event()
        self._thread: Thread | None = None
        self._failing = False
        self._checked_beside_until = 0.0

    def check(self) -> None:
        self._start()
        super().check()

    def check_beside(self, beside: Rpc) -> None:
        """In turns of those who ask so: it takes none of the gateway's own."""
        self._start()
        if time.monotonic() >= self._checked_beside_until:
            require_ours(beside, self.deployment)
            self._checked_beside_until = time.monotonic() + CHECKED_SECONDS

    def close(self) -> None:
        self._closing.set()
        if self._thread is not None:
            self._thread.join(timeout=TIMEOUT_SECONDS)
        super().close()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None and not self._closing.is_set():
                self._thread = Thread(target=self._run, name="chain-proofs", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        pause = 0.0
        while not self._closing.wait(pause):
            try:
                pause = 0.0 if self._proven.go_on(STEP) else PAUSE_SECONDS
                self._failing = False
            except ConsentryError as problem:
                if not self._failing:
                    told = {"node": self.rpc.place, "code": problem.code, "why": problem.diagnostics}
                    _LOG.warning("the endpoint at %(node)s is not believed: %(code)s: %(why)s", told)
                self._failing = True
                pause = min(max(2 * pause, PAUSE_SECONDS), LONGEST_SECONDS)
            except Exception:  # nobody else looks at older blocks, so that no answer may end this thread
                if not self._failing:
                    _LOG.exception("following the endpoint at %(node)s failed", {"node": self.rpc.place})
                self._failing = True
                pause = min(max(2 * pause, PAUSE_SECONDS), LONGEST_SECONDS)


def open_connection(
    url: str,
    deployment: Deployment,
    settings: EndpointSettings,
    clock: Clock,
    *,
    timeout: float = TIMEOUT_SECONDS,
    tls: ssl.SSLContext | None = None,
) -> ProvenConnection:
    """Raises ChainUnreachable for what is no address or several, DeploymentMissing for the checkpoint, and what
    `endpoint.proven_rpc` does."""
    if len(addresses_of(url)) != 1:
        raise ChainUnreachable("another member's endpoint is one address: each is checked for itself")
    start = (
        Checkpoint.read(Path(settings.checkpoint))
        if settings.checkpoint
        else Checkpoint(settings.engine, 0, deployment.genesis)
    )
    book = Path(settings.book)
    rpc = connect_endpoint(url, deployment, start, clock, timeout=timeout, book=book, tls=tls)
    return ProvenConnection(rpc, deployment)
