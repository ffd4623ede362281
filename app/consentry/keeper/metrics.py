"""What a keeper counts, and what is asked of it when somebody reads (specification H-48). No label says who, whom or what for."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Final

from flask import Flask, Response, g, request

from consentry.keeper.committer import Committer
from consentry.services.head_alarm import ChainSeen, HeadAlarm
from consentry.services.keeper_desk import Desk
from consentry.telemetry import request_id
from consentry.telemetry.asking import chain_of, nodes_of, sendings_of
from consentry.telemetry.machine import Machine, machine_of
from consentry.telemetry.metrics import CONTENT_TYPE, NO_ROUTE, OK, Metrics, Source, Values
from consentry.telemetry.readers import require_reader

_RECEIPTS = {
    "receipts": "Receipts in the book",
    "receipts_uncommitted": "Receipts not on chain yet",
    "revocations_waiting": "Revocations not final on chain yet",
    "revocations_refused": "Of these, those that the chain refuses",
}
_LOG = logging.getLogger(__name__)
_COMMITTING = {"committing_failing": "1 while receipts cannot be committed: the log says why"}


@dataclass(frozen=True)
class _Parts:
    desk: Desk
    committer: Committer
    alarm: HeadAlarm
    machine: Machine


class KeeperMetrics(Metrics):
    def __init__(self) -> None:
        super().__init__("keeper")
        self._released = self.counter("items_released", "Shares released")
        self._refused = self.counter("items_refused", "Items refused to identified actors")
        self._judging = self.histogram(
            "release_seconds", "Time in which a request for shares was judged and answered"
        )

    def judged(self, *, released: int, refused: int, seconds: float) -> None:
        """How many items of a request each way, and how long that took."""
        self._released.inc(released)
        self._refused.inc(refused)
        self._judging.observe(seconds)

    def problem(self, code: str) -> None:
        """The request that is being answered ends with this code of docs/errors.md."""
        g.outcome = code


def install(app: Flask, desk: Desk, committer: Committer, machine: Machine, key_digest: str) -> KeeperMetrics:
    """Count all requests of the app, and answer /metrics to whoever may read them."""
    metrics = KeeperMetrics()
    alarm = HeadAlarm(desk.ledger, desk.clock, desk.limits.max_head_age_seconds)
    metrics.watch(SOURCES, _Parts(desk, committer, alarm, machine))

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        request_id.begin(request_id.opaque(request.headers.get(request_id.HEADER, "")))

    @app.after_request
    def count(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule is not None else NO_ROUTE
        outcome, took = g.get("outcome", OK), time.perf_counter() - g.started
        metrics.answered(rule, request.method, outcome, took)
        response.headers[request_id.HEADER] = request_id.current()
        _log(rule, response.status_code, outcome, took)
        return response

    @app.teardown_request
    def end(_: BaseException | None) -> None:
        request_id.begin("")

    @app.get("/metrics")
    def get_metrics() -> Response:
        require_reader(key_digest, request.remote_addr, request.headers.get)
        return Response(metrics.text(), content_type=CONTENT_TYPE)

    return metrics


def _log(rule: str, status: int, outcome: str, seconds: float) -> None:
    told = {
        "request": request_id.current(),
        "method": request.method,
        "route": rule,
        "status": status,
        "code": outcome,
    }
    _LOG.info(
        "%(request)s %(method)s %(route)s %(status)d %(code)s %(ms).0f ms", told | {"ms": 1000 * seconds}
    )


def _chain(parts: _Parts) -> tuple[int, ChainSeen]:
    head = parts.desk.ledger.head()
    return head.number, parts.alarm.seen(head)


def _of_book(parts: _Parts) -> Values:
    book, revocations = parts.desk.book, parts.desk.revocations
    receipts = book.next_seq()
    return {
        "receipts": receipts,
        "receipts_uncommitted": receipts - book.committed_until(),
        "revocations_waiting": revocations.waiting(),
        "revocations_refused": revocations.refused(),
    }


def _committing(parts: _Parts) -> Values:
    return {"committing_failing": int(parts.committer.problem is not None)}


SOURCES: Final[tuple[Source[_Parts], ...]] = (
    nodes_of(lambda parts: parts.desk.ledger.nodes()),
    chain_of(_chain),
    sendings_of(
        lambda parts: parts.committer.sender.under_way(), lambda parts: parts.desk.ledger.head().number
    ),
    Source("book", _RECEIPTS, _of_book),
    Source("committing", _COMMITTING, _committing),
    machine_of(lambda parts: parts.machine),
)
