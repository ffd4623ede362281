"""Wires what pages that read by themselves ask a gateway for."""

from __future__ import annotations

from consentry.chain.ledger import ChainLedger
from consentry.chain.relayed import RelayedNode
from consentry.config import GatewayConfig
from consentry.domain.addresses import Address
from consentry.gateway.page_ports import PagePorts
from consentry.index.gateway_store import GatewayStore
from consentry.index.news import DeskSeen
from consentry.index.petitions import DeskPetitions
from consentry.services.chain_relay import RelayPorts
from consentry.services.consent import ConsentPorts
from consentry.services.link import LinkPorts
from consentry.services.mail_addresses import MailPorts
from consentry.services.news import NewsPorts
from consentry.services.opening_desk import OpeningPorts
from consentry.services.page_places import PagePlaces
from consentry.services.sign_in import SignInPorts
from consentry.services.streams import StreamPorts


def page_ports(
    config: GatewayConfig,
    ledger: ChainLedger,
    signing_in: SignInPorts,
    consents: ConsentPorts,
    openings: OpeningPorts,
    links: LinkPorts,
    desk: GatewayStore,
    mail: MailPorts,
) -> PagePorts:
    """On the node of this ledger, over connections of its own."""
    node = RelayedNode(ledger.connection)
    contracts = frozenset(one.lower() for one in ledger.connection.deployment.addresses.values())
    gateways = {Address(who): url for who, url in config.gateways.items()}
    news = NewsPorts(consents, openings, DeskSeen(desk), links, DeskPetitions(desk))
    return PagePorts(
        RelayPorts(node, contracts), PagePlaces(ledger, gateways), StreamPorts(signing_in, news), mail
    )
