"""What every answer carries, whatever the route: security headers, request id; and one log line without any identifier."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

from flask import Flask, Response, request

from consentry.errors import OriginForeign
from consentry.gateway.per_request import kept
from consentry.gateway.request_id import HEADER, request_id
from consentry.services.sign_in import Site

# Tried in a browser with the page as built; no inline script or style, no nonce, no other origin.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
UNSAFE = frozenset(("POST", "PUT", "PATCH", "DELETE"))
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Started:
    """By `time.perf_counter`, in seconds."""

    at: float = field(default_factory=time.perf_counter)


def install(app: Flask, site: Site) -> None:
    @app.before_request
    def begin() -> None:
        kept(_Started)
        # A browser names the page that sends; another one's is never welcome. Programs send none.
        origin = request.headers.get("Origin")
        if request.method in UNSAFE and origin is not None and origin != site.origin:
            raise OriginForeign()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers.update(_ALWAYS)
        response.headers[HEADER] = request_id()
        page = response.mimetype == "text/html"
        response.headers["Content-Security-Policy"] = PAGE_POLICY if page else DATA_POLICY
        if response.status_code in (204, 304) or request.method == "OPTIONS":
            response.headers.pop("Content-Type", None)  # Flask calls an empty body HTML
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        if site.origin.startswith("https:"):
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        _log(response)
        return response


def _log(response: Response) -> None:
    # The rule, not the path: what stands in a path names people to those who hold the links.
    rule = request.url_rule.rule if request.url_rule is not None else "(no route)"
    took = 1000 * (time.perf_counter() - kept(_Started).at)
    _LOG.info("%s %s %s %d %.0f ms", request_id(), request.method, rule, response.status_code, took)
