"""One process that serves, and one above it that starts it again when it dies (docs/adr/0024).

Sessions and working sets lie in the memory of the one that serves, on purpose (design §8): a second one beside it would not know
whom the first has signed in. Threads do what more processes would do elsewhere.
"""

from __future__ import annotations

import gc
import logging
import os
import socket
import ssl
import sys
import time
from collections import deque
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer
from gunicorn.glogging import Logger

from consentry.errors import ConfigInvalid, ConsentryError
from consentry.serving.plan import Plan, Service
from consentry.serving.receiving import IDLE_SECONDS
from consentry.serving.worker import Worker

THREADS = 128
"""Receiving, waiting for a place, answering, streaming and sending all take one; they cost little while they wait."""
CONNECTIONS = 400
STOP_SECONDS = 25
"""When it is to stop, until it is killed: requests under way are answered first, then books are closed."""
MOST_DEATHS = 5
DEATHS_SECONDS = 60.0
_LOG = logging.getLogger(__name__)


def serve(plan: Plan) -> int:
    """Serve until SIGTERM or Ctrl-C; requests under way are answered first. Gives the exit code: that of the error
    (consentry.errors) for which it could not be opened, else gunicorn's.

    Raises ConfigInvalid where nothing can listen.
    """
    if plan.tls is not None:
        plan.tls()  # what is wrong with its files is said before anything starts
    sockets = listening(plan.host, plan.port)
    told, tell = os.pipe()
    application = Application(plan, tuple(one.detach() for one in sockets), tell)
    gc.freeze()  # what is loaded now is shared with the process that serves
    try:
        _Above(application).run()
    except SystemExit as ended:
        if os.getpid() != application.above:
            raise
        code = ended.code if isinstance(ended.code, int) else 1
        return code and (_told(told) or code)
    return 0


def listening(host: str, port: int) -> list[socket.socket]:
    """A socket for each address of the host. Raises ConfigInvalid."""
    found: list[socket.socket] = []
    try:
        for family, _, _, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            found.append(socket.create_server(address[:2], family=family, backlog=1024))
    except OSError as problem:
        for one in found:
            one.close()
        raise ConfigInvalid(f"host, port: cannot listen on port {port}: {problem.strerror}") from None
    return found


class Application(BaseApplication):
    """What gunicorn needs to know. `tell`: where the code of the error is written for which the process that serves ends."""

    def __init__(self, plan: Plan, sockets: tuple[int, ...], tell: int) -> None:
        self.plan = plan
        self.above = os.getpid()
        self._sockets = sockets
        self._tell = tell
        self.tls: ssl.SSLContext | None = None
        self._service: Service | None = None
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings().items():
            self.cfg.set(name, value)

    def settings(self) -> dict[str, Any]:
        return {
            "bind": [f"fd://{one}" for one in self._sockets],
            "workers": 1,
            "worker_class": Worker,
            "threads": THREADS,
            "worker_connections": CONNECTIONS,
            "keepalive": int(IDLE_SECONDS),
            "graceful_timeout": STOP_SECONDS,
            # a process that was stopped for a while (a laptop, a virtual machine) is not dead, and what it holds would be lost
            "timeout": 0,
            "limit_request_line": 8190,
            "forwarded_allow_ips": "",
            "http_parser": "python",
            "control_socket_disable": True,
            "logger_class": Log,
            "worker_exit": lambda _server, _worker: self.close(),
            "child_exit": lambda _server, _worker: self.note_death(),
        }

    def load(self) -> Any:
        return self.open().app

    def open(self) -> Service:
        """Open what is served, in the process that serves; ends it where that fails, telling why."""
        try:
            self.tls = self.plan.tls() if self.plan.tls else None
            self._service = self.plan.open()
        except ConsentryError as problem:
            sys.stderr.write(f"{problem.code}: {problem.diagnostics} {problem.next_step}\n")
            code = problem.exit_code
        except Exception:
            _LOG.exception("it could not be opened")
            code = ConsentryError.exit_code
        else:
            return self._service
        os.write(self._tell, bytes([code]))
        raise SystemExit(Arbiter.WORKER_BOOT_ERROR)

    def close(self) -> None:
        if self._service is None:
            return
        try:
            self._service.close()
        except Exception:  # the server would write down its words
            _LOG.exception("it could not be closed in order")

    def note_death(self) -> None:
        """Called above, when the process that serves has ended. Raises HaltServer where it does again and again."""
        now = time.monotonic()
        self._deaths.append(now)
        if len(self._deaths) == MOST_DEATHS and now - self._deaths[0] < DEATHS_SECONDS:
            raise HaltServer("what serves dies again and again", 1)


class Log(Logger):
    """gunicorn's words in the log of the process, in its form; nothing about single requests, which the application notes itself
    and without what names people."""

    def setup(self, cfg: Any) -> None:
        self.cfg = cfg
        self._access_log_enabled = False
        self.error_log.propagate = True
        self.error_log.setLevel(logging.INFO)

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """Nothing: addresses name records to those who hold the links."""


class _Above(Arbiter):
    handle_int = Arbiter.handle_term  # Ctrl-C is no reason to cut off what is under way
    _stopping = False

    def stop(self, graceful: Any = True) -> None:
        self._stopping = True
        super().stop(graceful)

    def reap_workers(self) -> None:
        try:
            super().reap_workers()
        except HaltServer:
            if not self._stopping:  # else how the one below ended changes nothing
                raise


def _told(pipe: int) -> int:
    os.set_blocking(pipe, False)
    try:
        return max(os.read(pipe, 64), default=0)
    except BlockingIOError:
        return 0
