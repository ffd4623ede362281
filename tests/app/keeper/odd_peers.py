"""Real servers that answer with whatever a test wants of them, also a byte at a time without end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from consentry.remote.exchange import Exchange, Reply

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
HEADERS = b"HTTP/1.1 200 OK\r\nX-Slow: "
BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n"
LIMIT_SECONDS = 20.0
"""How long tests wait for what must happen; nothing is slower for it."""


def becomes(true: Callable[[], bool]) -> bool:
    """Whether something becomes true before the limit."""
    until, pause = time.monotonic() + LIMIT_SECONDS, threading.Event()
    while not true():
        if time.monotonic() > until:
            return False
        pause.wait(0.01)
    return True


class Dripping:
    """`url` to ask; `taken` counts connections so far, `held` those that nobody has cut yet."""

    def __init__(self, server: socket.socket, greeting: bytes) -> None:
        self._server = server
        self._greeting = greeting
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
                peer.sendall(self._greeting)
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
def dripping(greeting: bytes = HEADERS) -> Iterator[Dripping]:
    """On a free port of localhost until the block ends; says `greeting` at once and the rest a byte at a time."""
    made = Dripping(socket.create_server(("127.0.0.1", 0), backlog=256), greeting)
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.close()
        thread.join(5)


Serve = Callable[[socket.socket], None]


@contextmanager
def serving(*peers: Serve) -> Iterator[str]:
    """A server that gives each connection, in order, to one of `peers`."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for each in peers:
                peer, _ = server.accept()
                with peer:
                    each(peer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join(5)
        assert not thread.is_alive()


def saying(*answers: bytes) -> Serve:
    """Read a request and send an answer, for each of `answers`, on one connection."""

    def serve(peer: socket.socket) -> None:
        for answer in answers:
            if not peer.recv(65_536):
                return
            peer.sendall(answer)

    return serve


def until_cut(greeting: bytes, again: bytes) -> Serve:
    def serve(peer: socket.socket) -> None:
        over = threading.Event()
        try:
            peer.sendall(greeting)
            while not over.wait(0.02):
                peer.sendall(again)
        except OSError:  # cut off: what the test wants
            return

    return serve


def ask(exchange: Exchange, url: str, *, seconds: float = 5.0, most: int = 1000) -> Reply:
    return exchange.ask("GET", url + "/x?y=1", None, {"Accept": "*/*"}, seconds=seconds, most=most)
