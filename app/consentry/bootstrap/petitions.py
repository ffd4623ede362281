"""What a gateway needs for what patients ask about their records."""

from __future__ import annotations

from pathlib import Path

from consentry.config import GatewayConfig
from consentry.domain.addresses import address
from consentry.index.gateway_store import GatewayStore
from consentry.index.petitions import DeskPetitions
from consentry.ports.erasures import OwnErasures
from consentry.services.petitions import PetitionPorts
from consentry.services.publish import PublishPorts
from consentry.services.retention import with_own


def petition_ports(
    config: GatewayConfig,
    desk: GatewayStore,
    publishing: PublishPorts,
    erasures: OwnErasures,
    content_key: bytes,
) -> PetitionPorts:
    """Raises ConfigInvalid for a table of retention that cannot be read."""
    table = with_own(Path(config.retention) if config.retention else None)
    return PetitionPorts(
        member=address(config.member),
        book=DeskPetitions(desk),
        versions=publishing.publications.versions,
        erasures=erasures,
        ledger=publishing.ledger,
        clock=publishing.clock,
        table=table,
        jurisdiction=config.jurisdiction,
        content_key=content_key,
    )
