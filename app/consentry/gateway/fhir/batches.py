"""Batches (R4 http.html#batch): every entry is a request of its own, with an answer of its own (specification F-10).

What only writes, about one person, is published in one go, which is quicker and keeps what refers to one another together; if
that is refused, entry by entry, so that one bad entry costs the others nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Response, current_app, request
from werkzeug.http import parse_date

from consentry.domain import times
from consentry.errors import BundleTooLarge, BundleTypeUnsupported, ConsentryError, TransactionReverted
from consentry.fhir import jsontext, outcome
from consentry.fhir.jsontext import Json
from consentry.fhir.requests import Asked
from consentry.fhir.validate import MAX_DEPTH
from consentry.gateway import auth, problems
from consentry.gateway.auditing import each_by_itself
from consentry.gateway.fhir.answers import fhir_response
from consentry.gateway.fhir.transactions import transaction
from consentry.gateway.parts import gateway

MOST = 100
"""Requests that one batch may hold where each is carried out by itself."""
MOST_BYTES = 32 * 2**20
"""Once the answers of one batch have so many bytes, no more is read for it: as objects they take ten times that in memory."""

_KEPT = ("HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_ORIGIN", "HTTP_PREFER", "HTTP_X_REQUEST_ID")
_OURS = "HTTP_X_CONSENTRY_"
_WRITES = frozenset(("POST", "PUT"))


def batch(tree: dict[str, Json], asked: Sequence[Asked]) -> Response:
    """Raises BundleTooLarge for more requests than are carried out one by one."""
    refused: ConsentryError | None = None
    if all(one.method in _WRITES for one in asked):
        try:
            return transaction(tree, asked, auth.desk())
        except ConsentryError as problem:
            # what the chain refused is kept, and anchored once it takes it: entry by entry it would be there twice
            kept = problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR or isinstance(
                problem, TransactionReverted
            )
            if kept or len(asked) > MOST:
                raise
            refused = problem
    if len(asked) > MOST:
        raise BundleTooLarge(f"{len(asked)} requests; at most {MOST} are carried out in one batch.")
    if refused is not None and len(asked) == 1:
        raise refused
    return fhir_response({"resourceType": "Bundle", "type": "batch-response", "entry": _each(tree, asked)})


def _each(tree: dict[str, Json], asked: Sequence[Asked]) -> list[dict[str, Any]]:
    each_by_itself()
    auth.asks_by_parts()
    left, told = min(MOST_BYTES, gateway().everything.reading.max_bytes), []
    for one in asked:
        if left <= 0:
            told.append(_refused(BundleTooLarge("What was read before fills this answer; ask for the rest.")))
            continue
        body = tree["entry"][one.index].get("resource")
        response = _carried_out(one, b"" if body is None else jsontext.write(body))
        left -= len(response.data)
        told.append(_told(response))
    return told


def _carried_out(one: Asked, raw: bytes) -> Response:
    """As if it had been sent by itself, by the same caller."""
    path, _, query = one.url.partition("?")
    if not path:
        # a batch in a batch would have no bound
        return problems.answer(BundleTypeUnsupported(expression=(f"{one.path}.url",)))
    kept = {key: value for key, value in request.environ.items() if key in _KEPT or key.startswith(_OURS)}
    base = {
        key: value for key, value in request.environ.items() if not key.startswith(("HTTP_", "werkzeug."))
    }
    environ = base | kept
    environ |= {
        "REQUEST_METHOD": one.method,
        # WSGI speaks Latin-1, whatever the bytes mean (PEP 3333)
        "PATH_INFO": "/fhir/" + unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query.encode().decode("latin-1"),
        "CONTENT_TYPE": "application/fhir+json" if raw else "",
        "CONTENT_LENGTH": str(len(raw)),
        "wsgi.input": BytesIO(raw),
        "HTTP_HOST": request.host,
    }
    if one.if_match:
        environ["HTTP_IF_MATCH"] = one.if_match
    if one.if_none_exist:
        environ["HTTP_IF_NONE_EXIST"] = one.if_none_exist
    with current_app.request_context(environ):
        return current_app.full_dispatch_request()


def _told(response: Response) -> dict[str, Any]:
    said: dict[str, Any] = {"status": _status(response.status_code)}
    if "Location" in response.headers:
        said["location"] = response.headers["Location"].removeprefix(f"{gateway().site.origin}/fhir/")
    if "ETag" in response.headers:
        said["etag"] = response.headers["ETag"]
    changed = parse_date(response.headers.get("Last-Modified"))
    if changed is not None:
        said["lastModified"] = times.iso(int(changed.timestamp()))
    if not response.data:
        return {"response": said}
    body = jsontext.read(response.data, max_depth=MAX_DEPTH + 16)
    if body["resourceType"] == "OperationOutcome":
        return {"response": said | {"outcome": body}}
    return {"resource": body, "response": said}


def _refused(problem: ConsentryError) -> dict[str, Any]:
    return {"response": {"status": _status(problem.status), "outcome": outcome.operation_outcome(problem)}}


def _status(code: int) -> str:
    return f"{code} {HTTPStatus(code).phrase}"
