"""Wires what pages that read by themselves ask a gateway for."""

from __future__ import annotations

from consentry.bootstrap.common import CHAIN_TIMEOUT_SECONDS
from consentry.chain.ledger import ChainLedger
from consentry.chain.relayed import RelayedNode
from consentry.config import GatewayConfig
from consentry.domain.addresses import Address
from consentry.gateway.page_ports import PagePorts
from consentry.services.chain_relay import RelayPorts
from consentry.services.page_places import PagePlaces


def page_ports(config: GatewayConfig, ledger: ChainLedger) -> PagePorts:
    """On the node of this ledger, over connections of its own."""
    node = RelayedNode(ledger.connection, config.rpc_url, timeout=CHAIN_TIMEOUT_SECONDS)
    contracts = frozenset(one.lower() for one in ledger.connection.deployment.addresses.values())
    gateways = {Address(who): url for who, url in config.gateways.items()}
    return PagePorts(RelayPorts(node, ledger, contracts), PagePlaces(ledger, gateways))
