"""The process that serves: gunicorn's worker of threads, with what it lacks for us."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import ssl
import time
from concurrent.futures import Future
from contextlib import nullcontext
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Any

from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from consentry.errors import ConsentryError
from consentry.serving.leaving import Leaving
from consentry.serving.plan import LIVE, Plan, Service, WsgiApp
from consentry.serving.pool import Pool
from consentry.serving.receiving import Connection, HeadedRequest, Refused, receive
from consentry.serving.sending import SENDING_SECONDS, cut_off, in_time

ANSWERED_WITHIN_SECONDS = 15
"""How long requests under way are waited for when it is to stop."""
PAUSE_SECONDS = 1.0
"""After which connections are accepted again, when the system gave none."""
_LOG = logging.getLogger(__name__)


class Worker(ThreadWorker):
    """`app` is a `process.Application`."""

    alive: bool
    service: Service | None = None
    """None until it is open: signals come before."""
    accepts_from = 0.0
    """In monotonic seconds."""

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

    def get_thread_pool(self) -> Pool:
        return Pool(self.cfg.threads)

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

    def run(self) -> None:
        self.leaving = Leaving(self.poller, self._ended)
        super().run()

    def accept(self, listener: socket.socket) -> None:
        """As gunicorn does it, with connections of ours."""
        try:
            sock, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError as problem:
            # too many files or too little memory, here or in the whole system: what is under way will free some
            _LOG.error(
                "no connection was accepted: %(error)s", {"error": errno.errorcode.get(problem.errno or 0)}
            )
            self.accepts_from = time.monotonic() + PAUSE_SECONDS
            self.set_accept_enabled(False)
            return
        self.nr_conns += 1
        connection = Connection(self.cfg, sock, client, listener.getsockname())
        connection.tls = self.tls
        self.enqueue_req(connection)

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001 – gunicorn's
        """Called again within a second, as long as it is not what is wanted."""
        super().set_accept_enabled(enabled and time.monotonic() >= self.accepts_from)

    def finish_request(self, conn: Connection, fs: Future[Any]) -> None:
        """As gunicorn does it, except that nobody is waited for here, on the main loop."""
        if fs.cancelled() or fs.exception() is not None or fs.result():
            super().finish_request(conn, fs)
        else:
            self.leaving.let_read(conn)

    def murder_pending(self) -> None:
        super().murder_pending()
        self.leaving.end_late()

    def _ended(self) -> None:
        self.nr_conns -= 1

    def handle_request(self, req: HeadedRequest, conn: Connection) -> Any:
        try:
            receive(req, conn, self.app.plan.most_body_bytes)
        except Exception as problem:
            problem.request = req  # type: ignore[attr-defined]
            raise
        req.scheme = "http" if conn.tls is None else "https"
        conn.sock.settimeout(SENDING_SECONDS)
        try:
            return super().handle_request(req, conn)
        except TimeoutError:
            _LOG.debug("who asked did not read the answer in time")
            cut_off(conn.sock)
            return False

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
    """The application, answering so many requests at a time. What a stream goes on to tell takes no place, nor does `LIVE`."""
    places = BoundedSemaphore(most)

    def answer(environ: dict[str, Any], start: Any) -> Any:
        with nullcontext() if environ["PATH_INFO"] == LIVE else places:
            made = app(environ, start)
        return in_time(made, environ["gunicorn.socket"])

    return answer


def _status(problem: Exception) -> HTTPStatus:
    if isinstance(problem, Refused):
        return problem.status
    if isinstance(problem, errors.UnsupportedTransferCoding):
        return HTTPStatus.NOT_IMPLEMENTED
    if isinstance(problem, errors.ParseException):
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.INTERNAL_SERVER_ERROR
