"""JSON-RPC over kept-alive connections, in batches: bounded in time and size, with typed errors.

web3 is left out on purpose: its contract objects take 8 ms a call in formatting, its provider half of what a keeper spends on
a request, and it numbers requests for all threads together, so that batches of two threads get mixed up (docs/adr/0006).
"""

from __future__ import annotations

import base64
import json
import logging
import re
import ssl
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from consentry.errors import ChainUnreachable, ChainUntrusted
from consentry.remote.exchange import AnswerTooLarge, Exchange, NoAnswer

CONNECTIONS = 16
MOST_BYTES = 1_000_000
"""Of questions in one HTTP body: nodes refuse more (anvil 2 MB, geth 5 MB)."""

MOST_ANSWER_BYTES = 256 * 2**20
"""Of answers to one body: histories come in ranges, of which a busy chain fills one with some megabytes."""

_LOG = logging.getLogger(__name__)
_LOGGED = 200
# nodes write what a revert holds without 0x as well
_LONG_HEX = re.compile(r"0x[0-9a-fA-F]{8,}|[0-9a-fA-F]{16,}")


class RpcError(ChainUnreachable):
    """The node answered with a JSON-RPC error object; `data` holds revert bytes where the node gives them.

    What the node said stays inside: it is logged, never shown. `others_asked`: another node was asked the same before, and may
    have done it without telling.
    """

    def __init__(self, rpc_code: int, message: str, data: Any) -> None:
        super().__init__("the chain node refuses the question")
        self.rpc_code = rpc_code
        self.message = message
        self.data = data
        self.others_asked = False


class AnswerLate(ChainUnreachable):
    """The node took the question, and did not answer in time."""


class AnswerHuge(ChainUnreachable):
    """The node's answer is larger than was allowed."""


@dataclass(frozen=True)
class Request:
    """One JSON-RPC request: the method and its positional parameters."""

    method: str
    params: tuple[Any, ...] = ()


class Rpc(Protocol):
    """Whoever answers JSON-RPC: one node, or whichever of several is good (`endpoints`)."""

    @property
    def place(self) -> str:
        """Host and port, for logs alone."""

    def call(self, method: str, *params: Any) -> Any:
        """The result of one request. Raises RpcError, ChainUnreachable."""

    def batch(self, wanted: Iterable[Request]) -> list[Any]:
        """Results in order of the requests; a failed one is an RpcError in its place. Raises ChainUnreachable."""

    def beside(self, *, most_answer_bytes: int) -> Rpc:
        """The same, over connections of its own and with answers of this size at most."""

    def close(self) -> None:
        """End its connections."""


