"""What one validator may decide alone (specification H-36)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from web3 import Web3
from web3.types import RPCEndpoint

from consentry.chain.connection import quantity
from consentry.chain.kaia import KaiaChain
from tests.waiting import until

TURNS = 3


def asked(chain: KaiaChain, place: int, method: str, *params: object) -> Any:
    """By the node's own socket, which its operator alone reaches."""
    node = Web3(Web3.IPCProvider(str(chain.validators[place].at / "data" / "klay.ipc"), timeout=10))
    answer = node.provider.make_request(RPCEndpoint(method), list(params))
    assert "error" not in answer, answer
    return answer["result"]


def validators(chain: KaiaChain, place: int) -> set[str]:
    return {str(one).lower() for one in asked(chain, place, "istanbul_getValidators", "latest")}


def test_one_validator_votes_the_others_out(chain: KaiaChain, seen: Callable[[str], None]) -> None:
    """one validator of four votes another one out

    H-36: nothing comes of it without a majority.
    """
    everybody = validators(chain, 0)
    victim = chain.validators[3].account
    assert len(everybody) == len(chain.validators) and victim.lower() in everybody
    asked(chain, 0, "governance_vote", "governance.removevalidator", victim)
    goal = quantity(asked(chain, 1, "eth_blockNumber")) + TURNS * len(chain.validators)
    until(lambda: quantity(asked(chain, 1, "eth_blockNumber")) >= goal, "turns of the one that votes")
    for place in range(4):
        assert validators(chain, place) == everybody
    seen(f"all four still validate after {TURNS} of its turns")
