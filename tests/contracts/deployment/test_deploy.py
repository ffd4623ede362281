"""The deployment script: repeatable, wired, and not to be fooled (M-1)."""

import json

import brownie
import pytest

from scripts import deploy, export, sending, settings
from tests.contracts.consents import text32


@pytest.fixture
def first(consortium):
    recorded = deploy.deploy(consortium, {})
    deploy.wire(deploy.contracts_of(recorded), consortium)
    return recorded


def test_deploy_records_every_contract_when_first_run(first):
    """M-1"""
    assert list(first["contracts"]) == list(settings.CONTRACTS)
    assert first["chainId"] == brownie.web3.eth.chain_id
    assert first["finality"] == "instant"
    for entry in first["contracts"].values():
        code = brownie.web3.eth.get_code(brownie.web3.to_checksum_address(entry["address"]))
        assert entry["codeDigest"] == "0x" + bytes(brownie.web3.keccak(code)).hex()
    height = brownie.web3.eth.get_block(first["block"])
    assert height["transactions"]


def test_deploy_changes_nothing_when_repeated(first, consortium):
    height = brownie.web3.eth.block_number
    assert deploy.deploy(consortium, json.loads(json.dumps(first))) == first
    assert deploy.wire(deploy.contracts_of(first), consortium) == 0
    assert brownie.web3.eth.block_number == height


def test_deploy_replaces_dependants_when_a_contract_is_missing(first, consortium):
    recorded = json.loads(json.dumps(first))
    recorded["contracts"]["MemberRegistry"]["address"] = "0x" + "11" * 20
    second = deploy.deploy(consortium, recorded)
    kept = [name for name in settings.CONTRACTS if second["contracts"][name] == first["contracts"][name]]
    assert kept == ["Authority", "Timelock", "IdentityRegistry"]
    assert deploy.wire(deploy.contracts_of(second), consortium) > 0


def test_deploy_starts_over_when_file_is_of_another_chain(first, consortium):
    second = deploy.deploy(consortium, first | {"genesis": "0x" + "00" * 32})
    for name in settings.CONTRACTS:
        assert second["contracts"][name]["address"] != first["contracts"][name]["address"]


@pytest.mark.parametrize("field", ["codeDigest", "address"])
def test_deploy_stops_when_code_on_chain_is_foreign(first, consortium, field):
    recorded = json.loads(json.dumps(first))
    other = recorded["contracts"]["IdentityRegistry"]
    recorded["contracts"]["AuditLog"][field] = other[field]
    with pytest.raises(SystemExit, match="AuditLog"):
        deploy.deploy(consortium, recorded)


def test_wire_leaves_ceilings_alone_when_consortium_changed_them(first, consortium):
    """M-1"""
    contracts = deploy.contracts_of(first)
    contracts["MemberRegistry"].setCeiling(text32("nurse"), (1, True, False), {"from": consortium})
    assert deploy.wire(contracts, consortium) == 0
    assert tuple(contracts["MemberRegistry"].ceilingOf(text32("nurse"))) == (1, True, False)


def test_deploy_stops_when_a_fast_suspension_could_outlast_a_vote(consortium, monkeypatch):
    """V-17: before anything is sent, and in production times alone."""
    height = brownie.web3.eth.block_number
    monkeypatch.setenv("CONSENTRY_PROFILE", "production")
    monkeypatch.setitem(settings.PROFILES["production"], "votingPeriod", settings.FAST_SUSPENSION)
    with pytest.raises(SystemExit, match="72 hours in production times, no longer than the 72 "):
        deploy.deploy(consortium, {})
    assert brownie.web3.eth.block_number == height
    monkeypatch.setitem(settings.PROFILES["production"], "votingPeriod", settings.FAST_SUSPENSION + 1)
    recorded = deploy.deploy(consortium, {})
    assert recorded["profile"] == "production"
    assert deploy.contracts_of(recorded)["Consortium"].votingPeriod() == settings.FAST_SUSPENSION + 1


def test_exported_abis_are_current_when_compiled():
    assert export.stale() == []


def test_deploy_waits_until_its_last_block_is_final(first, monkeypatch):
    """H-90: here the blocks that have to follow come while it waits."""
    begun = brownie.web3.eth.block_number
    monkeypatch.setattr(sending.time, "sleep", lambda _: brownie.chain.mine())
    sending.settle({"depth": 3})
    assert brownie.web3.eth.block_number == begun + 3
    sending.settle("instant")
    assert brownie.web3.eth.block_number == begun + 3


def test_deploy_says_so_when_no_block_follows(first, monkeypatch):
    """H-90"""
    monkeypatch.setattr(sending, "RECEIPT_SECONDS", 0)
    with pytest.raises(SystemExit, match="not final"):
        sending.settle({"depth": 3})


def test_deploy_says_so_when_the_chain_took_a_contract_back(first):
    """H-90"""
    deploy.require_kept(first)
    recorded = json.loads(json.dumps(first))
    recorded["contracts"]["AuditLog"]["address"] = "0x" + "11" * 20
    with pytest.raises(SystemExit, match="AuditLog"):
        deploy.require_kept(recorded)


def test_deploy_says_so_when_the_chain_took_settings_back(consortium, monkeypatch, tmp_path):
    """H-90: the contracts are there still, and one of the settings that came after them is not."""
    monkeypatch.setenv("CONSENTRY_DEPLOYMENT", str(tmp_path / "deployment.json"))
    role = next(iter(settings.CEILINGS))

    def taken_back(_):
        members = deploy.contracts_of(deploy.recorded_deployment())["MemberRegistry"]
        nothing = (settings.NOTHING, False, False)
        sending.call(deploy.deployer_account(), members, "setCeiling", settings.text32(role), nothing)

    with monkeypatch.context() as chain:
        chain.setattr(deploy, "settle", taken_back)
        with pytest.raises(SystemExit, match="took settings back"):
            deploy.main()
    recorded = deploy.main()
    assert deploy.wire(deploy.contracts_of(recorded), deploy.deployer_account()) == 0
