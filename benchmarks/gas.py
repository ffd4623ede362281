"""What a receipt costs on chain: gas of one commit over 1, 10, 100 and 1,000 of them."""

from __future__ import annotations

import secrets

from benchmarks.measuring import table
from consentry.chain.sender import ChainSender
from consentry.network.run import Network

COUNTS = (1, 10, 100, 1_000)
SLUG = "mercy"


def run(network: Network) -> None:
    """Commit as a keeper of a committee whose processes do not run, print the table."""
    for step in (network.start_engines, network.deploy, network.admit_members, network.publish_committee):
        step()
    key = network.place.read_keys(network.place.keeper(SLUG) / "keeper.keystore")["account"]
    sender = ChainSender(network.connection, key)
    sender.transact("AuditLog", "commit", secrets.token_bytes(32), 0, 1)  # the first one pays for new storage
    first, rows = 1, []
    for count in COUNTS:
        receipt = sender.transact("AuditLog", "commit", secrets.token_bytes(32), first, count)
        first += count
        rows.append([f"{count:,}", f"{receipt.gas_used:,}", f"{receipt.gas_used / count:,.0f}"])
    table("Gas of receipts on chain", ["receipts in a root", "gas of the commit", "gas a receipt"], rows)
