"""What every answer carries, whatever the route: security headers, request id; and one log line without any identifier."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from flask import Flask, Response, request

from consentry.errors import OriginForeign
from consentry.gateway import metrics
from consentry.gateway.per_request import kept
from consentry.gateway.request_id import begin_request, opaque_id, request_id
from consentry.services.sign_in import Site
from consentry.telemetry.metrics import NO_ROUTE
from consentry.telemetry.request_id import HEADER, current
from consentry.telemetry.request_id import begin as begin_id

# Tried in a browser with the page as built; no inline script or style, no nonce. The page talks to its own gateway, to keepers
# and to other members' relays of the chain (W-17).
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'{more}; img-src 'self' data:; "
    "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types consentry consentry-offline consentry-worker dompurify"
)
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    # the camera reads the code on a patient's emergency card; nothing else of the device is wanted
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()",
}
UNSAFE = frozenset(("POST", "PUT", "PATCH", "DELETE"))
OPEN = frozenset(("chain.post_chain",))
"""Endpoints for pages of any origin, wallets' own among them: they know no cookie, and change nothing."""
_TO_ANYBODY = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Expose-Headers": "Retry-After",
    "Access-Control-Max-Age": "600",
}
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Started:
    """By `time.perf_counter`, in seconds. `within`: the request in which this one is an entry of a batch, by its id."""

    at: float = field(default_factory=time.perf_counter)
    within: str = field(default_factory=current)


def page_policy(origins: Iterable[str]) -> str:
    """The Content-Security-Policy of a page that also talks to these origins."""
    return PAGE_POLICY.format(more="".join(f" {one}" for one in origins))


def install(app: Flask, site: Site, origins: Callable[[], tuple[str, ...]]) -> None:
    """`origins`: whom a page talks to besides this gateway."""

    @app.before_request
    def begin() -> None:
        kept(_Started)
        begin_request()

    @app.teardown_request
    def leave(_: BaseException | None) -> None:
        begin_id(kept(_Started).within)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers.update(_ALWAYS)
        response.headers[HEADER] = request_id()
        # a worker goes by the policy of its own script
        page = response.mimetype in ("text/html", "text/javascript")
        response.headers["Content-Security-Policy"] = page_policy(origins()) if page else DATA_POLICY
        if request.endpoint in OPEN:
            response.headers.update(_TO_ANYBODY)
        if response.status_code in (204, 304) or request.method == "OPTIONS":
            response.headers.pop("Content-Type", None)  # Flask calls an empty body HTML
        if request.endpoint not in ("static", "page_files.get_service_worker"):
            response.headers["Cache-Control"] = "no-store"
        if site.origin.startswith("https:"):
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        _log(response)
        return response


def refuse_foreign(app: Flask, site: Site) -> None:
    """After whatever counts requests, as these are counted too."""

    @app.before_request
    def refuse() -> None:
        # A browser names the page that sends; another one's is never welcome. Programs send none.
        origin = request.headers.get("Origin")
        foreign = origin is not None and origin != site.origin
        if foreign and request.method in UNSAFE and request.endpoint not in OPEN:
            raise OriginForeign()


def _log(response: Response) -> None:
    # The rule, not the path: what stands in a path names people to those who hold the links.
    rule = request.url_rule.rule if request.url_rule is not None else NO_ROUTE
    took = time.perf_counter() - kept(_Started).at
    metrics.count(response, rule, took)
    told = {"request": opaque_id(), "method": request.method, "route": rule, "status": response.status_code}
    _LOG.info("%(request)s %(method)s %(route)s %(status)d %(ms).0f ms", told | {"ms": 1000 * took})
