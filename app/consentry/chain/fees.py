"""What a transaction offers to pay, within what the deployment allows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from consentry.chain.connection import quantity
from consentry.chain.deployment import FeePolicy
from consentry.errors import ChainUnreachable

# geth replaces a waiting transaction from 10 % more on, of both fees.
_LEAST_BUMP_PERCENT, _BUMP_PERCENT = 10, 25


def fees(policy: FeePolicy, block: Mapping[str, Any]) -> dict[str, Any]:
    """EIP-1559 fields where the policy or the chain's blocks ask for them, else a legacy gas price (wei).

    Room is left for a dearer attempt: twice the block's fee and the priority fee, at most what the policy allows. Raises
    ChainUnreachable when the chain asks for more than that.
    """
    base = block.get("baseFeePerGas")
    if _is_legacy(policy, block):
        return {"gasPrice": policy.max_fee}
    asked = 0 if base is None else quantity(base)
    if asked > policy.max_fee:
        raise ChainUnreachable(f"the chain asks {asked} wei per gas, the deployment allows {policy.max_fee}")
    return _offer(min(policy.max_fee, 2 * asked + policy.priority_fee), policy.priority_fee)


def dearer(policy: FeePolicy, block: Mapping[str, Any], before: int, attempts: int) -> dict[str, Any] | None:
    """Fields of an attempt that nodes take in the place of the last one, which offered `before` at most, or None where the policy
    leaves no room: such a one is only sent again. `attempts`: how many there were."""
    if _is_legacy(policy, block) or before >= policy.max_fee:
        return None
    base = block.get("baseFeePerGas")
    wanted = 0 if base is None else 2 * quantity(base) + policy.priority_fee
    most = min(policy.max_fee, max(wanted, _more(before, _BUMP_PERCENT)))
    if most < _more(before, _LEAST_BUMP_PERCENT):
        return None
    priority = policy.priority_fee
    for _ in range(attempts):
        priority = _more(priority, _BUMP_PERCENT)
    return _offer(most, priority)


def most_of(offered: Mapping[str, Any]) -> int:
    """Wei per gas that these fields offer at most."""
    return int(offered.get("maxFeePerGas", offered.get("gasPrice", 0)))


def _is_legacy(policy: FeePolicy, block: Mapping[str, Any]) -> bool:
    return policy.kind == "legacy" or (policy.kind == "auto" and block.get("baseFeePerGas") is None)


def _offer(most: int, priority: int) -> dict[str, Any]:
    return {"type": 2, "maxFeePerGas": most, "maxPriorityFeePerGas": min(priority, most)}


def _more(fee: int, percent: int) -> int:
    return -(-fee * (100 + percent) // 100)
