"""Development chains as processes."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from consentry.chain.nodes import NodeKind, NodeSettings, development_key, running_node, start_node
from consentry.chain.rpc import RpcClient
from consentry.errors import ChainUnreachable

KINDS: tuple[NodeKind, ...] = ("anvil", "ganache")


def height(url: str) -> int:
    return int(RpcClient(url).call("eth_blockNumber"), 16)


def gone(pid: int | None) -> bool:
    assert pid is not None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("kind", KINDS)
def test_start_node_keeps_its_chain_when_it_has_a_state_folder(kind: NodeKind, tmp_path: Path) -> None:
    """K-11: the same first block and height after a stop and a start."""
    settings = NodeSettings(kind, state=tmp_path / "state", log=tmp_path / "log")
    seen = []
    for expected in (0, 2):
        node = start_node(settings)
        pid = node.pid
        client = RpcClient(node.url)
        assert height(node.url) == expected
        seen.append(client.call("eth_getBlockByNumber", "0x0", False)["hash"])
        for _ in range(2):
            client.call("evm_mine")
        node.stop()
        node.stop()
        assert not node.running and gone(pid)
    assert seen[0] == seen[1]


@pytest.mark.parametrize("kind", KINDS)
def test_start_node_makes_blocks_in_time_when_asked(kind: NodeKind) -> None:
    """K-11: the head does not grow old while nobody sends anything."""
    with running_node(NodeSettings(kind, block_seconds=1)) as node:
        before, deadline = height(node.url), time.monotonic() + 90
        while height(node.url) < before + 2:
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.mark.parametrize("kind", KINDS)
def test_start_node_raises_chain_unreachable_when_its_port_is_taken(kind: NodeKind, tmp_path: Path) -> None:
    """K-11: a chosen port that another chain holds; the other chain is not taken for ours, nothing is left behind."""
    with running_node(NodeSettings()) as other:
        port = int(other.url.rsplit(":", 1)[1])
        with pytest.raises(ChainUnreachable, match="is taken"):
            start_node(NodeSettings(kind, port=port, log=tmp_path / "log"))
        assert other.running


def test_start_node_raises_chain_unreachable_when_it_is_not_installed(tmp_path: Path) -> None:
    """K-11."""
    with pytest.raises(ChainUnreachable, match="cannot be started"):
        start_node(NodeSettings(node_modules=tmp_path / "node_modules"))


def test_running_node_stops_it_when_the_block_fails() -> None:
    """K-11: no process outlives its user."""
    with pytest.raises(RuntimeError), running_node(NodeSettings()) as node:
        pid = node.pid
        raise RuntimeError
    assert gone(pid)


def test_development_key_is_that_of_the_public_phrase() -> None:
    """K-11: anvil's and Ganache's first account."""
    known = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
    assert development_key(0).hex() == known
