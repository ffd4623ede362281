"""What a gateway needs for identities, representatives and mandates, and to hand terms on to other members."""

from __future__ import annotations

from consentry.chain.guardianships import ChainGuardianships
from consentry.chain.ledger import ChainLedger
from consentry.config import GatewayConfig
from consentry.domain.addresses import Address
from consentry.index.consent_mandates import DeskConsentMandates
from consentry.index.family import DeskFamily
from consentry.index.gateway_store import GatewayStore
from consentry.index.mandates import DeskMandates
from consentry.ports import Clock, Sender
from consentry.remote.messenger import HttpMessenger
from consentry.remote.tls import client_context
from consentry.services.consent import ConsentPorts
from consentry.services.granted_under import UnderMandates
from consentry.services.handing import HandingPorts
from consentry.services.mandates import MandatePorts
from consentry.services.own_identity import IdentityPorts


def identity_ports(
    ledger: ChainLedger, sender: Sender, desk: GatewayStore, clock: Clock, content_key: bytes
) -> IdentityPorts:
    return IdentityPorts(ledger, ChainGuardianships(ledger), sender, DeskFamily(desk), clock, content_key)


def mandate_ports(
    ledger: ChainLedger, sender: Sender, desk: GatewayStore, clock: Clock, content_key: bytes
) -> MandatePorts:
    return MandatePorts(ledger, sender, DeskMandates(desk), clock, content_key)


def under_mandates(desk: GatewayStore, content_key: bytes) -> UnderMandates:
    return UnderMandates(DeskConsentMandates(desk), content_key)


def handing_ports(config: GatewayConfig, consents: ConsentPorts) -> HandingPorts:
    gateways = {Address(who): origin for who, origin in config.gateways.items()}
    tls, only_tls = client_context(config.serving.tls), config.serving.tls.only

    def deliver(url: str, message: bytes) -> bool:
        return HttpMessenger(url, tls=tls, only_tls=only_tls).deliver(message)

    return HandingPorts(consents, gateways, deliver)
