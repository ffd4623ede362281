"""What a gateway gives hospital systems tokens with, and the same book for whoever registers them."""

from __future__ import annotations

from collections.abc import Callable

from consentry.config import GatewayConfig
from consentry.databases.place import place_of
from consentry.index.client_book import DeskClients
from consentry.index.gateway_store import GatewayStore
from consentry.ports import Clock, Ledger
from consentry.services.access_tokens import AccessTokens
from consentry.services.backend_services import ClientPorts
from consentry.services.sign_in import Site


def client_ports(
    site: Site, ledger: Ledger, clock: Clock, desk: GatewayStore, *, ended: Callable[[bytes], None]
) -> ClientPorts:
    """`ended` hears the digest of each token that is over, and forgets what was opened under it."""
    return ClientPorts(site, ledger, clock, DeskClients(desk), AccessTokens(clock, ended))


def open_book(config: GatewayConfig) -> DeskClients:
    """The clients of a gateway with these settings, which may be running. Raises StoreUnreachable."""
    return DeskClients(GatewayStore(place_of(config.database)))
