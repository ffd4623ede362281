"""Content-addressed storage, embedded or on IPFS (the BlobStore port, design D6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class StoredBlob:
    """What a store says of content it took: its CID, size in bytes and the SHA-256 of the whole content."""

    cid: str
    size: int
    sha256: bytes


@dataclass(frozen=True)
class StoreHealth:
    """`code`: why it is not well, of docs/errors.md. `answering` of `nodes` answer, and `copies` of them hold each content."""

    ok: bool
    kind: str
    detail: str
    code: str = ""
    nodes: int = 1
    answering: int = 1
    copies: int = 1


@dataclass(frozen=True)
class Swept:
    """What one node's sweeping took away (CIDs of blocks that nothing pinned), or why it took nothing."""

    node: str
    blocks: tuple[str, ...]
    problem: str = ""


class BlobStore(Protocol):
    """Content-addressed storage. Nothing that was not hashed against its CID is ever handed out."""

    def put(self, chunks: Iterable[bytes]) -> StoredBlob:
        """Store a stream durably. Raises StoreUnreachable."""

    def put_many(self, contents: Iterable[Iterable[bytes]]) -> tuple[StoredBlob, ...]:
        """Store several streams, read in turn; all are durable when it returns. If anything fails, some may be stored.
        Raises StoreUnreachable."""

    def get(self, cid: str, *, max_bytes: int) -> Iterator[bytes]:
        """Stream verified content. Raises BlobMissing, BlobCorrupt, BlobTooLarge, CidInvalid,
        StoreUnreachable."""

    def has(self, cid: str) -> bool:
        """Whether the content's root block is here, without asking the network."""

    def delete(self, cid: str) -> None:
        """Unpin; blocks that nothing else links may go."""

    def health(self) -> StoreHealth:
        """Whether the store answers, and which kind it is."""
