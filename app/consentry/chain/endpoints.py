"""Several nodes asked as if they were one: a question that one does not answer goes to the next (specification H-4)."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Sequence
from typing import Any

from consentry.chain.connection import Connection
from consentry.chain.deployment import Deployment
from consentry.chain.rpc import AnswerHuge, Request, RpcClient, RpcError, bodies
from consentry.chain.watch import Watch, WatchTimes
from consentry.domain.ledger import ChainHead
from consentry.errors import ChainUnreachable
from consentry.ports.chain_node import NodesSeen

TIMEOUT_SECONDS = 10.0


class Endpoints:
    """The Rpc of several nodes. `clients` in the order of the settings, watched by `watch`."""

    def __init__(self, clients: Sequence[RpcClient], watch: Watch) -> None:
        self._clients = tuple(clients)
        self._watch = watch

    @property
    def place(self) -> str:
        return ", ".join(client.place for client in self._clients)

    def call(self, method: str, *params: Any) -> Any:
        result = self.batch([Request(method, params)])[0]
        if isinstance(result, RpcError):
            raise result
        return result

    def batch(self, wanted: Iterable[Request]) -> list[Any]:
        return [result for body in bodies(wanted) for result in self._anywhere(body)]

    def _anywhere(self, body: Sequence[Request]) -> list[Any]:
        """The answers of the node that is asked now, or, once for each, of another one. What a node refuses by a JSON-RPC error,
        or answers at too great length, another one would as well."""
        tried: frozenset[int] = frozenset()
        while True:
            place = self._watch.which(tried)
            try:
                answers = self._clients[place].exchange(body)
            except AnswerHuge:
                raise
            except RpcError as refusal:  # of all of it
                refusal.others_asked = bool(tried)
                raise
            except ChainUnreachable as problem:
                self._watch.leave(place, problem)
                tried |= {place}
                if len(tried) == len(self._clients):
                    raise
            else:
                for one in answers:
                    if isinstance(one, RpcError):
                        one.others_asked = bool(tried)
                return answers

    def beside(self, *, most_answer_bytes: int) -> Endpoints:
        return Endpoints(
            [client.beside(most_answer_bytes=most_answer_bytes) for client in self._clients], self._watch
        )

    def close(self) -> None:
        for client in self._clients:
            client.close()


class SeveralNodes(Connection):
    """A connection whose nodes are checked before they are asked, each for itself."""

    def __init__(
        self, clients: Sequence[RpcClient], deployment: Deployment, times: WatchTimes | None = None
    ) -> None:
        self.watch = Watch(clients, deployment, times)
        super().__init__(Endpoints(clients, self.watch), deployment)

    def check(self) -> None:
        self.watch.which()

    def noted(self, head: ChainHead, asked_at: float) -> ChainHead:
        self.watch.saw(head.number, asked_at)
        return super().noted(head, asked_at)

    def nodes(self) -> NodesSeen:
        return self.watch.seen()

    def close(self) -> None:
        self.watch.close()
        super().close()


def connect(
    urls: str,
    deployment: Deployment,
    *,
    timeout: float = TIMEOUT_SECONDS,
    tls: ssl.SSLContext | None = None,
) -> Connection:
    """A connection to the node at a URL, or to several at URLs between commas, the one to prefer first.

    Raises ChainUnreachable for what is no address.
    """
    clients = [RpcClient(url, timeout=timeout, tls=tls) for url in addresses_of(urls)]
    if not clients:
        raise ChainUnreachable("no JSON-RPC address is given")
    return Connection(clients[0], deployment) if len(clients) == 1 else SeveralNodes(clients, deployment)


def addresses_of(urls: str) -> tuple[str, ...]:
    """The addresses in a text, each once."""
    return tuple(dict.fromkeys(one for part in urls.split(",") if (one := part.strip())))
