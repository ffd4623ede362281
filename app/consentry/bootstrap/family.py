"""What a gateway needs for identities: representatives, guardians, recoveries."""

from __future__ import annotations

from consentry.chain.guardianships import ChainGuardianships
from consentry.chain.ledger import ChainLedger
from consentry.index.family import DeskFamily
from consentry.index.gateway_store import GatewayStore
from consentry.ports import Clock, Sender
from consentry.services.own_identity import IdentityPorts


def identity_ports(
    ledger: ChainLedger, sender: Sender, desk: GatewayStore, clock: Clock, content_key: bytes
) -> IdentityPorts:
    return IdentityPorts(ledger, ChainGuardianships(ledger), sender, DeskFamily(desk), clock, content_key)
