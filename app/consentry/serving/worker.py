"""The process that serves: gunicorn's worker of threads, with what it lacks for us."""

from __future__ import annotations

import logging
import signal
import socket
import ssl
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Any

from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from consentry.errors import ConsentryError
from consentry.serving.plan import Plan, Service, WsgiApp
from consentry.serving.receiving import SENDING_SECONDS, Connection, HeadedRequest, Refused, receive

ANSWERED_WITHIN_SECONDS = 15
"""How long requests under way are waited for when it is to stop."""
_LOG = logging.getLogger(__name__)


class Worker(ThreadWorker):
    """`app` is a `process.Application`."""

    alive: bool
    service: Service | None = None
    """None until it is open: signals come before."""

    def init_process(self) -> None:
        self.cfg.set(
            "graceful_timeout", ANSWERED_WITHIN_SECONDS
        )  # of this process: what is above waits for the rest as well
        try:
            super().init_process()
        except Exception:
            # the server would write down its words, and end with 3 if it had not begun, which is not tried again
            _LOG.exception("it could not go on")
            raise SystemExit(ConsentryError.exit_code) from None

    def load_wsgi(self) -> None:
        """Open what is served; ends the process where that fails, or where it was told to stop meanwhile."""
        plan: Plan = self.app.plan
        try:
            service: Service = self.app.open()
        finally:
            if not self.alive:
                raise SystemExit(0)
        self.service, self.tls = service, self.app.tls
        self.wsgi = _at_once(service.app, plan.at_once)
        service.begin()

    def init_signals(self) -> None:
        super().init_signals()
        signal.signal(signal.SIGINT, self.handle_exit)  # Ctrl-C reaches all processes of a terminal

    def handle_exit(self, sig: int, frame: Any) -> None:
        if self.alive:
            self.alive = False
            self.method_queue.defer(self._leave)

    def is_parent_alive(self) -> bool:
        if super().is_parent_alive():
            return True
        self._leave()
        return False

    def _leave(self) -> None:
        if self.service is not None:
            self.service.leave()

    def accept(self, listener: socket.socket) -> None:
        """As gunicorn does it, with connections of ours."""
        try:
            sock, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        connection = Connection(self.cfg, sock, client, listener.getsockname())
        connection.tls = self.tls
        self.enqueue_req(connection)

    def handle_request(self, req: HeadedRequest, conn: Connection) -> Any:
        try:
            receive(req, conn, self.app.plan.most_body_bytes)
        except Exception as problem:
            problem.request = req  # type: ignore[attr-defined]
            raise
        req.scheme = "http" if conn.tls is None else "https"
        conn.sock.settimeout(SENDING_SECONDS)
        return super().handle_request(req, conn)

    def handle_error(
        self, req: HeadedRequest | None, client: socket.socket, addr: Any, exc: Exception
    ) -> None:
        """Refuse in the application's own form (G-2). What was sent stands in no log."""
        if isinstance(exc, ssl.SSLError):
            return  # nobody is there who could read an answer
        status = _status(exc)
        if status is HTTPStatus.INTERNAL_SERVER_ERROR:
            _LOG.error("unexpected", exc_info=exc)
        found = req or getattr(exc, "request", None)
        refusal = self.app.plan.refuse(status, getattr(found, "path", None) or "/")
        head = [f"HTTP/1.1 {refusal.status} {refusal.reason}", "Connection: close"]
        head += [f"{name}: {value}" for name, value in refusal.headers]
        head += [f"Content-Length: {len(refusal.body)}", "", ""]
        try:
            client.settimeout(SENDING_SECONDS)
            client.sendall("\r\n".join(head).encode("latin-1") + refusal.body)
        except OSError:
            _LOG.debug("who was refused did not wait for the answer")


def _at_once(app: WsgiApp, most: int) -> WsgiApp:
    """The application, answering so many requests at a time. What a stream goes on to tell takes no place."""
    places = BoundedSemaphore(most)

    def answer(environ: dict[str, Any], start: Any) -> Any:
        with places:
            return app(environ, start)

    return answer


def _status(problem: Exception) -> HTTPStatus:
    if isinstance(problem, Refused):
        return problem.status
    if isinstance(problem, errors.UnsupportedTransferCoding):
        return HTTPStatus.NOT_IMPLEMENTED
    if isinstance(problem, errors.ParseException):
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.INTERNAL_SERVER_ERROR
