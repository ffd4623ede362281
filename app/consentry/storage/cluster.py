"""The REST API of an ipfs-cluster peer: which nodes hold a content, and that enough of them do (specification H-28).

The cluster's word is what its peers' nodes say of their own pins. It decides how many copies there are, never what they hold:
bytes are hashed where they are read.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import urllib3

from consentry.domain.tls_failures import why
from consentry.errors import ContentStillKept, StoreCopiesMissing, StoreUnreachable, StoreUntrusted
from consentry.ports import Swept
from consentry.storage.cluster_answers import cid_of, keepers_of, parsed

_CONNECT_SECONDS: Final = 3.0
_ANSWER_SECONDS: Final = 30.0
_COLLECT_SECONDS: Final = 600.0
_SOON_SECONDS: Final = 0.01
_POLL_SECONDS: Final = 0.25
_AT_ONCE: Final = 8
_NAMED_AT_ONCE: Final = 100  # ids travel in the URL
_MAX_COPIES: Final = 3
_FAILED: Final = "unpin_error"
_BUSY: Final = ("unpinning", "unpin_queued", _FAILED, "pinning", "pin_queued", "pin_error")


@dataclass(frozen=True)
class NodeState:
    """A peer of the cluster as the others see it; `problem` is empty while it and its IPFS node answer."""

    name: str
    problem: str


class Cluster:
    """The peer at an address, for any number of threads. Every call raises StoreUnreachable."""

    def __init__(
        self,
        url: str,
        *,
        login: str | None = None,
        patience_seconds: float = 60.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`login`: `user:password`. `patience_seconds`: how long copies may take."""
        self._url = url.rstrip("/")
        self._patience = patience_seconds
        self._http = urllib3.PoolManager(
            maxsize=_AT_ONCE,
            retries=False,
            ssl_context=tls,
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
        return len(self._ready_peers())

    def keep(self, cids: Sequence[str], copies: int) -> None:
        """Return when this many nodes hold each content. Raises StoreCopiesMissing; what is kept so far stays kept."""
        lacking = self._lacking(cids, copies)
        if not lacking:
            return
        # The near node first: where a peer's node is not among those that are to keep a content, the peer unpins it there.
        options = {
            "replication-min": str(copies),
            "replication-max": str(max(copies, _MAX_COPIES)),
            "user-allocations": self._peer_id(),
        }
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
        """Return when no node that answers keeps the content; one that is away forgets it when it is back.

        Raises ContentStillKept, which names the nodes where unpinning failed or goes on; repeating it has them try again.
        """
        failed = [peer for peer, (_, status) in self._busy_with(cid).items() if status == _FAILED]
        if failed and self._ready_peers().issuperset(failed):
            self._list_again(cid, failed)
        self._one("DELETE", f"/pins/{cid}", absent_is_fine=True)
        deadline, pause = time.monotonic() + self._patience, _SOON_SECONDS
        while names := self._holding(cid):
            if time.monotonic() > deadline:
                raise ContentStillKept(f"{', '.join(sorted(names))}: {cid} is still pinned there")
            time.sleep(pause)
            pause = min(2 * pause, _POLL_SECONDS)

    def holders(self, cids: Sequence[str]) -> dict[str, frozenset[str]]:
        """The names of the nodes that say that they hold each content, whole."""
        found = {cid: frozenset[str]() for cid in cids}
        for at in range(0, len(cids), _NAMED_AT_ONCE):
            named = ",".join(cids[at : at + _NAMED_AT_ONCE])
            for one in self._lines("GET", "/pins", {"cids": named}):
                found[str(one.get("cid"))] = keepers_of(one)
        return found

    def sweep(self) -> tuple[Swept, ...]:
        """Have every node let go of blocks that nothing pins."""
        told = self._one("POST", "/ipfs/gc", seconds=_COLLECT_SECONDS)
        peers = told.get("peer_map") if isinstance(told, dict) else None
        swept = (
            Swept(
                str(one.get("peername") or peer),
                tuple(cid_of(key.get("key")) for key in one.get("keys") or () if not key.get("error")),
                str(one.get("error") or ""),
            )
            for peer, one in (peers or {}).items()
        )
        return tuple(sorted(swept, key=lambda one: one.node))

    def close(self) -> None:
        self._http.clear()

    def _peer_id(self) -> str:
        told = self._one("GET", "/id")
        return str(told.get("id", "")) if isinstance(told, dict) else ""

    def _ready_peers(self) -> frozenset[str]:
        told = self._one("GET", "/monitor/metrics/freespace")
        metrics = told if isinstance(told, list) else []
        return frozenset(
            str(one.get("peer")) for one in metrics if isinstance(one, dict) and one.get("valid") is True
        )

    def _holding(self, cid: str) -> frozenset[str]:
        """The nodes that keep the content, as far as they answer: while it is listed, and until each is through with it."""
        if self._is_listed(cid):
            return self.holders([cid])[cid] or frozenset(("the cluster's list",))
        return frozenset(name for name, _ in self._busy_with(cid).values())

    def _is_listed(self, cid: str) -> bool:
        return bool(self._ask("GET", f"/allocations/{cid}", absent_is_fine=True))

    def _busy_with(self, cid: str) -> dict[str, tuple[str, str]]:
        """Name and state, by its id, of each peer that has yet to pin or unpin the content, or failed to. Asked for a content by
        its name, a cluster that no longer lists it says "unpinned" of every peer, and asks none."""
        for one in self._lines("GET", "/pins", {"filter": ",".join(_BUSY)}):
            peers = one.get("peer_map")
            if str(one.get("cid")) == cid and isinstance(peers, dict):
                told = [(peer, state) for peer, state in peers.items() if isinstance(state, dict)]
                return {
                    peer: (str(state.get("peername") or peer), str(state.get("status")))
                    for peer, state in told
                    if state.get("status") in _BUSY
                }
        return {}

    def _list_again(self, cid: str, peers: Sequence[str]) -> None:
        """Give the content to these peers alone: one whose unpinning failed tries it anew only if it is listed, and deleted."""
        many = str(len(peers))
        options = {"replication-min": many, "replication-max": many, "user-allocations": ",".join(peers)}
        self._one("POST", f"/pins/{cid}", options)
        deadline, pause = time.monotonic() + self._patience, _SOON_SECONDS
        while not self._is_listed(cid):
            if time.monotonic() > deadline:
                raise StoreUnreachable(f"ipfs-cluster at {self._url} does not take orders")
            time.sleep(pause)
            pause = min(2 * pause, _POLL_SECONDS)

    def _lacking(self, cids: Sequence[str], copies: int) -> list[str]:
        held = self.holders(cids)
        return [cid for cid in cids if len(held[cid]) < copies]

    def _lines(
        self, method: str, path: str, query: Mapping[str, str] | None = None
    ) -> Iterator[dict[str, Any]]:
        """An answer of one JSON object a line."""
        for line in self._ask(method, path, query).splitlines():
            one = parsed(line)
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
        return parsed(raw) if raw.strip() else None

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
        except urllib3.exceptions.SSLError as error:
            raise StoreUntrusted(f"ipfs-cluster at {self._url}: {why(error.args[0])}") from error
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
