"""Every failure of a keeper as `application/problem+json` (RFC 9457); nothing of the request is repeated."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus

from flask import Flask, Response
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from consentry.errors import ConsentryError, HttpInvalid, InputError, LayoutInvalid, RateLimited
from consentry.keeper.metrics import KeeperMetrics
from consentry.telemetry.request_id import current, new_id

KIND = "application/problem+json"
_TOO_LARGE = LayoutInvalid("body: must be at most 1 MiB")
_LOG = logging.getLogger(__name__)


def install(app: Flask, metrics: KeeperMetrics) -> None:
    """Handle every exception of the app's routes."""

    @app.errorhandler(ConsentryError)
    def told(problem: ConsentryError) -> Response:
        metrics.problem(problem.code)
        response = _response(problem, problem.status)
        if isinstance(problem, RateLimited):
            response.headers["Retry-After"] = str(problem.seconds)
        return response

    @app.errorhandler(HTTPException)
    def of_http(problem: HTTPException) -> Response:
        if isinstance(problem, RequestEntityTooLarge):
            metrics.problem(LayoutInvalid.code)
            return _response(_TOO_LARGE, 413)
        metrics.problem(InputError.code)
        return _response(InputError("there is no such resource or method here"), problem.code or 400)

    @app.errorhandler(Exception)
    def unexpected(problem: Exception) -> Response:
        metrics.problem(ConsentryError.code)
        # The exception's own text may hold what was sent: the log's forms write down its kind and place alone.
        _LOG.error("unexpected", exc_info=problem)
        return _response(ConsentryError(), 500)


def of_status(status: int) -> tuple[bytes, int]:
    """Body and status of what the server refuses by itself."""
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return _body(_TOO_LARGE, status), status
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _body(ConsentryError(), ConsentryError.status), ConsentryError.status
    return _body(HttpInvalid(), HttpInvalid.status), HttpInvalid.status


def _response(problem: ConsentryError, status: int) -> Response:
    return Response(_body(problem, status), status, content_type=KIND)


def _body(problem: ConsentryError, status: int) -> bytes:
    told = {
        "type": f"urn:consentry:error:{problem.code}",
        "title": problem.summary,
        "status": status,
        "detail": problem.diagnostics,
        "code": problem.code,
        "nextStep": problem.next_step,
        "requestId": current() or new_id(),
    }
    return json.dumps(told).encode("utf-8")