class RpcClient:
    """A node's JSON-RPC, shared by threads. `timeout` (seconds) bounds each exchange as a whole.

    Whatever is asked may be asked twice, a signed transaction too: it has one hash. So connections are kept.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 10.0,
        most_answer_bytes: int = MOST_ANSWER_BYTES,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ChainUnreachable("the JSON-RPC address must be an http or https URL")
        # Never the whole URL: operators put access tokens into its path.
        self.place = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
        self._url = url
        self._timeout = timeout
        self._most_answer_bytes = most_answer_bytes
        self._headers = {"Content-Type": "application/json", "Accept": "application/json", **_basic(parts)}
        self._tls = tls
        self._connections = Exchange(kept=CONNECTIONS, connect_seconds=timeout, tls=tls)

    def call(self, method: str, *params: Any) -> Any:
        """The result of one request. Raises RpcError, ChainUnreachable."""
        result = self.batch([Request(method, params)])[0]
        if isinstance(result, RpcError):
            raise result
        return result

    def batch(self, wanted: Iterable[Request]) -> list[Any]:
        """Results in order of the requests; a failed one is an RpcError in its place.

        One round trip for each MOST_BYTES of questions, which are taken from `wanted` only then.
        Raises ChainUnreachable when there is no answer, or one that is none.
        """
        return [result for body in bodies(wanted) for result in self.exchange(body)]

    def exchange(self, wanted: Sequence[Request]) -> list[Any]:
        """`batch` in one HTTP body, however large that is."""
        body = [
            {"jsonrpc": "2.0", "id": number, "method": one.method, "params": one.params}
            for number, one in enumerate(wanted)
        ]
        answers = self._post(json.dumps(body, separators=(",", ":")).encode("utf-8"))
        if isinstance(answers, dict):  # one error object for the whole batch
            raise self._result(answers) if "error" in answers else self._rubbish()
        if not isinstance(answers, list) or len(answers) != len(wanted):
            raise self._rubbish()
        by_id = {
            answer["id"]: answer
            for answer in answers
            if isinstance(answer, dict) and type(answer.get("id")) is int
        }
        if by_id.keys() != set(range(len(wanted))):
            raise self._rubbish()  # which answer belongs to which question would be a guess
        return [self._result(by_id[number]) for number in range(len(wanted))]

    def _post(self, body: bytes) -> Any:
        try:
            reply = self._connections.ask(
                "POST", self._url, body, self._headers, seconds=self._timeout, most=self._most_answer_bytes
            )
        except NoAnswer as failure:
            if failure.late:
                raise self._failed("no answer in time from the chain node", AnswerLate) from None
            if failure.untrusted:
                said = f"the chain node is not to be trusted: {failure.untrusted}"
                raise self._failed(said, ChainUntrusted) from None
            raise self._failed("no chain node answers") from None
        except AnswerTooLarge:
            raise self._failed("the chain node's answer is too large", AnswerHuge) from None
        if reply.status != 200:
            raise self._failed(f"the chain node answers HTTP {reply.status}")
        try:
            return json.loads(reply.body)
        except (ValueError, RecursionError):
            raise self._rubbish() from None

    def _rubbish(self) -> ChainUnreachable:
        return self._failed("what answers in the chain node's place does not speak JSON-RPC")

    def _failed(self, what: str, kind: type[ChainUnreachable] = ChainUnreachable) -> ChainUnreachable:
        """The failure, told without the node's address: anybody may hear it (specification K-2)."""
        _LOG.info("%(why)s (%(node)s)", {"why": what, "code": kind.code, "node": self.place})
        return kind(what)

    def _result(self, answer: Any) -> Any:
        result = _result(answer)
        if isinstance(result, RpcError):
            said = _LONG_HEX.sub("0x…", result.message)[
                :_LOGGED
            ]  # calldata and accounts stay out of logs (P-1)
            told = {"node": self.place, "why": said, "rpc_code": result.rpc_code}
            _LOG.info("the chain node at %(node)s says %(why)r (%(rpc_code)s)", told)
        return result

    def beside(
        self, *, most_answer_bytes: int = MOST_ANSWER_BYTES, timeout: float | None = None
    ) -> RpcClient:
        seconds = timeout or self._timeout
        return RpcClient(self._url, timeout=seconds, most_answer_bytes=most_answer_bytes, tls=self._tls)

    def close(self) -> None:
        self._connections.close()


def _basic(parts: SplitResult) -> dict[str, str]:
    """What a node asks for whose address names a user."""
    if not parts.username:
        return {}
    named = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    return {"Authorization": "Basic " + base64.b64encode(named).decode("ascii")}


def bodies(wanted: Iterable[Request]) -> Iterator[list[Request]]:
    """The requests, as many at a time as one HTTP body takes."""
    body: list[Request] = []
    size = 0
    for one in wanted:
        weight = _weight(one.params)
        if body and size + weight > MOST_BYTES:
            yield body
            body, size = [], 0
        body.append(one)
        size += weight
    if body:
        yield body


def _weight(value: Any) -> int:
    """About how many bytes a parameter takes as JSON. Nearly all are texts, also within others."""
    if isinstance(value, str):
        return len(value) + 3
    if isinstance(value, dict):
        return sum([(len(one) if type(one) is str else _weight(one)) + 15 for one in value.values()])
    if isinstance(value, (list, tuple)):
        return 60 + sum(map(_weight, value))
    return 8


def _result(answer: Any) -> Any:
    if not isinstance(answer, dict) or ("error" not in answer and "result" not in answer):
        return RpcError(0, "an answer without result or error", None)
    error = answer.get("error")
    if error is None:
        return answer["result"]
    if not isinstance(error, dict):
        return RpcError(0, str(error), None)
    code = error.get("code")
    return RpcError(code if isinstance(code, int) else 0, str(error.get("message", "")), error.get("data"))
