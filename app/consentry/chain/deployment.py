"""What a deployment file says (`deployments/<chain>.json`, written by scripts/deploy.py)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from consentry.chain.contracts import NAMES, load_abis
from consentry.domain.addresses import address
from consentry.errors import DeploymentMissing, LayoutInvalid

Finality = Literal["instant", "finalized"] | int


@dataclass(frozen=True)
class FeePolicy:
    """How transactions pay, in wei per gas. `auto`: EIP-1559 where blocks have a base fee, else legacy."""

    kind: Literal["auto", "legacy", "eip1559"] = "auto"
    max_fee: int = 0
    priority_fee: int = 0


@dataclass(frozen=True)
class Deployment:
    """Contracts of one chain. `finality` is instant, the node's `finalized` tag, or a depth in blocks.

    `block`: the first block that may hold logs. `genesis`: hash of block 0 (32 bytes). `code_digests`: keccak
    of the runtime code by contract name.
    """

    chain_id: int
    addresses: Mapping[str, str]
    block: int
    finality: Finality
    fees: FeePolicy
    abis: Mapping[str, list[dict[str, Any]]] = field(repr=False)
    genesis: bytes
    code_digests: Mapping[str, bytes]

    def to_json(self) -> dict[str, Any]:
        """What a deployment file says, without how transactions pay: all that is needed to read."""
        finality = self.finality
        return {
            "chainId": self.chain_id,
            "genesis": "0x" + self.genesis.hex(),
            "block": self.block,
            "finality": {"depth": finality} if isinstance(finality, int) else finality,
            "contracts": {
                name: {
                    "address": self.addresses[name],
                    "codeDigest": "0x" + self.code_digests[name].hex(),
                }
                for name in NAMES
            },
        }

    def names_the_same(self, other: Deployment) -> bool:
        """Whether both are the same contracts of the same chain."""
        mine, its = (
            (one.chain_id, one.genesis, dict(one.addresses), dict(one.code_digests)) for one in (self, other)
        )
        return mine == its


def load_deployment(path: Path, interfaces: Path | None = None) -> Deployment:
    """Read a deployment file; ABIs come from `interfaces`, by default the folder beside `deployments/`.

    Raises DeploymentMissing when a file is missing or does not have the expected content.
    """
    try:
        raw = json.loads(path.read_text("utf-8"))
    except OSError:
        raise DeploymentMissing(f"there is no deployment file {path.name}") from None
    except ValueError:
        raise DeploymentMissing(f"{path.name} is not JSON") from None
    return _deployment(raw, interfaces if interfaces is not None else _interfaces_of(path), path.name)


def told_deployment(raw: Any, teller: str) -> Deployment:
    """What somebody says that a deployment file says (`Deployment.to_json`); ABIs are those of this program.

    Raises DeploymentMissing naming the teller.
    """
    return _deployment(raw, _interfaces_of(Path(__file__)), teller)


def _deployment(raw: Any, interfaces: Path, name: str) -> Deployment:
    try:
        contracts = {name: raw["contracts"][name] for name in NAMES}
        return Deployment(
            chain_id=_natural(raw["chainId"]),
            addresses={name: str(address(one["address"])) for name, one in contracts.items()},
            block=_natural(raw["block"]),
            finality=_finality(raw["finality"]),
            fees=_fees(raw.get("fees", {})),
            abis=load_abis(interfaces),
            genesis=_digest(raw["genesis"]),
            code_digests={name: _digest(one["codeDigest"]) for name, one in contracts.items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError, LayoutInvalid) as problem:
        raise DeploymentMissing(f"{name} is not a deployment file: {problem}") from None


def _interfaces_of(path: Path) -> Path:
    """`interfaces/` of the nearest folder above the deployment file, else that of the source tree."""
    for folder in path.resolve().parents:
        if (folder / "interfaces" / f"{NAMES[0]}.json").is_file():
            return folder / "interfaces"
    return Path(__file__).resolve().parents[3] / "interfaces"


def _natural(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("a number is missing")
    return value


def _digest(value: str) -> bytes:
    raw = bytes.fromhex(value.removeprefix("0x"))
    if len(raw) != 32:
        raise ValueError("a digest must be 32 bytes")
    return raw


def _finality(value: Any) -> Finality:
    if value == "instant":
        return "instant"
    if value == "finalized":
        return "finalized"
    return _natural(value["depth"])


def _fees(value: Mapping[str, Any]) -> FeePolicy:
    kind = value.get("kind", "auto")
    if kind not in ("auto", "legacy", "eip1559"):
        raise ValueError("fees.kind is auto, legacy or eip1559")
    return FeePolicy(kind, _natural(value.get("maxFee", 0)), _natural(value.get("priorityFee", 0)))
