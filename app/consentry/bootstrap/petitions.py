"""What a gateway needs for what patients ask about their records."""

from __future__ import annotations

from pathlib import Path

from consentry.config import GatewayConfig
from consentry.index.gateway_store import GatewayStore
from consentry.index.petitions import DeskPetitions
from consentry.services.petitions import PetitionPorts
from consentry.services.publish import PublishPorts
from consentry.services.retention import with_own


def petition_ports(
    config: GatewayConfig, desk: GatewayStore, publishing: PublishPorts, content_key: bytes
) -> PetitionPorts:
    """Raises ConfigInvalid for a table of retention that cannot be read."""
    table = with_own(Path(config.retention) if config.retention else None)
    versions, clock = publishing.publications.versions, publishing.clock
    return PetitionPorts(DeskPetitions(desk), versions, clock, table, config.jurisdiction, content_key)
