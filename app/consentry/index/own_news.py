"""What the author in this process has just filed (the OwnNews port), for the index that would fetch it (specification D-2).

Both are named by hashes of what they are: a manifest by the SHA-256 that is anchored, an entry by its CID. What is remembered
here under such a name is what would be fetched and checked.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

from consentry.domain.entries import Manifest

MANIFESTS_KEPT = 64
ENTRIES_KEPT = 4_096


class OwnFiled:
    """The manifests and entries filed last; a process that starts knows none."""

    def __init__(self) -> None:
        self._manifests: OrderedDict[bytes, tuple[bytes, Manifest]] = OrderedDict()
        self._entries: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def stored(self, cids: Iterable[str]) -> None:
        with self._lock:
            self._entries.update(dict.fromkeys(cids))
            while len(self._entries) > ENTRIES_KEPT:
                self._entries.popitem(last=False)

    def anchoring(self, digest: bytes, root: bytes, manifest: Manifest) -> None:
        with self._lock:
            self._manifests[digest] = (root, manifest)
            while len(self._manifests) > MANIFESTS_KEPT:
                self._manifests.popitem(last=False)

    def manifest(self, digest: bytes, root: bytes) -> Manifest | None:
        """The manifest with this SHA-256, if the root over its rows is this one."""
        with self._lock:
            known_root, manifest = self._manifests.get(digest, (b"", None))
        return manifest if known_root == root else None

    def take(self, cid: str) -> bool:
        """Whether this entry was stored here a moment ago; says so once, since it may be erased later."""
        with self._lock:
            return self._entries.pop(cid, self) is None
