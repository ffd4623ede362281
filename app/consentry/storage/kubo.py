"""BlobStore over a Kubo node's RPC, through `ipfshttpclient`.

The node is asked for storage, not believed: CIDs are computed here while uploading, blocks are hashed here
while downloading. A block the node does not hold is looked for among its peers for a bounded time. Content
put here is pinned. That the node belongs to a private swarm is its operator's affair (`kubo_node` makes such
a node).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

# The library's wrapper of `requests` (for Unix sockets, which we don't use) calls urllib3 in a way that it
# will soon refuse and warns about on every start; this is the library's own switch for doing without, read
# when it is imported.
os.environ.setdefault("PY_IPFS_HTTP_CLIENT_PATCH_REQUESTS", "no")

import ipfshttpclient
from ipfshttpclient import exceptions as ipfs
from ipfshttpclient.client import base, block

from consentry.errors import BlobCorrupt, BlobMissing, ConsentryError, StoreUnreachable
from consentry.ports import StoredBlob, StoreHealth
from consentry.storage.cid import Cid, parse_cid
from consentry.storage.unixfs import CHUNK_BYTES, LINKS_PER_NODE, Importer, reachable, stream

_ADD = {
    "cid-version": "1",
    "raw-leaves": "true",
    "chunker": f"size-{CHUNK_BYTES}",
    "max-file-links": str(LINKS_PER_NODE),
    "pin": "true",
    "progress": "false",
}
_CONNECT_SECONDS = 3.0
_ANSWER_SECONDS = 60.0  # silence, not the whole transfer
_GRACE_SECONDS = 2.0
_HEALTH_SECONDS = 3.0
_REMOVE_AT_ONCE = 50  # ids travel in the URL
_SEND_BYTES = 1 << 18
_SALT_BYTES = 32
# What the library lets through when an answer breaks off or is no answer of Kubo's, assertions included.
_RUBBISH = (ipfs.Error, OSError, ValueError, LookupError, TypeError, AssertionError)
_START_HINT = "start the Kubo daemon or correct its RPC address (CONSENTRY_IPFS)"


class _BlockSection(block.Section):
    """The library's block calls, and the one that it lacks."""

    def rm(self, cids: list[str], **kwargs: object) -> list[dict[str, str]]:
        """Remove blocks; the node itself refuses those that a pin still needs, naming each in its answer."""
        return self._client.request("/block/rm", cids, opts={"force": "true"}, decoder="json", **kwargs)


class _Client(ipfshttpclient.Client):
    block = base.SectionProperty(_BlockSection)


