"""Deploys what is missing of the contracts, wires the Authority, and writes deployments/<chain>.json.

    tools/brownie run deploy --network consentry-local        (JSON-RPC address in CONSENTRY_RPC)

Run it again at any time: contracts that stand in the file and on chain are verified against what this source
compiles to and kept; settings that the consortium changed since are left alone. The deployer holds every role until
`tools/brownie run founding` or `tools/brownie run deploy hand_over` gives them to the consortium.

    CONSENTRY_DEPLOYMENT          the file to write; default deployments/<network>.json
    CONSENTRY_PROFILE             production or development times (scripts/settings.py); default by the chain
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

from scripts import probe, settings, wiring
from scripts.sending import confirm, send, settle
from scripts.wiring import wire

REPOSITORY = Path(__file__).resolve().parent.parent


def main() -> dict[str, Any]:
    """Deploy, wire, record. Returns the deployment as written; exits with a sentence when it must stop."""
    path = deployment_path()
    require_fit_evm()
    deployer = deployer_account()
    deployment = deploy(deployer, _read(path))
    contracts = contracts_of(deployment)
    wired = wire(contracts, deployer)
    _write(path, deployment)
    settle(deployment["finality"])
    require_kept(deployment)
    if wire(contracts, deployer):
        sys.exit(
            "The chain took settings back, and they are written again: run it again to see that they stay."
        )
    chain, profile = deployment["chainId"], deployment["profile"]
    print(
        f"chain {chain}: {len(contracts)} contracts, {wired} settings written, {profile} times ({path.name})"
    )
    return deployment


def require_kept(deployment: dict[str, Any]) -> None:
    """Exits with a sentence when the chain took back what it had shown: a block that had to make way for another."""
    for name, entry in deployment["contracts"].items():
        if _digest(_code(entry["address"])) != entry["codeDigest"]:
            sys.exit(f"The chain took the block with {name} back: run it again.")


def require_fit_evm() -> None:
    """Exits with a sentence when the chain lacks a rule that the contracts need."""
    builds = {name: getattr(brownie, name)._build for name in settings.CONTRACTS}
    codes = {
        name: [bytes.fromhex(build[part]) for part in ("bytecode", "deployedBytecode")]
        for name, build in builds.items()
    }
    try:
        probe.require(codes, lambda code: bytes(web3.eth.call({"data": "0x" + code.hex()})))
    except probe.EvmUnfit as unfit:
        sys.exit(str(unfit))


def hand_over() -> None:
    """`tools/brownie run deploy hand_over`: the deployer gives everything up. Exits with a sentence when it can't."""
    deployment = recorded_deployment()
    sent = wiring.hand_over(contracts_of(deployment), deployer_account(), deployment["block"])
    print("handed over to the consortium" if sent else "the consortium has taken over before")


def recorded_deployment() -> dict[str, Any]:
    """What an earlier run recorded of this chain. Exits when there is none."""
    path = deployment_path()
    recorded = _read(path)
    if not recorded or recorded["chainId"] != web3.eth.chain_id:
        sys.exit(f"{path.name} records no deployment on this chain: run deploy first.")
    return recorded


def deployment_path() -> Path:
    """The file that the deployment is recorded in."""
    default = REPOSITORY / "deployments" / f"{network.show_active()}.json"
    return Path(os.environ.get("CONSENTRY_DEPLOYMENT", default))


def contracts_of(deployment: dict[str, Any]) -> dict[str, Any]:
    """The recorded contracts by name, ready to be called."""
    return {name: _contract(name, entry["address"]) for name, entry in deployment["contracts"].items()}


