"""The keeper's routes. The rule is `services/release.py`; here is only what HTTP adds."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, jsonify, request

from consentry.domain import fields
from consentry.keeper import metrics, problems
from consentry.keeper.committer import Committer
from consentry.keeper.health import Health
from consentry.keeper.relay import RevocationRelay
from consentry.services.feed import sealed_feed
from consentry.services.keeper_desk import Desk
from consentry.services.readiness import alive
from consentry.services.receipts import sealed_receipts
from consentry.services.release import Released, ReleasedItem, release
from consentry.services.release_intake import MAX_BODY_BYTES, parse_release, parse_signed
from consentry.services.revocations import acknowledged_answer, parse_revocation, see
from consentry.services.session_ends import end_session, ended_answer, parse_session_end
from consentry.telemetry.machine import Machine

# Pages ask keepers directly (design §9). Nothing here depends on cookies: every request is signed by itself.
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Expose-Headers": "Retry-After",
    "Access-Control-Max-Age": "600",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Keeper:
    """A keeper process: its desk, the threads that commit its receipts and bring revocations to the chain; `ticks` in
    seconds; `metrics_key_digest`: SHA-256 of the key with which metrics are read, if any; `machine`: told there."""

    desk: Desk
    committer: Committer
    relay: RevocationRelay
    metrics_key_digest: str = ""
    ticks: Callable[[], float] = time.monotonic
    machine: Machine = field(default_factory=Machine)


def create_app(keeper: Keeper) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    counted = metrics.install(app, keeper.desk, keeper.committer, keeper.machine, keeper.metrics_key_digest)
    problems.install(app, counted)
    health = Health(keeper.desk, keeper.committer, keeper.ticks)

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
        counted.judged(released=given, refused=len(released.items) - given, seconds=seconds)
        return jsonify(_released(released, keeper.desk))

    @app.post("/receipts")
    def post_receipts() -> Response:
        keeper.committer.require_standing()
        return jsonify(sealed_receipts(parse_signed(request.get_data()), keeper.desk))

    @app.post("/feed")
    def post_feed() -> Response:
        keeper.committer.require_standing()
        return jsonify(sealed_feed(parse_signed(request.get_data()), keeper.desk))

    @app.post("/revocations")
    def post_revocation() -> Response:
        return jsonify(acknowledged_answer(see(parse_revocation(request.get_data()), keeper.desk)))

    @app.post("/sessions/revoked")
    def post_session_end() -> Response:
        return jsonify(
            ended_answer(end_session(parse_session_end(request.get_data()), keeper.desk), keeper.desk)
        )

    @app.get("/health")
    def get_health() -> tuple[Response, int]:
        told = health.report()
        return jsonify(told), 200 if told["ok"] else 503

    @app.get("/health/live")
    def get_live() -> Response:
        return jsonify(alive())

    @app.get("/health/ready")
    def get_ready() -> tuple[Response, int]:
        told, status = health.readiness().answer()
        return jsonify(told), status

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
    if item.sealed is None or item.value is None:
        return {"decision": "refused", "code": "no-ground"}
    return {
        "decision": "released",
        "share": fields.to_base64(item.sealed),
        "seat": item.seat,
        "receipt": {"seq": item.seq, "value": fields.to_hex(item.value)},
    }
