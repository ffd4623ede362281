"""A chain that lacks a rule which our contracts need is refused before anything is deployed (specification H-38)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from consentry.chain.connection import quantity
from consentry.chain.rpc import RpcClient
from consentry.crypto.signatures import generate_account_key
from consentry.errors import ChainUnreachable, DeploymentFailed
from consentry.network import engines
from consentry.network.place import Place
from consentry.network.processes import free_port
from scripts import probe
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
ANVIL = ROOT / "node_modules" / "@foundry-rs" / "anvil-linux-amd64" / "bin" / "anvil"
PUSHED = bytes.fromhex("605f7f" + "5e" * 32 + "00")


@contextmanager
def anvil(hardfork: str) -> Iterator[str]:
    """A chain with the rules of this fork and none after it."""
    port = free_port()
    command = [str(ANVIL), "--host", "127.0.0.1", "--port", str(port), "--hardfork", hardfork, "--silent"]
    node = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    client = RpcClient(f"http://127.0.0.1:{port}")

    def answers() -> bool:
        try:
            return quantity(client.call("eth_chainId")) > 0
        except ChainUnreachable:
            return False

    try:
        until(answers, f"a chain of {hardfork}")
        yield f"http://127.0.0.1:{port}"
    finally:
        client.close()
        node.kill()
        node.wait()


def run_on(url: str, code: bytes) -> bytes:
    client = RpcClient(url)
    try:
        return bytes.fromhex(str(client.call("eth_call", {"data": "0x" + code.hex()}, "latest"))[2:])
    finally:
        client.close()


@pytest.mark.parametrize(
    ("hardfork", "missing"), [("byzantium", "SHL"), ("petersburg", "CHAINID"), ("london", "PUSH0")]
)
def test_every_opcode_is_run_and_the_oldest_missing_one_is_named(hardfork: str, missing: str) -> None:
    """H-38: code with all opcodes that we know, against chains of older rules."""
    everything = bytes(probe.OPCODES)
    with anvil(hardfork) as url:
        with pytest.raises(probe.EvmUnfit, match=f"lacks {missing} .* which Everything needs"):
            probe.require({"Everything": [everything]}, lambda code: run_on(url, code))
        known = bytes(one for one in probe.OPCODES if probe.OPCODES[one].since.endswith("Byzantium"))
        probe.require({"Old": [known]}, lambda code: run_on(url, code))


def test_a_chain_with_all_rules_passes() -> None:
    """H-38"""
    with anvil("cancun") as url:
        probe.require({"Everything": [bytes(probe.OPCODES)]}, lambda code: run_on(url, code))


def test_what_only_looks_like_an_opcode_is_not_asked_for() -> None:
    """H-38: the data of a PUSH, and texts behind the code, which no jump reaches."""
    assert probe.newer_opcodes(PUSHED) == set()
    assert probe.newer_opcodes(PUSHED + b"string[] roles") == set()
    jumping = bytes.fromhex("600456005b4600")  # to the JUMPDEST before CHAINID
    assert probe.newer_opcodes(jumping) == {0x46}


def test_a_deployment_is_refused_in_a_sentence_and_nothing_is_on_chain(tmp_path: Path) -> None:
    """H-38: by the command that everybody deploys with."""
    with anvil("byzantium") as url:
        place = Place(tmp_path / "here")
        place.fresh()
        with pytest.raises(DeploymentFailed, match="lacks SHL .*Nothing was deployed"):
            engines.deploy(url, url, place, generate_account_key())
        assert int(run_on(url, bytes.fromhex("4360005260206000f3")).hex(), 16) == 0
