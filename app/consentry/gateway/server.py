"""Serving by waitress, bounded in threads, connections, time and bytes.

waitress refuses broken requests and bodies that are too large before any application hears of them, in plain text. Here
such answers have the same form as all others (specification G-2). Bodies stay in memory: waitress would write larger ones
to temporary files, and plaintext must not touch a disk (design §8).
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from waitress import channel, task
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from consentry.gateway import problems
from consentry.gateway.request_id import HEADER, new_id

THREADS = 8
CONNECTIONS = 200
IDLE_SECONDS = 60
HEADER_BYTES = 32 * 1024
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


class Channel(channel.HTTPChannel):
    error_task_class = RefusalTask


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
        ident=None,
        expose_tracebacks=False,
    )
    # one socket, or one for each address that the host's name has
    sockets = (server.map or {}).values() if isinstance(server, MultiSocketServer) else (server,)
    for one in sockets:
        if isinstance(one, BaseWSGIServer):
            one.channel_class = Channel
    return server
