"""What an ipfs-cluster peer answers, read (specification H-28)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from consentry.errors import StoreUnreachable


def keepers_of(told: Mapping[str, Any]) -> frozenset[str]:
    """The nodes that say of a content that they hold it, whole."""
    peers = told.get("peer_map")
    return frozenset(
        str(one.get("peername") or peer)
        for peer, one in (peers.items() if isinstance(peers, dict) else ())
        if isinstance(one, dict) and one.get("status") == "pinned"
    )


def cid_of(told: Any) -> str:
    """A CID in IPLD's JSON, or bare."""
    return str(told.get("/")) if isinstance(told, dict) else str(told)


def parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise StoreUnreachable("ipfs-cluster does not answer as ipfs-cluster does") from None
