"""The signed twins of ERC-1056's writes (IIdentityRegistry): what a wallet signs for a member to relay.

`nonce` is the identity's current one on chain; `deadline` and `validity` are in seconds (moment, length).
"""

from __future__ import annotations

from typing import Any

from consentry.domain import eip712
from consentry.domain.addresses import Address

_TAIL = {"nonce": "uint256", "deadline": "uint256"}

TYPES = {
    "SetAttribute": eip712.struct(
        identity="address", name="string", value="string", validity="uint256", **_TAIL
    ),
    "RevokeAttribute": eip712.struct(identity="address", name="string", value="string", **_TAIL),
    "AddDelegate": eip712.struct(
        identity="address", delegateType="string", delegate="address", validity="uint256", **_TAIL
    ),
    "RevokeDelegate": eip712.struct(identity="address", delegateType="string", delegate="address", **_TAIL),
    "ChangeOwner": eip712.struct(identity="address", newOwner="address", **_TAIL),
}


def set_attribute(
    chain_id: int,
    contract: Address,
    *,
    identity: Address,
    name: str,
    value: str,
    validity: int,
    nonce: int,
    deadline: int,
) -> dict[str, Any]:
    message = {"identity": identity, "name": name, "value": value, "validity": validity}
    return _typed(chain_id, contract, "SetAttribute", message, nonce, deadline)


def revoke_attribute(
    chain_id: int, contract: Address, *, identity: Address, name: str, value: str, nonce: int, deadline: int
) -> dict[str, Any]:
    message = {"identity": identity, "name": name, "value": value}
    return _typed(chain_id, contract, "RevokeAttribute", message, nonce, deadline)


def add_delegate(
    chain_id: int,
    contract: Address,
    *,
    identity: Address,
    delegate_type: str,
    delegate: Address,
    validity: int,
    nonce: int,
    deadline: int,
) -> dict[str, Any]:
    message = {
        "identity": identity,
        "delegateType": delegate_type,
        "delegate": delegate,
        "validity": validity,
    }
    return _typed(chain_id, contract, "AddDelegate", message, nonce, deadline)


def revoke_delegate(
    chain_id: int,
    contract: Address,
    *,
    identity: Address,
    delegate_type: str,
    delegate: Address,
    nonce: int,
    deadline: int,
) -> dict[str, Any]:
    message = {"identity": identity, "delegateType": delegate_type, "delegate": delegate}
    return _typed(chain_id, contract, "RevokeDelegate", message, nonce, deadline)


def change_owner(
    chain_id: int, contract: Address, *, identity: Address, new_owner: Address, nonce: int, deadline: int
) -> dict[str, Any]:
    message = {"identity": identity, "newOwner": new_owner}
    return _typed(chain_id, contract, "ChangeOwner", message, nonce, deadline)


def _typed(
    chain_id: int, contract: Address, primary: str, message: dict[str, Any], nonce: int, deadline: int
) -> dict[str, Any]:
    domain = {
        "name": "Consentry Identity",
        "version": "1",
        "chainId": chain_id,
        "verifyingContract": contract,
    }
    whole = message | {"nonce": nonce, "deadline": deadline}
    return eip712.typed_data(domain, primary, {primary: TYPES[primary]}, whole)
