"""How often one caller may ask this gateway (specification H-46): an account, a client, or the address of who is neither."""

from __future__ import annotations

from flask import Flask, request

from consentry.errors import ConsentryError
from consentry.gateway import auth, callers
from consentry.services.pace import Pace

FREE = frozenset(("static", "readiness.get_live"))
"""What costs nothing: files that browsers keep, and whether the process is there."""


def install(app: Flask, pace: Pace, proxies: int) -> None:
    """`proxies`: how many in front say in X-Forwarded-For who asks."""

    @app.before_request
    def count() -> None:
        if request.endpoint not in FREE:
            callers.find(proxies)
            pace.take(_who())


def _who() -> str:
    """Whoever shows what this gateway did not give counts by address, as who shows nothing."""
    try:
        who = auth.identify()
    except ConsentryError:
        return f"address {callers.network()}"
    return f"client {who.name}" if isinstance(who, auth.Client) else f"account {who.address}"
