"""Serving by waitress, bounded in threads, connections, time and bytes.

waitress refuses broken requests and bodies that are too large before any application hears of them, in plain text. Here
such answers have the same form as all others (specification G-2). Bodies and answers stay in memory: waitress would write
larger ones to temporary files, and plaintext must not touch a disk (design §8).
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from waitress import channel, parser, task
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server
from waitress.utilities import RequestEntityTooLarge

from consentry.gateway import problems
from consentry.gateway.request_id import HEADER, new_id
from consentry.services.streams import MOST as MOST_STREAMS

THREADS = 16 + MOST_STREAMS
"""Streams of news hold one each as long as they last (W-20); the others answer."""
CONNECTIONS = 200
IDLE_SECONDS = 60
HEADER_BYTES = 32 * 1024
DISCARDED_BYTES = 512 * 1024 * 1024
NEVER = 2**40
Server = BaseWSGIServer | MultiSocketServer


class RefusalTask(task.ErrorTask):
    """waitress's own refusals, as problem+json or OperationOutcome."""

    def execute(self) -> None:
        request: Any = (
            self.request
        )  # the parser, whatever the stubs say; one without a path had no request line
        refused, path = request.error, getattr(request, "path", "/")
        identifier = new_id()
        problem = problems.of_status(int(refused.code), path)
        body, kind = problems.render(problem, path, identifier)
        self.status = f"{problem.status} {refused.reason}"
        self.response_headers = [
            *self.response_headers,
            ("Content-Type", kind),
            (HEADER, identifier),
            ("X-Content-Type-Options", "nosniff"),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Parser(parser.HTTPRequestParser):
    """Reads a body that is too large to its end without keeping it: a client that is still sending when the connection
    closes would see a reset instead of the answer."""

    _left = 0

    def received(self, data: bytes) -> int:
        if self._left:
            taken = min(len(data), self._left)
            self._left -= taken
            self.completed = self._left == 0
            return taken
        taken = super().received(data)
        if self.completed and isinstance(self.error, RequestEntityTooLarge):
            if self.expect_continue:
                self.expect_continue = False  # who asks first is told at once
            elif not self.chunked and self.content_length <= DISCARDED_BYTES:
                self._left, self.completed = self.content_length, False
        return taken


class Channel(channel.HTTPChannel):
    error_task_class = RefusalTask
    parser_class = Parser


def listen(app: Flask, host: str, port: int, max_body_bytes: int) -> Server:
    """A server that listens already; `run()` serves until its `close()`. Raises OSError for a port that is taken."""
    server: Server = create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        max_request_header_size=HEADER_BYTES,
        max_request_body_size=max_body_bytes,
        inbuf_overflow=max_body_bytes,
        outbuf_overflow=NEVER,
        asyncore_use_poll=True,  # select() serves no file descriptor from 1,024 on, and books hold some too
        ident=None,
        expose_tracebacks=False,
    )
    # one socket, or one for each address that the host's name has
    sockets = (server.map or {}).values() if isinstance(server, MultiSocketServer) else (server,)
    for one in sockets:
        if isinstance(one, BaseWSGIServer):
            one.channel_class = Channel
    return server
