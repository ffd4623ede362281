"""The files of a Besu chain, which nobody here can run: each is what its format asks for (specification H-39)."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from eth_account import Account

from consentry.chain.profiles import PROFILES
from consentry.errors import PlaceTaken
from consentry.network import besu

# The example of Besu's manual, "Configure QBFT consensus".
MANUAL_ACCOUNTS = (
    "64a702e6263b7297a96638cac6ae65e6541f4169",
    "923390ad55e90c237593b3b0e401f3b08a031859",
    "aefdb9a738c9f433e5b6b212a6d62f6370c2f692",
    "c7eeb9a4e00ce683cf93039b212648e01c6c6b78",
)
MANUAL_EXTRA = (
    "f87aa00000000000000000000000000000000000000000000000000000000000000000f8549464a702e6263b7297a96638cac6ae65e6541f4169"
    "94923390ad55e90c237593b3b0e401f3b08a03185994aefdb9a738c9f433e5b6b212a6d62f6370c2f69294c7eeb9a4e00ce683cf93039b2126"
    "48e01c6c6b78c080c0"
)
PROFILE = PROFILES["besu"]


def test_the_first_block_names_its_validators_as_the_manual_does() -> None:
    """H-39: in whatever order they are given."""
    shuffled = [f"0x{one}" for one in reversed(MANUAL_ACCOUNTS)]
    assert besu.extra_data(shuffled).hex() == MANUAL_EXTRA


def test_every_node_finds_the_others_its_own_key_and_the_same_first_block(tmp_path: Path) -> None:
    """H-39"""
    nodes = besu.write(tmp_path, PROFILE)
    compose = yaml.safe_load((tmp_path / "compose.yaml").read_text("utf-8"))
    assert list(compose["services"]) == [one.at.name for one in nodes]
    for one in nodes:
        private = (one.at / "node.key").read_text("ascii")
        assert Account.from_key(private).address.lower() == one.account
        assert (one.at / "node.key").stat().st_mode & 0o777 == 0o600
        told = tomllib.loads((one.at / "besu.toml").read_text("utf-8"))
        service = compose["services"][one.at.name]
        assert told["p2p-host"] == service["networks"]["validators"]["ipv4_address"] == one.host
        assert set(told["rpc-http-api"]) == {
            "ETH",
            "NET",
            "WEB3",
        }  # what votes validators in is not among them
        assert told["min-gas-price"] == 0 and told["network-id"] == PROFILE.chain_id
        others = json.loads((one.at / "static-nodes.json").read_text("utf-8"))
        assert others == [other.enode for other in nodes if other is not one]
        mounted = {entry.split(":")[1] for entry in service["volumes"]}
        for option in ("genesis-file", "node-private-key-file", "static-nodes-file", "data-path"):
            assert any(told[option].startswith(place) for place in mounted)


def test_no_fees_and_the_profiles_pace_stand_in_the_first_block(tmp_path: Path) -> None:
    """H-39"""
    besu.write(tmp_path, PROFILE)
    first = json.loads((tmp_path / "genesis.json").read_text("utf-8"))
    config = first["config"]
    assert config["zeroBaseFee"] is True and config["chainId"] == PROFILE.chain_id
    assert config["qbft"]["blockperiodseconds"] == PROFILE.block_seconds


def test_writing_again_keeps_every_key_and_another_number_is_refused(tmp_path: Path) -> None:
    """H-39"""
    before = besu.write(tmp_path, PROFILE)
    (before[2].at / "besu.toml").unlink()
    genesis = (tmp_path / "genesis.json").read_text("utf-8")
    assert besu.write(tmp_path, PROFILE) == before
    assert (tmp_path / "genesis.json").read_text("utf-8") == genesis
    assert (before[2].at / "besu.toml").exists()
    with pytest.raises(PlaceTaken, match="holds 4 validators, not 7"):
        besu.write(tmp_path, replace(PROFILE, validators=7))


def test_whoever_opens_a_file_reads_that_nobody_ran_it(tmp_path: Path) -> None:
    """H-39"""
    nodes = besu.write(tmp_path, replace(PROFILE, validators=7))
    for path in (
        tmp_path / "compose.yaml",
        tmp_path / "RUNBOOK.md",
        *(one.at / "besu.toml" for one in nodes),
    ):
        assert "ot run by us" in path.read_text("utf-8")
    assert "5 of 7 validators must be at work" in (tmp_path / "RUNBOOK.md").read_text("utf-8")
