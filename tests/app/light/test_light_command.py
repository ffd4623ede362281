"""`consentry endpoint`, against an endpoint that speaks HTTP and may lie (H-63)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from consentry.chain.rpc import Request
from consentry.cli.main import run
from tests.app.light.conftest import DEPTH, Clinic
from tests.faults.proxy import Answer, Proxy

Ran = Callable[..., tuple[int, Any]]


@pytest.fixture
def served(clinic: Clinic) -> Iterator[str]:
    """The clinic's endpoint at an address."""

    def changed(_path: str, body: bytes, answer: Answer) -> Answer:
        asked = [Request(one["method"], tuple(one["params"])) for one in json.loads(body)]
        results = clinic.endpoint.batch(asked)
        told = [{"jsonrpc": "2.0", "id": at, "result": result} for at, result in enumerate(results)]
        return Answer(200, "application/json", json.dumps(told).encode())

    proxy = Proxy(clinic.world.chain.url)
    proxy.change = changed
    yield proxy.url
    proxy.close()


@pytest.fixture
def endpoint(clinic: Clinic, served: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ran:
    """`consentry endpoint --json` with this network's deployment file, right after a block; more options may follow."""
    deployment = tmp_path / "deployment.json"
    deployment.write_text(json.dumps(clinic.deployment.to_json()))

    def ran(*options: str) -> tuple[int, Any]:
        clinic.world.ledger.connection.rpc.call("evm_mine")
        capsys.readouterr()
        given = [
            "--rpc",
            served,
            "--deployment",
            str(deployment),
            "--checkpoint",
            str(tmp_path / "checkpoint.json"),
        ]
        code = run(["endpoint", *given, "--json", *options])
        return code, json.loads(capsys.readouterr().out)

    return ran


def test_an_endpoint_is_checked_from_the_first_block_and_the_next_time_from_there(
    clinic: Clinic, endpoint: Ran, tmp_path: Path
) -> None:
    """H-63: what was proven is said in numbers; the checkpoint is for this user alone."""
    code, told = endpoint("--engine", "clique")
    newest = clinic.world.ledger.head().number
    assert code == 0 and told["block"] == newest and told["finalBlock"] == newest - DEPTH
    assert told["validators"] == 4 and told["contracts"] == 12
    assert told["members"] == len(clinic.world.ledger.members())
    assert (tmp_path / "checkpoint.json").stat().st_mode & 0o777 == 0o600
    clinic.endpoint.asked.clear()
    code, told = endpoint()
    assert code == 0 and told["finalBlock"] == newest - DEPTH + 1
    blocks = [one for one in clinic.endpoint.asked if one.method == "eth_getBlockByNumber"]
    assert len(blocks) < 20 < newest


def test_an_endpoint_that_lies_is_named_with_what_to_do(clinic: Clinic, endpoint: Ran) -> None:
    """H-63: exit code 4, and no word of the address."""
    assert endpoint("--engine", "clique")[0] == 0
    clinic.endpoint.lie = lambda request, result: "0x00" if request.method == "eth_getCode" else result
    code, told = endpoint()
    assert code == 4 and told["error"]["code"] == "chain-unproven"
    assert "127.0.0.1" not in json.dumps(told)


def test_without_a_checkpoint_the_engine_is_asked_for(endpoint: Ran, tmp_path: Path) -> None:
    """H-63."""
    code, told = endpoint()
    assert code == 2 and told["error"]["code"] == "setting-missing" and "--engine" in json.dumps(told)
    (tmp_path / "checkpoint.json").write_text('{"engine": "clique"}')
    code, told = endpoint()
    assert code == 5 and told["error"]["code"] == "deployment-missing"
    code, told = endpoint("--rpc", "http://localhost:1,http://localhost:2")
    assert code == 2 and "each is checked for itself" in json.dumps(told)
