"""The chains that Consentry knows how to set up, each with the rule by which its blocks are final, its fees and its pace.

One description for whoever starts a chain, writes its files, deploys on it or reads its deployment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from consentry.chain.deployment import Finality

VALIDATORS: Final = 4
# A majority of four sealers has built on a block that so many follow: fewer, cut off from the others, make fewer (clique.py).
CLIQUE_FINALITY: Final = VALIDATORS // 2 + 1


@dataclass(frozen=True)
class ChainProfile:
    """`block_seconds`: between blocks, None where each transaction makes one. `finality`: as in a deployment file. `fees`: `none`
    where blocks ask nothing, EIP-1559 or not. `started`: whether `consentry up` starts it, or its files are written to be run
    elsewhere."""

    name: str
    what: str
    chain_id: int
    validators: int
    block_seconds: int | None
    finality: Finality
    fees: Literal["none, EIP-1559", "none, legacy"]
    started: bool = True

    def deployment_settings(self) -> dict[str, str]:
        """What scripts/deploy.py is told by its environment."""
        return {"CONSENTRY_PROFILE": "development", "CONSENTRY_FINALITY": str(self.finality)}


PROFILES: Final = {
    one.name: one
    for one in (
        ChainProfile("anvil", "one development node", 1337, 1, None, "instant", "none, EIP-1559"),
        ChainProfile("ganache", "another development node", 1337, 1, None, "instant", "none, legacy"),
        ChainProfile(
            "clique",
            "geth sealers in turn (EIP-225), for trying several machines",
            1338,
            VALIDATORS,
            1,
            CLIQUE_FINALITY,
            "none, EIP-1559",
        ),
        ChainProfile(
            "kaia", "validators with Istanbul BFT (EIP-650)", 1339, VALIDATORS, 1, "instant", "none, EIP-1559"
        ),
        ChainProfile(
            "besu",
            "validators with QBFT, by Compose",
            1340,
            VALIDATORS,
            2,
            "instant",
            "none, EIP-1559",
            False,
        ),
    )
}
