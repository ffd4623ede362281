"""BlobStore over the member's own IPFS node, with copies on others' by ipfs-cluster (specification H-28).

What is put is on the near node and, before `put` returns, on as many nodes as the settings ask for: losing any one of them, the
near one too, loses nothing that was acknowledged. Reading asks the near node, which fetches from the others what it lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from consentry.errors import ConsentryError, StoreCopiesMissing
from consentry.ports import StoredBlob, StoreHealth, Swept
from consentry.storage.cid import Cid, parse_cid
from consentry.storage.cluster import Cluster
from consentry.storage.kubo import KuboBlockStore


class ReplicatedStore:
    """For any number of threads. `copies`: how many nodes hold what was put."""

    def __init__(self, near: KuboBlockStore, cluster: Cluster, copies: int) -> None:
        self._near = near
        self._cluster = cluster
        self._copies = copies
        self._most_nodes = 0

    def put(self, chunks: Iterable[bytes]) -> StoredBlob:
        """Raises StoreCopiesMissing too: then what is here stays here, and putting it again goes on."""
        return self.put_many((chunks,))[0]

    def put_many(self, contents: Iterable[Iterable[bytes]]) -> tuple[StoredBlob, ...]:
        blobs = self._near.put_many(contents)
        # Nodes do not hand one another a block of nothing; there is nothing in it to lose.
        self._cluster.keep(list(dict.fromkeys(blob.cid for blob in blobs if blob.size)), self._copies)
        return blobs

    def get(self, cid: str, *, max_bytes: int) -> Iterator[bytes]:
        return self._near.get(cid, max_bytes=max_bytes)

    def has(self, cid: str) -> bool:
        return self._near.has(cid)

    def delete(self, cid: str) -> None:
        """Unpin everywhere, first at the others: a node that still pinned it would bring it back."""
        self._cluster.forget(str(parse_cid(cid)))
        self._near.delete(cid)

    def contents(self) -> list[str]:
        """Of the upkeep's `Kept`: the near node's. Each member looks after its own."""
        return self._near.contents()

    def block(self, block_id: Cid) -> bytes:
        """Of the upkeep's `Kept`."""
        return self._near.block(block_id)

    def mend(self, missing: Sequence[Cid], damaged: Sequence[Cid]) -> None:
        """Of the upkeep's `Kept`: from the other nodes."""
        self._near.mend(missing, damaged)

    def sweep(self) -> tuple[Swept, ...]:
        """Of the upkeep's `Kept`: every node of the swarm."""
        return self._cluster.sweep()

    def health(self) -> StoreHealth:
        near = self._near.health()
        if not near.ok:
            return near
        try:
            nodes = self._cluster.nodes()
        except ConsentryError as error:
            return StoreHealth(ok=False, kind="kubo", detail=error.diagnostics, code=error.code)
        # A peer that has been silent for a while is no longer listed, and is no less missing.
        self._most_nodes = max(self._most_nodes, len(nodes))
        well = sum(not node.problem for node in nodes)
        detail = f"{near.detail}; {well} of {self._most_nodes} nodes answer, {self._copies} hold each content"
        ok = well >= self._copies
        code = "" if ok else StoreCopiesMissing.code
        return StoreHealth(
            ok, "kubo", detail, code, nodes=self._most_nodes, answering=well, copies=self._copies
        )

    def close(self) -> None:
        self._near.close()
        self._cluster.close()
