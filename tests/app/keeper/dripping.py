"""A real server that answers every connection with headers that never end, a byte at a time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

GREETING = b"HTTP/1.1 200 OK\r\nX-Slow: "


class Dripping:
    """`url` to ask; `taken` counts connections so far, `held` those that nobody has cut yet."""

    def __init__(self, server: socket.socket) -> None:
        self._server = server
        self._over = threading.Event()
        self._lock = threading.Lock()
        self.taken = self.held = 0
        self.url = f"http://127.0.0.1:{server.getsockname()[1]}"

    def serve(self) -> None:
        while True:
            try:
                peer, _ = self._server.accept()
            except OSError:
                return
            with self._lock:
                self.taken, self.held = self.taken + 1, self.held + 1
            threading.Thread(target=self._drip, args=(peer,), daemon=True).start()

    def _drip(self, peer: socket.socket) -> None:
        with peer:
            try:
                peer.sendall(GREETING)
                while not self._over.wait(0.02):
                    peer.sendall(b"x")
            except OSError:  # cut off: what the tests want
                pass
        with self._lock:
            self.held -= 1

    def close(self) -> None:
        self._over.set()
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@contextmanager
def dripping() -> Iterator[Dripping]:
    """On a free port of localhost until the block ends."""
    made = Dripping(socket.create_server(("127.0.0.1", 0), backlog=256))
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.close()
        thread.join(5)
