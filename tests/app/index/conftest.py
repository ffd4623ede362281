from __future__ import annotations

from pathlib import Path

import pytest

from consentry.index.entries import SqlIndex
from consentry.index.progress import Progress
from consentry.storage.embedded import EmbeddedBlockStore
from tests.app.index.authors import Net, build_net
from tests.chains import DeployedChain


@pytest.fixture
def net(deployed_chain: DeployedChain, tmp_path: Path) -> Net:
    """Two authors on anvil, a content store all share, and a store of the gateway's own."""
    return build_net(deployed_chain, EmbeddedBlockStore(tmp_path / "shared"))


@pytest.fixture
def index(net: Net, tmp_path: Path) -> SqlIndex:
    """An index that has read the chain up to here: earlier anchors belong to other tests, whose stores are gone."""
    index = SqlIndex(tmp_path / "index.sqlite")
    head = net.ledger.head()
    Progress(index.database).note_anchors([], head.number, head.hash, 0)
    return index
