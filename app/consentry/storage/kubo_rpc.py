"""The RPC of an IPFS node (Kubo), through `ipfshttpclient`: whatever it answers instead of success, as our errors.

Nothing is asked of a node before it has shown that it is private (`kubo_privacy`), and again after each loss of connection: it
may have been started anew, with other settings.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

# The library's wrapper of `requests` (for Unix sockets, which we don't use) calls urllib3 in a way that it
# will soon refuse and warns about on every start; this is the library's own switch for doing without, read
# when it is imported.
os.environ.setdefault("PY_IPFS_HTTP_CLIENT_PATCH_REQUESTS", "no")

import ipfshttpclient
import urllib3
from ipfshttpclient import exceptions as ipfs
from ipfshttpclient import multipart
from ipfshttpclient.client import base, block, dag, repo
from ipfshttpclient.http_common import multiaddr_to_url_data

from consentry.errors import BlobCorrupt, BlobMissing, StoreNotPrivate, StoreUnreachable
from consentry.storage import kubo_privacy

CONNECT_SECONDS = 3.0
_ANSWER_SECONDS = 60.0  # silence, not the whole transfer
_LOOK_SECONDS = 3.0
_LONG_SECONDS = 600.0  # silence while a node looks through all of its blocks
_GRACE_SECONDS = 2.0  # the node gives up first, then we do
_CONNECTIONS = 16
_SEND_BYTES = 1 << 18
# What the library lets through when an answer breaks off or is no answer of Kubo's, assertions included.
_RUBBISH = (ipfs.Error, OSError, ValueError, LookupError, TypeError, AssertionError)
_START_HINT = "start the Kubo daemon or correct its RPC address (CONSENTRY_IPFS)"


class NotPinnedError(Exception):
    """Nothing to unpin: deleted before, or never put here. Does not leave this package."""


class RepairIncompleteError(Exception):
    """Some damaged blocks were found nowhere. Does not leave this package."""


class _BlockSection(block.Section):
    """The library's block calls, and the one that it lacks."""

    def rm(self, cids: list[str], **kwargs: object) -> list[dict[str, str]]:
        """Remove blocks; the node itself refuses those that a pin still needs, naming each in its answer."""
        return self._client.request("/block/rm", cids, opts={"force": "true"}, decoder="json", **kwargs)


class _DagSection(dag.Section):
    """The library's calls of archives, taking and giving them piece by piece."""

    def take(self, car: Iterable[bytes], **kwargs: object) -> list[dict[str, Any]]:
        """Import a CARv1 archive and pin its roots; one answer a root, which may say that pinning it failed."""
        body, headers = multipart.stream_bytes(iter(car), chunk_size=self.chunk_size)
        opts = {"pin-roots": "true", "silent": "false"}
        return self._client.request(
            "/dag/import", opts=opts, decoder="json", data=body, headers=headers, **kwargs
        )


class _RepoSection(repo.Section):
    """The library's calls of the repository, and two that it lacks."""

    def heal(self, *, seconds: float) -> None:
        """Take every damaged block away and fetch it from the swarm, each within these seconds."""
        opts = {"heal": "true", "heal-timeout": f"{seconds}s"}
        self._client.request(
            "/repo/verify", opts=opts, decoder="json", timeout=(CONNECT_SECONDS, _LONG_SECONDS)
        )

    def sweep(self) -> list[dict[str, Any]]:
        """Take away what nothing pins; an answer a block."""
        return self._client.request("/repo/gc", decoder="json", timeout=(CONNECT_SECONDS, _LONG_SECONDS))


class Client(ipfshttpclient.Client):
    block = base.SectionProperty(_BlockSection)
    dag = base.SectionProperty(_DagSection)
    repo = base.SectionProperty(_RepoSection)


