"""The audit trail of a gateway, from its settings."""

from __future__ import annotations

import hmac

from consentry.config import GatewayConfig
from consentry.index.audit_trail import SqlAuditTrail
from consentry.index.gateway_store import GatewayStore
from consentry.ports import Clock, Ledger
from consentry.services.audit import AuditPorts
from consentry.services.sign_in import Site

DAYS_A_YEAR = 366


def audit_ports(
    config: GatewayConfig, content_key: bytes, desk: GatewayStore, site: Site, ledger: Ledger, clock: Clock
) -> AuditPorts:
    """On the desk's database, which is backed up with the gateway. Nothing there can be read without the keystore."""
    return AuditPorts(
        trail=SqlAuditTrail(desk.database),
        site=site,
        ledger=ledger,
        clock=clock,
        key=hmac.digest(content_key, b"consentry/v1/audit-key", "sha256"),
        content_key=content_key,
        keep_days=config.audit_years * DAYS_A_YEAR,
    )
