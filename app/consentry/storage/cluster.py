"""The REST API of an ipfs-cluster peer: which nodes hold a content, and that enough of them do (specification H-28).

The cluster's word is what its peers' nodes say of their own pins. It decides how many copies there are, never what they hold:
bytes are hashed where they are read.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import urllib3

from consentry.errors import StoreCopiesMissing, StoreUnreachable
from consentry.ports import Swept

_CONNECT_SECONDS: Final = 3.0
_ANSWER_SECONDS: Final = 30.0
_COLLECT_SECONDS: Final = 600.0
_SOON_SECONDS: Final = 0.01
_POLL_SECONDS: Final = 0.25
_AT_ONCE: Final = 8
_NAMED_AT_ONCE: Final = 100  # ids travel in the URL
_MAX_COPIES: Final = 3
_KEPT: Final = frozenset(("pinned",))
_HELD: Final = _KEPT | {"unpinning", "unpin_queued"}


@dataclass(frozen=True)
class NodeState:
    """A peer of the cluster as the others see it; `problem` is empty while it and its IPFS node answer."""

    name: str
    problem: str


class Cluster:
    """The peer at an address, for any number of threads. Every call raises StoreUnreachable."""

    def __init__(self, url: str, *, login: str | None = None, patience_seconds: float = 60.0) -> None:
        """`login`: `user:password`. `patience_seconds`: how long copies may take."""
        self._url = url.rstrip("/")
        self._patience = patience_seconds
        self._http = urllib3.PoolManager(
            maxsize=_AT_ONCE,
            retries=False,
            headers=urllib3.make_headers(basic_auth=login) if login else {},
            timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=_ANSWER_SECONDS),
        )

    def nodes(self) -> tuple[NodeState, ...]:
        found = []
        for one in self._lines("GET", "/peers"):
            problem = one.get("error") or (one.get("ipfs") or {}).get("error") or ""
            found.append(NodeState(str(one.get("peername") or one.get("id")), str(problem)))
        return tuple(sorted(found, key=lambda node: node.name))

    def ready_nodes(self) -> int:
        """How many nodes new content may be given to now."""
        told = self._one("GET", "/monitor/metrics/freespace")
        metrics = told if isinstance(told, list) else []
        return sum(1 for one in metrics if isinstance(one, dict) and one.get("valid") is True)

    def keep(self, cids: Sequence[str], copies: int) -> None:
        """Return when this many nodes hold each content. Raises StoreCopiesMissing; what is kept so far stays kept."""
        lacking = self._lacking(cids, copies)
        if not lacking:
            return
        options = {"replication-min": str(copies), "replication-max": str(max(copies, _MAX_COPIES))}
        with ThreadPoolExecutor(min(_AT_ONCE, len(lacking)), thread_name_prefix="cluster") as pool:
            list(pool.map(lambda cid: self._one("POST", f"/pins/{cid}", options), lacking))
        deadline, pause = time.monotonic() + self._patience, _SOON_SECONDS
        while lacking := self._lacking(lacking, copies):
            if time.monotonic() > deadline:
                raise StoreCopiesMissing(
                    f"{len(lacking)} of {len(cids)} contents have fewer than {copies} copies"
                )
            time.sleep(pause)
            pause = min(2 * pause, _POLL_SECONDS)

    def forget(self, cid: str) -> None:
        """Return when no node that answers keeps the content; one that is away forgets it when it is back."""
        self._one("DELETE", f"/pins/{cid}", absent_is_fine=True)
        deadline, pause = time.monotonic() + self._patience, _SOON_SECONDS
        while (
            any(_nodes_in(one, _HELD) for one in self._lines("GET", "/pins", {"cids": cid}))
            and time.monotonic() < deadline
        ):
            time.sleep(pause)
            pause = min(2 * pause, _POLL_SECONDS)

    def holders(self, cids: Sequence[str]) -> dict[str, frozenset[str]]:
        """The names of the nodes that say that they hold each content, whole."""
        found = {cid: frozenset[str]() for cid in cids}
        for at in range(0, len(cids), _NAMED_AT_ONCE):
            named = ",".join(cids[at : at + _NAMED_AT_ONCE])
            for one in self._lines("GET", "/pins", {"cids": named}):
                found[str(one.get("cid"))] = _nodes_in(one, _KEPT)
        return found

    def under_kept(self, copies: int) -> tuple[int, int]:
        """How many contents are kept, and how many of them on fewer nodes than this."""
        held = [len(_nodes_in(one, _KEPT)) for one in self._lines("GET", "/pins") if one.get("allocations")]
        return len(held), sum(1 for one in held if one < copies)

    def sweep(self) -> tuple[Swept, ...]:
        """Have every node let go of blocks that nothing pins."""
        told = self._one("POST", "/ipfs/gc", seconds=_COLLECT_SECONDS)
        peers = told.get("peer_map") if isinstance(told, dict) else None
        swept = (
            Swept(
                str(one.get("peername") or peer),
                tuple(_cid(key.get("key")) for key in one.get("keys") or () if not key.get("error")),
                str(one.get("error") or ""),
            )
            for peer, one in (peers or {}).items()
        )
        return tuple(sorted(swept, key=lambda one: one.node))

    def close(self) -> None:
        self._http.clear()

    def _lacking(self, cids: Sequence[str], copies: int) -> list[str]:
        held = self.holders(cids)
        return [cid for cid in cids if len(held[cid]) < copies]

    def _lines(
        self, method: str, path: str, query: Mapping[str, str] | None = None
    ) -> Iterator[dict[str, Any]]:
        """An answer of one JSON object a line."""
        for line in self._ask(method, path, query).splitlines():
            one = _json(line)
            if isinstance(one, dict):
                yield one

    def _one(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        seconds: float = _ANSWER_SECONDS,
        absent_is_fine: bool = False,
    ) -> Any:
        raw = self._ask(method, path, query, seconds=seconds, absent_is_fine=absent_is_fine)
        return _json(raw) if raw.strip() else None

    def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        seconds: float = _ANSWER_SECONDS,
        absent_is_fine: bool = False,
    ) -> bytes:
        limit = urllib3.Timeout(connect=_CONNECT_SECONDS, read=seconds)
        try:
            answer = self._http.request(method, f"{self._url}{path}?{urlencode(query or {})}", timeout=limit)
        except urllib3.exceptions.HTTPError as error:
            raise StoreUnreachable(
                f"ipfs-cluster at {self._url} does not answer: start it beside the IPFS node"
            ) from error
        if answer.status == 404 and absent_is_fine:
            return b""
        if answer.status >= 300:
            said = answer.data.decode("utf-8", "replace").strip()[:300]
            if "not enough peers" in said:
                raise StoreCopiesMissing("fewer IPFS nodes than the settings ask for are there to hold it")
            raise StoreUnreachable(f"ipfs-cluster at {self._url} refuses ({answer.status}): {said}")
        return answer.data


def _nodes_in(told: Mapping[str, Any], states: frozenset[str]) -> frozenset[str]:
    """The nodes that say of a content that it is in one of these states with them."""
    peers = told.get("peer_map")
    return frozenset(
        str(one.get("peername") or peer)
        for peer, one in (peers.items() if isinstance(peers, dict) else ())
        if isinstance(one, dict) and one.get("status") in states
    )


def _cid(told: Any) -> str:
    """A CID in IPLD's JSON, or bare."""
    return str(told.get("/")) if isinstance(told, dict) else str(told)


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise StoreUnreachable("ipfs-cluster does not answer as ipfs-cluster does") from None