class KuboRpc:
    """The node at an RPC multiaddr (`/ip4/127.0.0.1/tcp/5001`), for any number of threads."""

    def __init__(self, address: str, *, bearer: str | None = None) -> None:
        """`bearer`: a token of the node's API.Authorizations. Raises StoreUnreachable for what is no address, StoreNotPrivate for
        one where others on the way could read the token."""
        self.address = address
        self._private = False
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        # The library takes twice a node's own time to hand out a block of 1 MiB: blocks are read past it.
        self._http = urllib3.PoolManager(maxsize=_CONNECTIONS, retries=False, headers=headers)
        with self._typed():
            self._url = multiaddr_to_url_data(address, "api/v0")[0]
            self._require_none(kubo_privacy.clear_exposures(address))
            self._client = Client(
                address,
                chunk_size=_SEND_BYTES,
                session=True,
                headers=headers,
                timeout=(CONNECT_SECONDS, _ANSWER_SECONDS),
            )

    @contextmanager
    def asking(self) -> Iterator[Client]:
        """The library's client, once the node has shown that it is private; its failures as ours.

        Raises StoreUnreachable, StoreNotPrivate, BlobMissing, BlobCorrupt, NotPinnedError.
        """
        if not self._private:
            self.require_private()
        with self._typed():
            yield self._client

    def block(self, cid: str, *, offline: bool, seconds: float) -> bytes:
        """A block's bytes, unverified: what this node has, or finds among its peers within these seconds. Raises as `asking`."""
        if not self._private:
            self.require_private()
        query = urlencode({"arg": cid, "timeout": f"{seconds}s", "offline": str(offline).lower()})
        limit = urllib3.Timeout(connect=CONNECT_SECONDS, read=seconds + _GRACE_SECONDS)
        try:
            answer = self._http.request("POST", f"{self._url}block/get?{query}", timeout=limit)
        except urllib3.exceptions.HTTPError as error:
            self._private = False
            in_time = isinstance(error, urllib3.exceptions.ReadTimeoutError)
            words = "does not answer in time" if in_time else "cannot be reached"
            raise StoreUnreachable(f"Kubo at {self.address} {words}; {_START_HINT}") from error
        if answer.status == 200:
            return answer.data
        try:
            raise _refusal(str(answer.json()["Message"]))
        except (ValueError, LookupError, TypeError):
            hint = f"Kubo at {self.address} refuses: HTTP {answer.status}; {_START_HINT}"
            raise StoreUnreachable(hint) from None

    def require_private(self) -> str:
        """Look at the node anew; gives its version. Raises StoreNotPrivate, StoreUnreachable."""
        self._private = False
        seconds = (CONNECT_SECONDS, _LOOK_SECONDS)
        with self._typed():
            # First, for whatever is asked after it carries the token (H-27).
            self._require_none(kubo_privacy.rpc_exposures(self.address))
            version = str(self._client.version(timeout=seconds)["Version"])
            config = self._client.config.get(timeout=seconds).as_json()
            addresses = self._client.id(timeout=seconds).as_json().get("Addresses") or []
            self._require_none(kubo_privacy.exposures(config, addresses))
        self._private = True
        return version

    def _require_none(self, exposures: tuple[str, ...]) -> None:
        if exposures:
            raise StoreNotPrivate(f"Kubo at {self.address} is not private: {'; '.join(exposures)}")

    def close(self) -> None:
        self._client.close()
        self._http.clear()

    @contextmanager
    def _typed(self) -> Iterator[None]:
        """Everything the node, the network and the library can answer instead of success, as our errors."""
        try:
            yield
        except ipfs.ErrorResponse as error:
            raise _refusal(str(error)) from error
        except ipfs.StatusError as error:
            raise StoreUnreachable(f"Kubo at {self.address} refuses: {error}; {_START_HINT}") from error
        except ipfs.TimeoutError as error:
            self._private = False
            raise StoreUnreachable(
                f"Kubo at {self.address} does not answer in time; {_START_HINT}"
            ) from error
        except (ipfs.ConnectionError, ipfs.AddressError) as error:
            self._private = False
            raise StoreUnreachable(f"Kubo at {self.address} cannot be reached; {_START_HINT}") from error
        except _RUBBISH as error:
            raise StoreUnreachable(f"{self.address} does not answer as Kubo does; {_START_HINT}") from error


def _refusal(message: str) -> Exception:
    """Kubo tells its reasons apart by text only (its RPC answers 500 to everything)."""
    if "could not find" in message or "deadline exceeded" in message or "not found" in message:
        return BlobMissing(f"Kubo and its peers do not have it: {message}")
    if "different hash" in message:
        return BlobCorrupt(f"Kubo finds its own copy damaged: {message}")
    if "verify complete" in message:
        return RepairIncompleteError(message)
    if "not pinned" in message:
        return NotPinnedError(message)
    return StoreUnreachable(f"Kubo refuses: {message}")
