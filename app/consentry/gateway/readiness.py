"""Whether this gateway would answer now: for the proxy in front of it, and whoever starts it (specification H-43)."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from flask import Blueprint, Flask, current_app

from consentry.domain.ledger import ChainHead
from consentry.errors import ChainStale, ConsentryError, IndexBehind
from consentry.gateway.parts import Gateway
from consentry.gateway.scanning import Scanning
from consentry.ports.index_values import IndexGaps
from consentry.services.kept import Kept
from consentry.services.readiness import (
    Readiness,
    alive,
    is_late,
    judged,
    require_moving,
    require_recent,
    require_store,
)

routes = Blueprint("readiness", __name__)
MOST_LAG_BLOCKS = 20
_NAME = "consentry-readiness"


def install(app: Flask, parts: Gateway, ticks: Callable[[], float] = time.monotonic) -> None:
    app.extensions[_NAME] = Kept(partial(readiness, parts), is_late, ticks)


@routes.get("/health/live")
def get_live() -> dict[str, Any]:
    return alive()


@routes.get("/health/ready")
def get_ready() -> tuple[dict[str, Any], int]:
    return cast(Kept[Readiness], current_app.extensions[_NAME]).tell().answer()


def readiness(parts: Gateway) -> Readiness:
    """An index that is behind is no reason to stop: answers say that something may be missing."""

    head: ChainHead | None = None
    gaps: IndexGaps | None = None

    def chain() -> None:
        nonlocal head
        head = parts.ledger.head()
        require_followed(parts, head)

    def index() -> None:
        nonlocal gaps
        gaps = parts.index.gaps()

    def whole() -> None:
        if gaps is not None and (gaps.lag > MOST_LAG_BLOCKS or gaps.waiting):
            raise IndexBehind()

    def moving() -> None:
        require_moving(parts.sender.under_way(), head.number if head else 0)

    needed = (chain, lambda: require_store(parts.store.health()), index, parts.publishing.waiting.summary)
    following = (parts.scanning, parts.filing, parts.telling)
    return judged(needed, (whole, moving, *(partial(_require_following, one) for one in following)))


def require_followed(parts: Gateway, head: ChainHead) -> None:
    """Raises ChainStale, ClockOff: the newest block is old, or of an endpoint older ones are still to be checked (H-91)."""
    require_recent(head, parts.clock.now(), parts.alarm.most_seconds)
    problem = parts.scanning.problem  # read once: the thread that scans forgets it meanwhile
    if isinstance(problem, ChainStale):
        raise problem


def _require_following(one: Scanning) -> None:
    problem: ConsentryError | None = one.problem
    if problem is not None:
        raise problem
