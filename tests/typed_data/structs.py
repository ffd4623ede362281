"""Every EIP-712 struct of the product: read out of the contracts' sources, so that a new one is tested as it lands.

Sessions and episodes never reach a contract; their types stand in the app alone.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
Types = dict[str, list[dict[str, str]]]
DOMAIN = "EIP712Domain"

_HASHED = re.compile(r'keccak256\(\s*((?:"[^"]*"\s*)+)\)')
_LITERAL = re.compile(r'"([^"]*)"')
_STRUCT = re.compile(r"([A-Z]\w*)\(([^()]*)\)")


def from_contracts() -> dict[str, Types]:
    """Primary type → it and what it refers to, from each type text that a contract of ours hashes."""
    found = _hashed_in(sorted((ROOT / "contracts").rglob("*.sol")))
    del found[DOMAIN]
    return found


def ballots() -> dict[str, Types]:
    """What voters sign: the Consortium inherits it."""
    return _hashed_in([ROOT / "node_modules/@openzeppelin/contracts/governance/Governor.sol"])


def _hashed_in(paths: list[Path]) -> dict[str, Types]:
    found: dict[str, Types] = {}
    for path in paths:
        for hashed in _HASHED.findall(path.read_text("utf-8")):
            text = "".join(_LITERAL.findall(hashed))
            parts = _STRUCT.findall(text)
            if parts and "".join(f"{name}({members})" for name, members in parts) == text:
                types = {name: _members(members) for name, members in parts}
                assert found.setdefault(parts[0][0], types) == types, f"{parts[0][0]} is written in two ways"
    return found


def from_app() -> Types:
    """Every struct that the app writes down, in whichever module."""
    from consentry import domain  # here: Brownie's tests use the rest of this file

    modules = (import_module(f"consentry.domain.{one.name}") for one in iter_modules(domain.__path__))
    return {name: members for module in modules for name, members in getattr(module, "TYPES", {}).items()}


def all_structs() -> dict[str, Types]:
    """Those of the contracts, and those that never reach one (sessions, episodes)."""
    found, own = from_contracts() | ballots(), from_app()
    parts = {name for types in found.values() for name in types}
    for name in own.keys() - parts:
        found[name] = {one: own[one] for one in _with_parts(name, own)}
    return found


def _with_parts(name: str, types: Types) -> list[str]:
    kinds = [member["type"].removesuffix("[]") for member in types[name]]
    return [name, *(part for kind in kinds if kind in types for part in _with_parts(kind, types))]


def signed_structs() -> dict[str, Types]:
    """Those of the contracts that stand for themselves: not the parts of others."""
    found = from_contracts()
    parts = {name for primary, types in found.items() for name in types if name != primary}
    return {primary: types for primary, types in found.items() if primary not in parts}


def typed(primary: str, types: Types, domain: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    """What `eth_signTypedData_v4` takes; the domain's type has the fields that the domain has."""
    kinds = {"name": "string", "version": "string", "chainId": "uint256", "verifyingContract": "address"}
    own = [{"name": name, "type": kinds[name]} for name in domain]
    return {
        "types": {DOMAIN: own, **types},
        "primaryType": primary,
        "domain": domain,
        "message": message,
    }


def _members(text: str) -> list[dict[str, str]]:
    pairs = (member.split(" ") for member in text.split(",") if member)
    return [{"name": name, "type": kind} for kind, name in pairs]
