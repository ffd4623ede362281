"""Whether this gateway would answer now: for the proxy in front of it, and whoever starts it (specification H-43)."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint

from consentry.errors import ConsentryError, IndexBehind
from consentry.gateway.parts import Gateway, gateway
from consentry.gateway.scanning import Scanning
from consentry.services.readiness import (
    Readiness,
    alive,
    judged,
    require_moving,
    require_recent,
    require_store,
)

routes = Blueprint("readiness", __name__)
MOST_LAG_BLOCKS = 20


@routes.get("/health/live")
def get_live() -> dict[str, Any]:
    return alive()


@routes.get("/health/ready")
def get_ready() -> tuple[dict[str, Any], int]:
    return readiness(gateway()).answer()


def readiness(parts: Gateway) -> Readiness:
    """An index that is behind is no reason to stop: answers say that something may be missing."""

    def chain() -> None:
        require_recent(parts.ledger.head(), parts.clock.now(), parts.alarm.most_seconds)

    def index() -> None:
        gaps = parts.index.gaps()
        if gaps.lag > MOST_LAG_BLOCKS or gaps.waiting:
            raise IndexBehind()

    def moving() -> None:
        require_moving(parts.sender.under_way(), parts.ledger.head().number)

    needed = (
        chain,
        lambda: require_store(parts.store.health()),
        parts.index.status,
        parts.publishing.waiting.summary,
    )
    following = (parts.scanning, parts.filing, parts.telling)
    return judged(needed, (index, moving, *(partial(_require_following, one) for one in following)))


def _require_following(one: Scanning) -> None:
    problem: ConsentryError | None = one.problem
    if problem is not None:
        raise problem
