"""What this FHIR endpoint can do (R4 CapabilityStatement), for this gateway."""

from __future__ import annotations

from typing import Any

from consentry import __version__
from consentry.fhir import capability, interactions, smart
from consentry.fhir.capability import Endpoint
from consentry.services.backend_services import endpoints
from consentry.services.sign_in import Site

RELEASED = "2026-11-21"


def capability_statement(site: Site) -> dict[str, Any]:
    """The whole statement; `security` says how a client gets a token."""
    endpoint = Endpoint(
        url=f"{site.origin}/fhir",
        description=f"Gateway of {site.member_name}",
        version=__version__,
        released=RELEASED,
        security=smart.security(endpoints(site)),
    )
    return capability.capability_statement(endpoint, interactions.rows())
