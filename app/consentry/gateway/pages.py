"""The pages for patients and clinicians, the description of the API, and whether all is well."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, jsonify, render_template

from consentry import __version__
from consentry.domain.ledger import ChainHead
from consentry.errors import ConsentryError, UnavailableError
from consentry.gateway import languages
from consentry.gateway.parts import Gateway
from consentry.gateway.readiness import require_followed
from consentry.ports import StoreHealth
from consentry.services.kept import Kept

routes = Blueprint("pages", __name__)
OPENAPI = Path(__file__).with_name("openapi.json")
_NAME = "consentry-health"


def install(app: Flask, parts: Gateway, ticks: Callable[[], float] = time.monotonic) -> None:
    app.extensions[_NAME] = Kept(partial(_health, parts), partial(_late, parts), ticks)


@routes.get("/")
def get_page() -> str:
    return render_template("page.html", audience="patient")


@routes.get("/clinic")
def get_clinic() -> str:
    return render_template("page.html", audience="clinician")


@routes.get("/openapi.json")
def get_openapi() -> Response:
    return Response(_openapi(), content_type="application/json")


@routes.get("/api/errors")
def get_errors() -> Response:
    """What each code means and what to do about it, in the caller's language: for pages, which hear codes from keepers too."""
    told = {code: languages.words(kind) for code, kind in languages.codes().items()}
    errors = {code: {"title": title, "nextStep": step} for code, (title, step) in sorted(told.items())}
    response = jsonify(language=languages.language(), errors=errors)
    response.content_language.add(languages.language())
    return response


@routes.get("/health")
def get_health() -> tuple[dict[str, Any], int]:
    health = cast(Kept[dict[str, Any]], current_app.extensions[_NAME]).tell()
    return health, 200 if health["ok"] else 503


@cache
def _openapi() -> bytes:
    return OPENAPI.read_bytes()


def _health(parts: Gateway) -> dict[str, Any]:
    """`reasons` are codes of docs/errors.md. An index that is behind is told, and is no reason to stop."""
    reasons, index, newest = [], None, None
    try:
        newest = parts.ledger.head()
        require_followed(parts, newest)
    except ConsentryError as problem:
        reasons.append(problem.code)
    try:
        status = parts.index.status()
        index = {"scannedBlock": status.scanned_block, "complete": status.complete, "anchors": status.anchors}
    except ConsentryError as problem:
        reasons.append(problem.code)
    store = parts.store.health()
    if not store.ok:
        reasons.append(store.code or "store-unreachable")
    return _told(parts, newest, index, store, reasons)


def _late(parts: Gateway) -> dict[str, Any]:
    """While a part that was asked is silent: nobody knows more yet (H-94)."""
    unknown = StoreHealth(ok=False, kind="unknown", detail="", nodes=0, answering=0, copies=0)
    return _told(parts, None, None, unknown, [UnavailableError.code])


def _told(
    parts: Gateway,
    newest: ChainHead | None,
    index: dict[str, Any] | None,
    store: StoreHealth,
    reasons: list[str],
) -> dict[str, Any]:
    return {
        "ok": not reasons,
        "member": parts.site.member_name,
        "version": __version__,
        "head": None if newest is None else {"number": newest.number, "timestamp": newest.timestamp},
        "chain": parts.alarm.seen(newest).to_json(),
        "index": index,
        "store": {
            "kind": store.kind,
            "nodes": store.nodes,
            "answering": store.answering,
            "copies": store.copies,
        },
        "scanning": None if parts.scanning.problem is None else parts.scanning.problem.code,
        "reasons": sorted(set(reasons)),
    }
