"""Failures as HTTP answers (specification G-2): OperationOutcome under /fhir, problem+json elsewhere, HTML never."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus

from flask import Flask, Response, request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException

from consentry.errors import (
    BodyTooLarge,
    BundleTooLarge,
    ConsentryError,
    HttpInvalid,
    MediaTypeUnsupported,
    MethodUnsupported,
    RateLimited,
    RouteUnknown,
    TransactionReverted,
)
from consentry.fhir import jsontext, outcome
from consentry.gateway import languages
from consentry.gateway.audit_notes import notes
from consentry.gateway.request_id import opaque_id, request_id

FHIR_JSON = "application/fhir+json; charset=utf-8"
PROBLEM_JSON = "application/problem+json"
ACCOUNT_CHARS = 42
_LOG = logging.getLogger(__name__)
_BY_STATUS: dict[int, type[ConsentryError]] = {
    404: RouteUnknown,
    405: MethodUnsupported,
    413: BodyTooLarge,
    415: MediaTypeUnsupported,
}


def install(app: Flask) -> None:
    """Answer every failure of the app, Flask's own ones too."""
    app.register_error_handler(ConsentryError, answer)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unexpected)


def is_fhir(path: str) -> bool:
    return path == "/fhir" or path.startswith("/fhir/")


def is_oauth(path: str) -> bool:
    return path.startswith("/oauth/")


def render(problem: ConsentryError, path: str, identifier: str) -> tuple[bytes, str]:
    """Body and media type of a failure at this path."""
    if isinstance(problem, TransactionReverted):
        # contracts name the patient's account, which stands in no error of ours (P-1)
        named = tuple(one for one in problem.arguments if not _is_account(one))
        problem = TransactionReverted(problem.name, named)
    title, next_step = languages.words(problem)
    if is_fhir(path):
        tree = outcome.operation_outcome(problem)
        tree["issue"][0]["details"]["text"] = title
        return jsontext.write(tree), FHIR_JSON
    if is_oauth(path):
        return json.dumps(_oauth_error(problem)).encode("ascii"), "application/json"
    body = {
        "type": f"urn:consentry:error:{problem.code}",
        "title": title,
        "status": problem.status,
        "detail": problem.diagnostics,
        "code": problem.code,
        "nextStep": next_step,
        "requestId": identifier,
    }
    return json.dumps(body, ensure_ascii=False).encode("utf-8"), PROBLEM_JSON


def _oauth_error(problem: ConsentryError) -> dict[str, str]:
    """RFC 6749 §5.2; what it has no code for is called as most servers call it."""
    other = "server_error" if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request"
    if isinstance(problem, RateLimited):
        other = "temporarily_unavailable"
    said = f"{problem.code}: {problem.diagnostics} {problem.next_step}"
    return {
        "error": getattr(problem, "oauth", other),
        # the characters that the RFC allows
        "error_description": "".join(one if " " <= one <= "~" and one not in '"\\' else "'" for one in said),
    }


def _is_account(value: object) -> bool:
    return isinstance(value, str) and value.startswith("0x") and len(value) == ACCOUNT_CHARS


def too_large(path: str) -> ConsentryError:
    return BundleTooLarge() if is_fhir(path) else BodyTooLarge()


def of_status(status: int, path: str) -> ConsentryError:
    """What the server or the framework refuses by itself."""
    if status == 413:
        return too_large(path)
    return _BY_STATUS.get(
        status, ConsentryError if status >= HTTPStatus.INTERNAL_SERVER_ERROR else HttpInvalid
    )()


def answer(problem: ConsentryError) -> Response:
    notes().problem = problem
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _LOG.warning("request %(request)s: %(code)s", {"request": opaque_id(), "code": problem.code})
    body, kind = render(problem, request.path, request_id())
    response = Response(body, problem.status, content_type=kind)
    response.content_language.add(languages.language())
    if isinstance(problem, RateLimited):
        response.headers["Retry-After"] = str(problem.seconds)
    if problem.status == HTTPStatus.METHOD_NOT_ALLOWED and request_ctx.url_adapter is not None:
        # RFC 9110 15.5.6; the framework's own refusals say it themselves
        taken = set(request_ctx.url_adapter.allowed_methods()) - {request.method}
        response.headers["Allow"] = ", ".join(sorted(taken))
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def answer_instead(response: Response, problem: ConsentryError) -> Response:
    """In the place of a response that nobody gets: the server closes the last one alone, and what another holds (a place for
    reading, a file) it would hold for ever."""
    response.close()
    return answer(problem)


def _of_http(problem: HTTPException) -> Response:
    response = answer(of_status(problem.code or 500, request.path))
    for name, value in problem.get_headers(request.environ):
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _unexpected(problem: Exception) -> Response:
    # The exception's own text may hold what was sent: the log's forms write down its kind and place alone.
    _LOG.error("request %(request)s: unexpected", {"request": opaque_id()}, exc_info=problem)
    return answer(ConsentryError())
