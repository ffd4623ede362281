"""Applications served as they are in production, in a thread of this process instead of one of its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

from consentry.serving.plan import Plan, Refusal, Service, WsgiApp
from consentry.serving.process import Application, listening
from consentry.serving.worker import Worker


class Served:
    """An application at `port`, until `close`."""

    def __init__(
        self,
        app: WsgiApp,
        *,
        port: int = 0,
        most_body_bytes: int = 1 << 20,
        at_once: int = 16,
        refuse: Callable[[int, str], Refusal] | None = None,
        leave: Callable[[], None] = lambda: None,
        tls: Any = None,
    ) -> None:
        service = Service(app, lambda: None, leave, lambda: None)
        plan = Plan("127.0.0.1", port, lambda: service, refuse or _bare, most_body_bytes, at_once, tls)
        (socket,) = listening(plan.host, port)
        self.application = app
        self.port = socket.getsockname()[1]
        told, tell = os.pipe()
        self._pipe: tuple[int, ...] = (told, tell)
        known = Application(plan, (), tell)
        known.opened = threading.Event()  # type: ignore[attr-defined]
        socket.setblocking(False)
        self._worker = _Here(
            1, os.getppid(), [socket], known, 0, known.cfg, known.cfg.logger_class(known.cfg)
        )
        self._thread = threading.Thread(target=self._worker.init_process, daemon=True)
        self._thread.start()
        assert known.opened.wait(60)  # type: ignore[attr-defined]

    def ask_to_stop(self) -> None:
        self._worker.handle_exit(0, None)

    def close(self) -> None:
        self.ask_to_stop()
        self._thread.join(30)
        for one in self._pipe:
            os.close(one)
        self._pipe = ()


class _Here(Worker):
    """Signals belong to the whole process."""

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.app.opened.set()

    def _cap_keepalive(self, deadline: float) -> None:
        super()._cap_keepalive(0)  # nobody of this process sends more on a kept connection

    def init_signals(self) -> None:
        for end in self.PIPE:
            os.close(end)


def _bare(status: int, path: str) -> Refusal:
    return Refusal(status, "Refused", (), b"")
