"""Everything that four Besu validators (QBFT) need to run a Consentry chain, written to a folder.

Keys, first block, neighbours and settings of each node, a Compose file and a runbook. NOTHING OF IT WAS RUN BY US: Besu is in
no package registry that we build from. What is checked: the first block's `extraData` against the example in Besu's manual,
and that each file is what its format demands. Option names are those of Besu's manual ("Private networks", "Configure QBFT
consensus" and the command line reference).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import rlp
from eth_account import Account
from eth_keys.datatypes import PrivateKey

from consentry.chain.clique_files import key
from consentry.chain.profiles import ChainProfile
from consentry.errors import PlaceTaken

_NETWORK: Final = "172.31.77"
_FIRST_HOST: Final = 11
_P2P_PORT: Final = 30303
_FIRST_RPC_PORT: Final = 8545
# The manual's word for "this chain is Byzantine-fault-tolerant": a digest that no proof of work has.
_MIX_HASH: Final = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365"
_NOT_RUN: Final = "Written by `consentry network besu`. Not run by us: read RUNBOOK.md first."


@dataclass(frozen=True)
class BesuNode:
    """One validator: its folder, account, and where the others find it."""

    at: Path
    account: str
    enode: str
    host: str
    rpc_port: int


def write(out: Path, profile: ChainProfile) -> list[BesuNode]:
    """Write or complete the folder; keys that are there stay. Raises PlaceTaken for a folder of another number of validators."""
    there = sorted(one.name for one in out.glob("validator-*"))
    wanted = [f"validator-{place + 1}" for place in range(profile.validators)]
    if there and there != sorted(wanted):
        raise PlaceTaken(f"{out} holds {len(there)} validators, not {profile.validators}")
    nodes = [_node(out / name, place) for place, name in enumerate(wanted)]
    accounts = [one.account for one in nodes]
    _write(out / "genesis.json", json.dumps(genesis(accounts, profile), indent=2))
    for one in nodes:
        others = [other.enode for other in nodes if other is not one]
        _write(one.at / "static-nodes.json", json.dumps(others, indent=2))
        _write(one.at / "besu.toml", _toml(one, profile))
    _write(out / "compose.yaml", _compose(nodes))
    _write(out / "RUNBOOK.md", _runbook(nodes, profile))
    return nodes


def genesis(accounts: list[str], profile: ChainProfile) -> dict[str, Any]:
    """A first block whose validators stand in its header; London's rules, a base fee of zero for good."""
    return {
        "config": {
            "chainId": profile.chain_id,
            "berlinBlock": 0,
            "londonBlock": 0,
            "zeroBaseFee": True,
            "qbft": {
                "blockperiodseconds": profile.block_seconds,
                "epochlength": 30_000,
                "requesttimeoutseconds": 2 * (profile.block_seconds or 1),
            },
        },
        "nonce": "0x0",
        "timestamp": "0x0",
        "extraData": "0x" + extra_data(accounts).hex(),
        "gasLimit": "0x1fffffffffffff",
        "difficulty": "0x1",
        "mixHash": _MIX_HASH,
        "coinbase": "0x" + bytes(20).hex(),
        "alloc": {},
    }


def extra_data(accounts: list[str]) -> bytes:
    """QBFT: RLP of 32 bytes of nothing, the validators in the order of their addresses, no vote, round 0, no seals."""
    return bytes(rlp.encode([bytes(32), sorted(bytes.fromhex(one[2:]) for one in accounts), [], b"", []]))


def _node(at: Path, place: int) -> BesuNode:
    at.mkdir(parents=True, exist_ok=True, mode=0o700)
    private_key = key(at / "node.key")
    public = PrivateKey(private_key).public_key.to_bytes().hex()
    host = f"{_NETWORK}.{_FIRST_HOST + place}"
    enode = f"enode://{public}@{host}:{_P2P_PORT}?discport=0"
    return BesuNode(at, Account.from_key(private_key).address.lower(), enode, host, _FIRST_RPC_PORT + place)


def _write(path: Path, text: str) -> None:
    path.write_text(text.rstrip() + "\n", "utf-8")


