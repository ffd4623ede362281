"""What a deployment file must say, and that a node which serves something else is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from consentry.chain.deployment import FeePolicy, load_deployment
from consentry.chain.ledger import open_ledger
from consentry.chain.nodes import NodeSettings, running_node
from consentry.errors import ChainWrong, DeploymentMissing
from tests.chains import DeployedChain


def changed(chain: DeployedChain, folder: Path, **values: Any) -> Path:
    raw = json.loads(chain.deployment.read_text("utf-8")) | values
    path = folder / "deployment.json"
    path.write_text(json.dumps({key: value for key, value in raw.items() if value is not None}), "utf-8")
    return path


def test_load_deployment_reads_finality_and_fees(deployed_chain: DeployedChain, tmp_path: Path) -> None:
    """K-3: what "final" means is the deployment's to say."""
    assert load_deployment(changed(deployed_chain, tmp_path)).finality == "instant"
    assert load_deployment(changed(deployed_chain, tmp_path)).fees == FeePolicy()
    path = changed(deployed_chain, tmp_path, finality={"depth": 12}, fees={"kind": "legacy", "maxFee": 5})
    deployment = load_deployment(path)
    assert deployment.finality == 12 and deployment.fees == FeePolicy("legacy", 5, 0)
    assert load_deployment(changed(deployed_chain, tmp_path, finality="finalized")).finality == "finalized"


@pytest.mark.parametrize(
    "values",
    [
        {"chainId": None},
        {"chainId": "1337"},
        {"chainId": True},
        {"block": -1},
        {"genesis": "0x12"},
        {"genesis": None},
        {"finality": "soon"},
        {"finality": {"depth": -1}},
        {"fees": {"kind": "free"}},
        {"contracts": None},
        {"contracts": []},
        {"contracts": {"Authority": {"address": "0x12"}}},
    ],
    ids=str,
)
def test_load_deployment_refuses_what_is_none(
    deployed_chain: DeployedChain, tmp_path: Path, values: dict[str, Any]
) -> None:
    """K-11: a damaged file is named, nothing else escapes."""
    with pytest.raises(DeploymentMissing, match="deployment.json"):
        load_deployment(changed(deployed_chain, tmp_path, **values))


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]", b"null", b"7"])
def test_load_deployment_refuses_what_is_not_json(tmp_path: Path, content: bytes) -> None:
    """K-11."""
    path = tmp_path / "deployment.json"
    with pytest.raises(DeploymentMissing, match="no deployment file"):
        load_deployment(path)
    path.write_bytes(content)
    with pytest.raises(DeploymentMissing):
        load_deployment(path)


@pytest.mark.parametrize(
    ("values", "says"),
    [({"chainId": 1}, "chain 1337, not 1"), ({"genesis": "0x" + "11" * 32}, "another first block")],
)
def test_ledger_raises_chain_wrong_when_the_node_serves_another_chain(
    deployed_chain: DeployedChain, tmp_path: Path, values: dict[str, Any], says: str
) -> None:
    """K-11."""
    with pytest.raises(ChainWrong, match=says):
        open_ledger(deployed_chain.url, changed(deployed_chain, tmp_path, **values)).head()


def test_ledger_raises_chain_wrong_when_the_code_is_another(
    deployed_chain: DeployedChain, tmp_path: Path
) -> None:
    """K-11: an address with other code decides nothing."""
    contracts = json.loads(deployed_chain.deployment.read_text("utf-8"))["contracts"]
    contracts["ConsentRegistry"]["address"] = contracts["Authority"]["address"]
    path = changed(deployed_chain, tmp_path, contracts=contracts)
    with pytest.raises(ChainWrong, match="no ConsentRegistry"):
        open_ledger(deployed_chain.url, path).members()


def test_ledger_raises_chain_wrong_on_an_empty_chain(deployed_chain: DeployedChain) -> None:
    """K-11: the right chain id alone is not the right chain."""
    with running_node(NodeSettings()) as fresh, pytest.raises(ChainWrong, match="another first block"):
        open_ledger(fresh.url, deployed_chain.deployment).head()
