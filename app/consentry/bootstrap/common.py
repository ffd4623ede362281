"""What every process wires alike."""

from __future__ import annotations

import time
from pathlib import Path

from consentry.config import StoreConfig
from consentry.ports import BlobStore
from consentry.storage.embedded import EmbeddedBlockStore
from consentry.storage.kubo import KuboBlockStore

CHAIN_TIMEOUT_SECONDS = 5.0


class SystemClock:
    """The Clock port: this machine's."""

    def now(self) -> int:
        return int(time.time())


def open_store(config: StoreConfig) -> BlobStore:
    """The store that the settings name. Raises StoreUnreachable."""
    return KuboBlockStore(config.api) if config.kind == "kubo" else EmbeddedBlockStore(Path(config.path))
