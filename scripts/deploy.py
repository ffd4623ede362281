"""Deploys what is missing of the contracts, wires the Authority, and writes deployments/<chain>.json.

    tools/brownie run deploy --network consentry-local        (JSON-RPC address in CONSENTRY_RPC)

Run it again at any time: contracts that stand in the file and on chain are verified against what this source
compiles to and kept; settings that the consortium changed since are left alone.

    CONSENTRY_DEPLOYMENT          the file to write; default deployments/<network>.json
    CONSENTRY_DEPLOYER_KEY_FILE   private key in hex; default: the node's first unlocked account
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import brownie
from brownie import Contract, accounts, network, web3
from eth_abi import encode

from scripts import settings

REPOSITORY = Path(__file__).resolve().parent.parent
ACTIVE = 1
RECEIPT_SECONDS = 120


def main() -> dict[str, Any]:
    """Deploy, wire, record. Returns the deployment as written; exits with a sentence when it must stop."""
    path = Path(
        os.environ.get("CONSENTRY_DEPLOYMENT", REPOSITORY / "deployments" / f"{network.show_active()}.json")
    )
    deployer = _deployer()
    deployment = deploy(deployer, _read(path))
    contracts = {name: _contract(name, entry["address"]) for name, entry in deployment["contracts"].items()}
    wired = wire(contracts, deployer)
    _write(path, deployment)
    chain = deployment["chainId"]
    print(f"chain {chain}: {len(contracts)} contracts, {wired} settings written ({path.name})")
    return deployment


def deploy(deployer: Any, recorded: dict[str, Any]) -> dict[str, Any]:
    """Keep the recorded contracts that are on this chain, deploy the others and whatever refers to those."""
    genesis = "0x" + bytes(web3.eth.get_block(0)["hash"]).hex()
    if recorded and (recorded["chainId"], recorded.get("genesis")) != (web3.eth.chain_id, genesis):
        print("the file is of another chain: everything is deployed anew")
        recorded = {}
    contracts: dict[str, dict[str, str]] = {}
    fresh: set[str] = set()
    first_block = recorded.get("block")
    for name, references in settings.CONTRACTS.items():
        creation = _creation(name, [_argument(one, contracts, deployer) for one in references])
        entry = recorded.get("contracts", {}).get(name)
        if entry and fresh.isdisjoint(references) and _stands(name, entry, creation, deployer):
            contracts[name] = {"address": entry["address"].lower(), "codeDigest": entry["codeDigest"]}
            continue
        receipt = _confirm(_send(deployer, creation))
        fresh.add(name)
        first_block = receipt["blockNumber"] if first_block is None else first_block
        address = receipt["contractAddress"].lower()
        contracts[name] = {"address": address, "codeDigest": _digest(_code(address))}
        print(f"  {name} at {address}, gas {receipt['gasUsed']:,}")
    return {
        "block": first_block,
        "chainId": web3.eth.chain_id,
        "contracts": contracts,
        "finality": settings.FINALITY,
        "genesis": genesis,
    }


def wire(contracts: dict[str, Any], deployer: Any) -> int:
    """Open functions to the role, list registries, set ceilings nobody set. Returns how many were written."""
    authority, members = contracts["Authority"], contracts["MemberRegistry"]
    calls = _role_calls(contracts, deployer) + _registry_calls(contracts)
    if calls:
        _confirm(_send(deployer, authority.multicall.encode_input(calls), authority.address))
    missing = {
        role: ceiling
        for role, ceiling in settings.CEILINGS.items()
        if tuple(members.ceilingOf(settings.text32(role))) == (settings.NOTHING, False, False)
    }
    sent = [
        _send(deployer, members.setCeiling.encode_input(settings.text32(role), ceiling), members.address)
        for role, ceiling in missing.items()
    ]
    for transaction in sent:
        _confirm(transaction)
    return len(calls) + len(sent)


def _role_calls(contracts: dict[str, Any], deployer: Any) -> list[str]:
    authority, role = contracts["Authority"], settings.CONSORTIUM_ROLE
    calls = []
    for name, functions in settings.CONSORTIUM_FUNCTIONS.items():
        target = contracts[name]
        selectors = [target.signatures[function] for function in functions]
        closed = [s for s in selectors if authority.getTargetFunctionRole(target.address, s) != role]
        if closed:
            calls.append(authority.setTargetFunctionRole.encode_input(target.address, closed, role))
    if calls:  # a fresh Authority: later on, who holds the role is the consortium's business
        calls.append(authority.labelRole.encode_input(role, settings.CONSORTIUM_LABEL))
        calls.append(authority.grantRole.encode_input(role, deployer.address, 0))
    return calls


def _registry_calls(contracts: dict[str, Any]) -> list[str]:
    authority = contracts["Authority"]
    return [
        authority.setRegistry.encode_input(contracts[name].address, settings.text32(name), ACTIVE)
        for name in settings.REGISTRIES
        if authority.registryStatusOf(contracts[name].address) == 0
    ]


def _stands(name: str, entry: dict[str, str], creation: str, deployer: Any) -> bool:
    """Whether the recorded contract is on chain. Exits when these sources compile to something else."""
    code = _code(entry["address"])
    if not code:
        return False
    # running the constructor as a call returns the runtime code, with its immutables filled in
    expected = bytes(web3.eth.call({"from": deployer.address, "data": creation}))
    if not _digest(code) == entry["codeDigest"] == _digest(expected):
        sys.exit(
            f"{name} at {entry['address']} is not what these sources compile to. Contracts are immutable: "
            "name another file in CONSENTRY_DEPLOYMENT to deploy a second network beside it."
        )
    return True


def _send(deployer: Any, data: str, to: str | None = None) -> str:
    """Send without waiting; returns the transaction's hash."""
    transaction = deployer.transfer(
        to=to, data=data, gas_price=settings.GAS_PRICE, required_confs=0, silent=True
    )
    return transaction.txid


def _confirm(transaction: str) -> Any:
    receipt = web3.eth.wait_for_transaction_receipt(transaction, timeout=RECEIPT_SECONDS)
    if receipt["status"] != 1:
        sys.exit(f"Transaction {transaction} failed: nothing is recorded, run the deployment again.")
    return receipt


def _argument(named: str | int, contracts: dict[str, dict[str, str]], deployer: Any) -> str | int:
    """A constructor argument: a number, the deployer, or the address of a contract deployed before."""
    if isinstance(named, int):
        return named
    return deployer.address if named == "deployer" else contracts[named]["address"]


def _creation(name: str, arguments: list[str | int]) -> str:
    container = getattr(brownie, name)
    kinds = ["uint256" if isinstance(one, int) else "address" for one in arguments]
    return container.bytecode + encode(kinds, arguments).hex()


def _contract(name: str, address: str) -> Any:
    return Contract.from_abi(
        name, web3.to_checksum_address(address), getattr(brownie, name).abi, persist=False
    )


def _code(address: str) -> bytes:
    return bytes(web3.eth.get_code(web3.to_checksum_address(address)))


def _digest(code: bytes) -> str:
    return "0x" + bytes(web3.keccak(code)).hex()


def _deployer() -> Any:
    key_file = os.environ.get("CONSENTRY_DEPLOYER_KEY_FILE")
    if key_file:
        return accounts.add(Path(key_file).read_text(encoding="ascii").strip())
    if not len(accounts):
        sys.exit("The node has no unlocked account: name a key file in CONSENTRY_DEPLOYER_KEY_FILE.")
    return accounts[0]


def _read(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def _write(path: Path, deployment: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(deployment, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    fresh.replace(path)