class KuboBlockStore:
    """BlobStore over the node at an RPC multiaddr (`/ip4/127.0.0.1/tcp/5001`), for any number of threads."""

    def __init__(self, address: str, *, bearer: str | None = None, find_seconds: float = 10.0) -> None:
        """`bearer`: a token of the node's API.Authorizations. `find_seconds`: time to look for a block."""
        self._address = address
        self._find_seconds = find_seconds
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        with self._asking():
            self._client = _Client(
                address,
                chunk_size=_SEND_BYTES,
                session=True,
                headers=headers,
                timeout=(_CONNECT_SECONDS, _ANSWER_SECONDS),
            )

    def put(self, chunks: Iterable[bytes]) -> StoredBlob:
        source = _Source(chunks)
        try:
            with self._asking():
                answered = self._client.add_bytes(source.passing(), opts=_ADD)
        except ConsentryError:
            if source.failure is not None:
                raise source.failure from None
            raise
        blob = source.importer.finish()
        if answered != blob.cid:
            raise BlobCorrupt(f"Kubo stored something else: it answers {answered} for {blob.cid}")
        if source.failure is not None:
            self._take_back(blob.cid, source.failure)
            raise source.failure
        return blob

    def put_many(self, contents: Iterable[Iterable[bytes]]) -> tuple[StoredBlob, ...]:
        # One by one: each of the node's answers is checked, and a source that breaks off is taken back by itself.
        return tuple(self.put(chunks) for chunks in contents)

    def get(self, cid: str, *, max_bytes: int) -> Iterator[bytes]:
        return stream(self._find, cid, max_bytes=max_bytes)

    def has(self, cid: str) -> bool:
        name = str(parse_cid(cid))
        try:
            with self._asking():
                self._client.block.stat(name, offline=True)
        except BlobMissing:
            return False
        return True

    def delete(self, cid: str) -> None:
        """Unpin, and remove the blocks that no other pin needs; repeating it finishes what was cut short."""
        root = str(parse_cid(cid))
        blocks: list[str] = []
        # A damaged or partly missing content must be erasable too: then what can be named goes.
        with suppress(BlobMissing, BlobCorrupt):
            for block_id in reachable(self._read_here, root):
                blocks.append(str(block_id))
        with suppress(_NotPinnedError), self._asking():
            self._client.pin.rm(root)
        for at in range(0, len(blocks), _REMOVE_AT_ONCE):
            with self._asking():
                self._client.block.rm(blocks[at : at + _REMOVE_AT_ONCE])

    def health(self) -> StoreHealth:
        try:
            with self._asking():
                version = str(self._client.version(timeout=(_CONNECT_SECONDS, _HEALTH_SECONDS))["Version"])
        except ConsentryError as error:
            return StoreHealth(ok=False, kind="kubo", detail=error.diagnostics)
        return StoreHealth(ok=True, kind="kubo", detail=f"Kubo {version}")

    def close(self) -> None:
        self._client.close()

    def _take_back(self, cid: str, failure: BaseException) -> None:
        """Remove what a failed source left; where that fails too, the failure says what stays."""
        try:
            self.delete(cid)
        except ConsentryError as error:
            failure.add_note(f"what was sent so far stays pinned as {cid}: {error}")

    def _find(self, block_id: Cid) -> bytes:
        """A block's bytes, unverified, from this node or its peers. The node gives up first, then we do."""
        with self._asking():
            return self._client.block.get(
                str(block_id),
                opts={"timeout": f"{self._find_seconds}s"},
                timeout=(_CONNECT_SECONDS, self._find_seconds + _GRACE_SECONDS),
            )

    def _read_here(self, block_id: Cid) -> bytes:
        with self._asking():
            return self._client.block.get(str(block_id), offline=True)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Everything the node, the network and the library can answer instead of success, as our errors."""
        try:
            yield
        except ipfs.ErrorResponse as error:
            raise _refusal(str(error)) from error
        except ipfs.StatusError as error:
            raise StoreUnreachable(f"Kubo at {self._address} refuses: {error}; {_START_HINT}") from error
        except ipfs.TimeoutError as error:
            raise StoreUnreachable(
                f"Kubo at {self._address} does not answer in time; {_START_HINT}"
            ) from error
        except (ipfs.ConnectionError, ipfs.AddressError) as error:
            raise StoreUnreachable(f"Kubo at {self._address} cannot be reached; {_START_HINT}") from error
        except _RUBBISH as error:
            raise StoreUnreachable(f"{self._address} does not answer as Kubo does; {_START_HINT}") from error


class _Source:
    """The caller's chunks on their way to the node; `failure` is what they raised.

    Kubo takes an upload that breaks off for the end of the content and pins its beginning. So a failed source
    is ended in good order, by bytes of chance: what Kubo then holds has a CID that nobody else's content can
    have, and is removed by it.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self.importer = Importer()
        self.failure: BaseException | None = None

    def passing(self) -> Iterator[bytes]:
        while self.failure is None:
            try:
                chunk = next(self._chunks)
            except StopIteration:
                return
            except BaseException as error:  # raised by `put` as it is, once the node is clean
                self.failure, chunk = error, os.urandom(_SALT_BYTES)
            self.importer.write(chunk)
            yield chunk


class _NotPinnedError(Exception):
    """Nothing to unpin: deleted before, or never put here. Does not leave this module."""


def _refusal(message: str) -> Exception:
    """Kubo tells its reasons apart by text only (its RPC answers 500 to everything)."""
    if "could not find" in message or "deadline exceeded" in message or "not found" in message:
        return BlobMissing(f"Kubo and its peers do not have it: {message}")
    if "different hash" in message:
        return BlobCorrupt(f"Kubo finds its own copy damaged: {message}")
    if "not pinned" in message:
        return _NotPinnedError(message)
    return StoreUnreachable(f"Kubo refuses: {message}")