def deploy(deployer: Any, recorded: dict[str, Any]) -> dict[str, Any]:
    """Keep the recorded contracts that are on this chain, deploy the others and whatever refers to those."""
    genesis = "0x" + bytes(web3.eth.get_block(0)["hash"]).hex()
    if recorded and (recorded["chainId"], recorded.get("genesis")) != (web3.eth.chain_id, genesis):
        print("the file is of another chain: everything is deployed anew")
        recorded = {}
    profile = _profile(recorded)
    known = _times(profile) | {"deployer": deployer.address}
    contracts: dict[str, dict[str, str]] = {}
    fresh: set[str] = set()
    first_block = recorded.get("block")
    for name, references in settings.CONTRACTS.items():
        creation = _creation(name, [known[r] if r in known else contracts[r]["address"] for r in references])
        entry = recorded.get("contracts", {}).get(name)
        if entry and fresh.isdisjoint(references) and _stands(name, entry, creation, deployer):
            contracts[name] = {"address": entry["address"].lower(), "codeDigest": entry["codeDigest"]}
            continue
        receipt = confirm(send(deployer, creation))
        fresh.add(name)
        first_block = receipt["blockNumber"] if first_block is None else first_block
        address = receipt["contractAddress"].lower()
        contracts[name] = {"address": address, "codeDigest": _digest(_code(address))}
        print(f"  {name} at {address}, gas {receipt['gasUsed']:,}")
    return {
        "block": first_block,
        "chainId": web3.eth.chain_id,
        "contracts": contracts,
        "finality": settings.finality(),
        "genesis": genesis,
        "profile": profile,
    }


def _stands(name: str, entry: dict[str, str], creation: str, deployer: Any) -> bool:
    """Whether the recorded contract is on chain. Exits when these sources compile to something else."""
    code = _code(entry["address"])
    if not code:
        return False
    if _digest(code) != entry["codeDigest"] or not _compiles_to(code, creation, deployer.address):
        sys.exit(
            f"{name} at {entry['address']} is not what these sources compile to. Contracts are immutable: "
            "name another file in CONSENTRY_DEPLOYMENT to deploy a second network beside it. "
            "Another CONSENTRY_PROFILE makes other code, too."
        )
    return True


def _compiles_to(code: bytes, creation: str, sender: str) -> bool:
    """Whether running the constructor gives this runtime code.

    Some contracts (EIP-712 domains of OpenZeppelin) keep their own address in it, which is another one in every run: bytes
    that depend on who runs the constructor are left out of the comparison.
    """
    expected = _run_constructor(creation, sender)
    if code == expected:
        return True
    runs = [_run_constructor(creation, f"0x{number:040x}") for number in range(1, 9)]
    same = [len(set(column)) == 1 for column in zip(*runs, strict=True)]
    return len(code) == len(expected) and all(
        mine == theirs or not counts for mine, theirs, counts in zip(code, expected, same, strict=True)
    )


def _run_constructor(creation: str, sender: str) -> bytes:
    # as a call it returns the runtime code, with its immutables filled in
    return bytes(web3.eth.call({"from": web3.to_checksum_address(sender), "data": creation}))


def _creation(name: str, arguments: list[str | int]) -> str:
    container = getattr(brownie, name)
    constructor = [entry for entry in container.abi if entry["type"] == "constructor"]
    types = [one["type"] for one in constructor[0]["inputs"]] if constructor else []
    return container.bytecode + encode(types, arguments).hex()


def _contract(name: str, address: str) -> Any:
    return Contract.from_abi(
        name, web3.to_checksum_address(address), getattr(brownie, name).abi, persist=False
    )


def _code(address: str) -> bytes:
    return bytes(web3.eth.get_code(web3.to_checksum_address(address)))


def _digest(code: bytes) -> str:
    return "0x" + bytes(web3.keccak(code)).hex()


def deployer_account() -> Any:
    """The account that pays and decides until the hand-over."""
    key_file = os.environ.get("CONSENTRY_DEPLOYER_KEY_FILE")
    if key_file:
        return accounts.add(Path(key_file).read_text(encoding="ascii").strip())
    if not len(accounts):
        sys.exit("The node has no unlocked account: name a key file in CONSENTRY_DEPLOYER_KEY_FILE.")
    return accounts[0]


def _profile(recorded: dict[str, Any]) -> str:
    """CONSENTRY_PROFILE, else that of the earlier run, else by the chain; exits when there is no such profile."""
    if "profile" in recorded and "CONSENTRY_PROFILE" not in os.environ:
        return recorded["profile"]
    try:
        return settings.profile_of(web3.eth.chain_id)
    except ValueError as problem:
        sys.exit(str(problem))


def _times(profile: str) -> dict[str, int]:
    try:
        return settings.times_of(profile)
    except ValueError as problem:
        sys.exit(str(problem))


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
