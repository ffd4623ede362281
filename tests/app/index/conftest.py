from __future__ import annotations

from pathlib import Path

import pytest

from consentry.index.entries import SqlIndex
from consentry.storage.embedded import EmbeddedBlockStore
from tests.app.index.authors import Net, build_net, index_from_here
from tests.chains import DeployedChain


@pytest.fixture
def net(deployed_chain: DeployedChain, tmp_path: Path) -> Net:
    """Two authors on anvil, a content store all share, and a store of the gateway's own."""
    return build_net(deployed_chain, EmbeddedBlockStore(tmp_path / "shared"))


@pytest.fixture
def index(net: Net, tmp_path: Path) -> SqlIndex:
    return index_from_here(net, tmp_path / "index.sqlite")