def _toml(node: BesuNode, profile: ChainProfile) -> str:
    return f"""# {_NOT_RUN}
data-path="/data"
genesis-file="/genesis.json"
network-id={profile.chain_id}
node-private-key-file="/node/node.key"
sync-mode="FULL"
# every state is kept: proofs of old ones are asked for (eth_getProof)
data-storage-format="FOREST"

p2p-host="{node.host}"
p2p-port={_P2P_PORT}
discovery-enabled=false
static-nodes-file="/node/static-nodes.json"

rpc-http-enabled=true
rpc-http-host="0.0.0.0"
rpc-http-port=8545
# not QBFT: whoever reaches this port could vote validators in and out (RUNBOOK.md)
rpc-http-api=["ETH","NET","WEB3"]
host-allowlist=["localhost","127.0.0.1","{node.host}"]
rpc-tx-feecap=0
revert-reason-enabled=true

# nothing costs a fee
min-gas-price=0
"""


def _compose(nodes: list[BesuNode]) -> str:
    services = "\n".join(_service(one) for one in nodes)
    return f"""# {_NOT_RUN}
name: consentry-besu

services:
{services}
networks:
  validators:
    ipam:
      config:
        - subnet: {_NETWORK}.0/24

volumes:
{chr(10).join(f"  {one.at.name}:" for one in nodes)}
"""


def _service(node: BesuNode) -> str:
    return f"""  {node.at.name}:
    image: ${{BESU_IMAGE:?the Besu release that you chose, with its digest}}
    command: ["--config-file=/node/besu.toml"]
    restart: unless-stopped
    stop_grace_period: 60s
    networks:
      validators:
        ipv4_address: {node.host}
    ports:
      - "127.0.0.1:{node.rpc_port}:8545"
    volumes:
      - ./genesis.json:/genesis.json:ro
      - ./{node.at.name}:/node:ro
      - {node.at.name}:/data
"""


def _runbook(nodes: list[BesuNode], profile: ChainProfile) -> str:
    urls = ",".join(f"http://127.0.0.1:{one.rpc_port}" for one in nodes)
    table = "\n".join(f"| {one.at.name} | `{one.account}` | {one.host} | {one.rpc_port} |" for one in nodes)
    quorum = -(-2 * len(nodes) // 3)
    first = f"http://127.0.0.1:{nodes[0].rpc_port}"
    return f"""# A Consentry chain on Besu (QBFT)

**Not run by us.** Besu is in no package registry that this project builds from. The first block was checked against the
example in Besu's manual; start, stop and failure were not tried. Try them before you trust them, and tell us.

| node | account | address inside | JSON-RPC on this machine |
| --- | --- | --- | --- |
{table}

Chain id {profile.chain_id}, a block every {profile.block_seconds} s, no fees, blocks final at once.
{quorum} of {len(nodes)} validators must be at work.

## Start
1. On one machine as it is. On several: give each node's folder and `genesis.json` to its machine alone (`node.key` is its
   secret), put real addresses into `static-nodes.json` and `besu.toml` (`p2p-host`), and let nobody else reach
   ports {_P2P_PORT} and 8545.
2. `export BESU_IMAGE=…`: a Besu release with its digest. Its user must be able to read `node.key` (mode 600).
3. `docker compose up -d`, then ask each node, here the first; the number grows:
   `curl -s -H 'Content-Type: application/json' {first} -d
   '{{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}}'`
4. Deploy. A chain whose rules are too old is refused before anything is sent to it:
   `CONSENTRY_RPC={first} CONSENTRY_CHAIN_ID={profile.chain_id} CONSENTRY_FINALITY={profile.finality}
   tools/brownie run deploy --network consentry-local`
5. Name all nodes to gateways and keepers, the own one first: `{urls}`.

## When something breaks (what QBFT promises, not what we saw)
- Up to {len(nodes) - quorum} of {len(nodes)} validators are lost: blocks go on, the turns of the lost ones wait for the next
  proposer. Start them again; they catch up.
- More are lost: no blocks. Gateways and keepers say `chain-stale` and release nothing. Start one again; nothing is undone.
- A key is lost or stolen: the other validators vote it out (`qbft_proposeValidatorVote`), and a new one in. For that each
  operator adds `QBFT` to `rpc-http-api` of the own node while nobody else reaches its port, and takes it out again.
- Back up `node.key`, `genesis.json` and this folder; the chain itself every node has.
"""
