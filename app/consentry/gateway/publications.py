"""How what this member publishes is getting on: for its own desk."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from consentry.domain import times
from consentry.gateway import auth
from consentry.gateway.parts import gateway

routes = Blueprint("publications", __name__)


@routes.get("/api/publications")
def get_publications() -> dict[str, Any]:
    auth.desk()
    parts = gateway()
    waiting = parts.publishing.waiting.summary()
    return {
        "waiting": {
            "records": waiting.records,
            "patients": waiting.patients,
            "since": None if waiting.since is None else times.iso(waiting.since),
            "scheduled": waiting.scheduled,
        },
        "unanchored": len(parts.publishing.publications.unfinished()),
        "problem": None if parts.filing.problem is None else parts.filing.problem.code,
    }
