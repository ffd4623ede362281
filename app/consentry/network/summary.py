"""What a network tells whoever uses it from outside: `network.json` in its folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from consentry.chain.endpoints import addresses_of
from consentry.network.plan import MEMBERS

if TYPE_CHECKING:
    from consentry.network.run import Network


def write_summary(network: Network) -> None:
    place = network.place
    summary = {
        "chain": {
            "kind": network.chain,
            "rpcUrl": addresses_of(network.rpc_url)[0],
            "deployment": str(place.deployment),
        },
        "gateways": network.gateways,
        "keepers": network.keepers,
        "wallets": {slug: str(place.wallet(slug)) for slug in network.people},
        "passphraseFile": str(place.root / "passphrase"),
        "clientKeyFiles": {
            plan.slug: str(place.member(plan.slug) / "client.key") for plan in MEMBERS if plan.gateway
        },
    }
    (place.root / "network.json").write_text(json.dumps(summary, indent=2) + "\n", "utf-8")
