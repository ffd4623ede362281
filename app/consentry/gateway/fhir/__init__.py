"""The FHIR R4 facade. Each module adds its routes to the one blueprint; an area of its own brings a module of its own."""

from __future__ import annotations

from consentry.gateway.fhir import (
    audit,
    consent,
    consent_search,
    directory,
    everything,
    metadata,
    patients,
    publishing,
    read,
    search,
    validating,
    write,
)
from consentry.gateway.fhir.blueprint import routes

__all__ = [
    "audit",
    "consent",
    "consent_search",
    "directory",
    "everything",
    "metadata",
    "patients",
    "publishing",
    "read",
    "routes",
    "search",
    "validating",
    "write",
]
