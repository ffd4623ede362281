"""The keeper's routes. The rule is `services/release.py`; here is only what HTTP adds."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, jsonify, request

from consentry import __version__
from consentry.domain import fields
from consentry.errors import ConsentryError
from consentry.keeper import problems
from consentry.keeper.committer import Committer
from consentry.keeper.metrics import Metrics
from consentry.services.keeper_desk import Desk
from consentry.services.receipts import receipts
from consentry.services.release import Released, ReleasedItem, release
from consentry.services.release_intake import MAX_BODY_BYTES, parse_release, parse_signed

# Pages ask keepers directly (design §9). Nothing here depends on cookies: every request is signed by itself.
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "600",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Keeper:
    """A keeper process: its desk, the thread that commits its receipts, its counters."""

    desk: Desk
    committer: Committer
    metrics: Metrics = field(default_factory=Metrics)


def create_app(keeper: Keeper) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    problems.install(app, keeper.metrics)

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.update(_HEADERS)
        return response

    @app.post("/release")
    def post_release() -> Response:
        started = time.perf_counter()
        keeper.committer.require_standing()
        released = release(parse_release(request.get_data()), keeper.desk)
        keeper.committer.filed()
        given = sum(item.sealed is not None for item in released.items)
        seconds = time.perf_counter() - started
        keeper.metrics.answered(released=given, refused=len(released.items) - given, seconds=seconds)
        return jsonify(_released(released, keeper.desk))

    @app.post("/receipts")
    def post_receipts() -> Response:
        keeper.committer.require_standing()
        return jsonify(receipts(parse_signed(request.get_data()), keeper.desk).to_json())

    @app.get("/health")
    def get_health() -> tuple[Response, int]:
        health = _health(keeper)
        return jsonify(health), 200 if health["ok"] else 503

    @app.get("/metrics")
    def get_metrics() -> Response:
        book = keeper.desk.book
        text = keeper.metrics.text(receipts=book.next_seq(), committed=book.committed_until())
        return Response(text, content_type="text/plain; version=0.0.4")

    return app


def _released(released: Released, desk: Desk) -> dict[str, Any]:
    return {
        "digest": fields.to_hex(released.request_digest),
        "keeper": desk.account,
        "seat": next((item.seat for item in released.items if item.seat is not None), None),
        "items": [_item(item) for item in released.items],
    }


def _item(item: ReleasedItem) -> dict[str, Any]:
    """All refusals look alike (K-8)."""
    if item.sealed is None:
        return {"decision": "refused", "code": "no-ground"}
    return {
        "decision": "released",
        "share": fields.to_base64(item.sealed),
        "seat": item.seat,
        "receipt": {"seq": item.seq, "value": fields.to_hex(item.value)},
    }


def _health(keeper: Keeper) -> dict[str, Any]:
    """Whether the keeper would answer now, and if not, why, as codes of docs/errors.md."""
    desk, reasons, head, seat = keeper.desk, [], None, None
    try:
        keeper.committer.require_standing()
    except ConsentryError as problem:
        reasons.append(problem.code)
    try:
        head = desk.ledger.head()
        desk.require_fresh(head)
        committee = desk.ledger.committee()
        seat = desk.seat_in(committee.version) if committee else None
    except ConsentryError as problem:
        reasons.append(problem.code)
    return {
        "ok": not reasons,
        "keeper": desk.account,
        "seat": seat,
        "head": {"number": head.number, "timestamp": head.timestamp} if head else None,
        "version": __version__,
        "reasons": sorted(set(reasons)),
    }
