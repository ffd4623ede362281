"""JSON-RPC over kept-alive connections, with batches: web3's HTTPProvider, bounded and with typed errors.

web3's contract objects and request manager are left out on purpose: they take 8 ms a call in formatting, the
provider alone 0.2 ms more than a bare connection (docs/adr/0006).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from web3.providers.rpc import HTTPProvider
from web3.types import RPCEndpoint

from consentry.errors import ChainUnreachable

CONNECTIONS = 16
MOST_BYTES = 1_000_000
"""Of questions in one HTTP body: nodes refuse more (anvil 2 MB, geth 5 MB)."""

_LOG = logging.getLogger(__name__)
_LOGGED = 200
_LONG_HEX = re.compile(r"0x[0-9a-fA-F]{8,}")

# The provider writes whole answers to its debug log, where they have no place (specification P-1).
logging.getLogger("web3.providers").setLevel(logging.INFO)


class RpcError(ChainUnreachable):
    """The node answered with a JSON-RPC error object; `data` holds revert bytes where the node gives them.

    What the node said stays inside: it is logged, never shown.
    """

    def __init__(self, rpc_code: int, message: str, data: Any) -> None:
        super().__init__("the chain node refuses the question")
        self.rpc_code = rpc_code
        self.message = message
        self.data = data


@dataclass(frozen=True)
class Request:
    """One JSON-RPC request: the method and its positional parameters."""

    method: str
    params: tuple[Any, ...] = ()


class RpcClient:
    """A node's JSON-RPC, shared by threads. `timeout` (seconds) bounds connecting and each read."""

    def __init__(self, url: str, *, timeout: float = 10.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ChainUnreachable("the JSON-RPC address must be an http or https URL")
        # Never the whole URL: operators put access tokens into its path.
        self.place = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy variable must not see what is asked
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=CONNECTIONS)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)
        self._provider = HTTPProvider(
            url,
            request_kwargs={"timeout": timeout, "allow_redirects": False},
            session=self._session,
            exception_retry_configuration=None,
        )

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
        return [result for body in _bodies(wanted) for result in self._exchange(body)]

    def _exchange(self, wanted: Sequence[Request]) -> list[Any]:
        answers = self._post([(RPCEndpoint(one.method), list(one.params)) for one in wanted])
        if isinstance(answers, dict):  # one error object for the whole batch
            raise self._result(answers) if "error" in answers else self._rubbish()
        if not isinstance(answers, list) or len(answers) != len(wanted):
            raise self._rubbish()
        ids = [answer.get("id") if isinstance(answer, dict) else None for answer in answers]
        if not isinstance(ids[0], int) or ids != list(range(ids[0], ids[0] + len(ids))):
            raise self._rubbish()  # which answer belongs to which question would be a guess
        return [self._result(answer) for answer in answers]

    def _post(self, pairs: list[tuple[RPCEndpoint, Any]]) -> Any:
        try:
            try:
                return self._provider.make_batch_request(pairs)
            except requests.Timeout:
                raise
            except requests.ConnectionError:
                # A kept-alive connection that the node has just closed. All our requests may be repeated, a
                # signed transaction too: it has one hash.
                return self._provider.make_batch_request(pairs)
        except requests.Timeout:
            raise self._failed("no answer in time from the chain node") from None
        except requests.HTTPError as error:
            status = error.response.status_code
            raise self._failed(f"the chain node answers HTTP {status}") from None
        except requests.RequestException:
            raise self._failed("no chain node answers") from None
        except (ValueError, KeyError, TypeError, AttributeError):  # not JSON, not a list of objects, no ids
            raise self._rubbish() from None

    def _rubbish(self) -> ChainUnreachable:
        return self._failed("what answers in the chain node's place does not speak JSON-RPC")

    def _failed(self, what: str) -> ChainUnreachable:
        """The failure, told without the node's address: anybody may hear it (specification K-2)."""
        _LOG.info("%s (%s)", what, self.place)
        return ChainUnreachable(what)

    def _result(self, answer: Any) -> Any:
        result = _result(answer)
        if isinstance(result, RpcError):
            said = _LONG_HEX.sub("0x…", result.message)[
                :_LOGGED
            ]  # calldata and accounts stay out of logs (P-1)
            _LOG.info("the chain node at %s says %r (%s)", self.place, said, result.rpc_code)
        return result

    def close(self) -> None:
        self._session.close()


def _bodies(wanted: Iterable[Request]) -> Iterator[list[Request]]:
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
    """About how many bytes a parameter takes as JSON."""
    if isinstance(value, str):
        return len(value) + 3
    if isinstance(value, Mapping):
        return sum(_weight(one) + 12 for one in value.values())
    if isinstance(value, list | tuple):
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
