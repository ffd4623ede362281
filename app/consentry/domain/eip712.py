"""EIP-712: the digest of typed data, for exactly the kinds of fields that Consentry's structs use.

Kept here rather than taken from a wallet library because those pad short values and take missing fields for
zeros: what is hashed here is checked first. Tests compare every struct with eth-account's encoder.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from consentry.domain import fields
from consentry.domain.addresses import to_bytes
from consentry.domain.canonical import keccak

Types = Mapping[str, list[dict[str, str]]]

_DOMAIN_TYPES = {"name": "string", "version": "string", "chainId": "uint256", "verifyingContract": "address"}


def struct(**members: str) -> list[dict[str, str]]:
    """The members of a struct in order, as wallets want them."""
    return [{"name": name, "type": kind} for name, kind in members.items()]


def typed_data(
    domain: Mapping[str, Any], primary: str, types: Types, message: Mapping[str, Any]
) -> dict[str, Any]:
    """What `eth_signTypedData_v4` takes."""
    own = struct(**{name: _DOMAIN_TYPES[name] for name in domain})
    return {
        "domain": dict(domain),
        "message": dict(message),
        "primaryType": primary,
        "types": {"EIP712Domain": own, **types},
    }


def digest(data: Mapping[str, Any]) -> bytes:
    """The 32 bytes that a wallet signs. Raises LayoutInvalid when a value does not fit its type."""
    types = data["types"]
    separator = hash_struct("EIP712Domain", types, data["domain"])
    return keccak(b"\x19\x01", separator, hash_struct(data["primaryType"], types, data["message"]))


def hash_struct(name: str, types: Types, value: Mapping[str, Any], where: str = "") -> bytes:
    """hashStruct of EIP-712, 32 bytes.

    Raises LayoutInvalid for a missing, superfluous or ill-typed member.
    """
    members = types[name]
    fields.exact(dict(value), [member["name"] for member in members], where or name)
    encoded = [keccak(encode_type(name, types).encode("ascii"))]
    for member in members:
        path = f"{where or name}.{member['name']}"
        encoded.append(_encode(member["type"], types, value[member["name"]], path))
    return keccak(*encoded)


def encode_type(name: str, types: Types) -> str:
    """encodeType of EIP-712: the struct, then those it refers to in alphabetical order."""
    others = sorted(_referenced(name, types) - {name})
    return "".join(
        f"{one}({','.join(member['type'] + ' ' + member['name'] for member in types[one])})"
        for one in (name, *others)
    )


def _referenced(name: str, types: Types) -> set[str]:
    found = {name}
    for member in types[name]:
        kind = member["type"].removesuffix("[]")
        if kind in types and kind not in found:
            found |= _referenced(kind, types)
    return found


def _encode(kind: str, types: Types, value: Any, where: str) -> bytes:
    if kind.endswith("[]"):
        items = fields.array(value, where, 0, 1000)
        return keccak(*(_encode(kind[:-2], types, one, where) for one in items))
    if kind in types:
        return hash_struct(kind, types, value, where)
    if kind == "string":
        return keccak(_utf8(value, where))
    if kind == "address":
        return bytes(12) + to_bytes(fields.address(value, where))
    if kind == "bytes32":
        return fields.hex_bytes(value, where)
    if kind in ("uint32", "uint256"):
        bits = int(kind.removeprefix("uint"))
        return fields.integer(value, where, 0, 2**bits - 1).to_bytes(32, "big")
    fields.refuse(where, "have a type that Consentry signs")


def _utf8(value: Any, where: str) -> bytes:
    if not isinstance(value, str):
        fields.refuse(where, "be text")
    try:
        return value.encode("utf-8")
    except UnicodeEncodeError:
        fields.refuse(where, "be text in Unicode")
