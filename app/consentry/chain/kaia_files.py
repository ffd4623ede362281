"""What a validator of a Kaia chain (Istanbul BFT, EIP-650) finds on disk: keys, first block, whom to connect to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import rlp

_VANITY_BYTES: Final = 32
_SEAL_BYTES: Final = 65
# All rules of Ethereum until Cancun, and Kaia's own of 2024; Randao asks for contracts of its own, and gives nothing here.
_FORKS: Final = ("istanbul", "london", "ethTxType", "magma", "kore", "shanghai", "cancun", "kaia")
_BLOCK_SECONDS_OF_GAS: Final = 60_000_000


def genesis(validators: Sequence[str], chain_id: int) -> dict[str, Any]:
    """A first block in which these accounts validate, in turn, and nothing costs a fee or earns one.

    Every validator signs every block (`sub` is larger than they are many), a quorum of ⌈2n/3⌉ makes it final.
    """
    accounts = sorted(bytes.fromhex(account[2:]) for account in validators)
    extra = bytes(_VANITY_BYTES) + rlp.encode([accounts, bytes(_SEAL_BYTES), []])
    forks: dict[str, Any] = {f"{fork}CompatibleBlock": 0 for fork in _FORKS}
    return {
        "config": forks
        | {
            "chainId": chain_id,
            "istanbul": {"epoch": 3600, "policy": 0, "sub": 22},
            "unitPrice": 0,
            "deriveShaImpl": 0,
            "governance": {
                "governingNode": "0x" + accounts[0].hex(),
                # A majority decides who validates: by kaia's "none" each could remove the others alone.
                "governanceMode": "ballot",
                "govParamContract": "0x" + bytes(20).hex(),
                "reward": _no_rewards(),
                "kip71": _no_fees(),
            },
        },
        "timestamp": "0x0",
        "extraData": "0x" + extra.hex(),
        "governanceData": None,
        "blockScore": "0x1",
        "alloc": {},
        "number": "0x0",
        "gasUsed": "0x0",
        "parentHash": "0x" + bytes(32).hex(),
    }


def _no_rewards() -> dict[str, Any]:
    return {
        "mintingAmount": 0,
        "ratio": "100/0/0",
        "useGiniCoeff": False,
        "deferredTxFee": False,
        "stakingUpdateInterval": 86_400,
        "proposerUpdateInterval": 3_600,
        "minimumStake": 0,
    }


def _no_fees() -> dict[str, int]:
    """KIP-71: a base fee between zero and zero."""
    return {
        "lowerboundbasefee": 0,
        "upperboundbasefee": 0,
        "gastarget": _BLOCK_SECONDS_OF_GAS // 2,
        "maxblockgasusedforbasefee": _BLOCK_SECONDS_OF_GAS,
        "basefeedenominator": 20,
    }
