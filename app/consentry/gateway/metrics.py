"""What a gateway counts, and what is asked of it when somebody reads (specification H-48, H-49)."""

from __future__ import annotations

from typing import Final, cast

from flask import Blueprint, Flask, Response, current_app, request

from consentry.gateway.audit_notes import notes
from consentry.gateway.parts import Gateway, gateway
from consentry.services.head_alarm import ChainSeen
from consentry.services.opening_desk import overdue
from consentry.telemetry.asking import chain_of, nodes_of, sendings_of
from consentry.telemetry.machine import machine_of
from consentry.telemetry.metrics import CONTENT_TYPE, OK, Metrics, Source, Values
from consentry.telemetry.readers import require_reader

routes = Blueprint("metrics", __name__)
_NAME = "consentry.metrics"
_INDEX = {
    "index_lag_blocks": "Blocks that the index is behind the chain",
    "index_missing_authors": "Authors of manifests that cannot be found",
    "index_entries_missing": "1 while some entry's block is not here yet",
}
_STORE = {
    "store_ok": "1 while the store answers as it should",
    "store_nodes": "Nodes of the store",
    "store_nodes_answering": "Of these, those that answer",
    "store_copies": "How many of them hold each content",
}
_WAITING = {
    "records_waiting": "Records that wait for their patient's directory, or for their time after it was opened",
    "records_waiting_scheduled": "Of these, those that only wait for their time",
}
_HELD = {
    "streams_open": "Pages that are told of news at once",
    "working_sets": "Sets of category seeds in memory, each for 15 minutes at most",
    "shown_sets": "Readings kept sealed in memory for the next pages, each for 15 minutes at most",
    "shown_bytes": "Bytes of these",
}
_REVIEWS = {
    "reviews_overdue": "Emergency openings of this member whose review is overdue: with too many it opens none any more"
}
_FAILING = {
    "index_failing": "1 while the index cannot follow the chain: the log says why",
    "filing_failing": "1 while what waits cannot be filed: the log says why",
    "telling_failing": "1 while news cannot be told: the log says why",
}


def install(app: Flask, parts: Gateway) -> None:
    made = Metrics("gateway")
    made.watch(SOURCES, parts)
    app.extensions[_NAME] = made


def count(response: Response, rule: str, seconds: float) -> None:
    """An answer of the route with this template. An error's code says how it ended, whatever its status."""
    problem = notes().problem if response.status_code >= 400 else None
    outcome = OK if problem is None else problem.code
    _metrics().answered(rule, request.method, outcome, seconds)


@routes.get("/metrics")
def get_metrics() -> Response:
    require_reader(gateway().metrics_key_digest, request.remote_addr, request.headers.get)
    return Response(_metrics().text(), content_type=CONTENT_TYPE)


def _metrics() -> Metrics:
    return cast(Metrics, current_app.extensions[_NAME])


def _chain(parts: Gateway) -> tuple[int, ChainSeen]:
    head = parts.ledger.head()
    return head.number, parts.alarm.seen(head)


def _of_index(parts: Gateway) -> Values:
    gaps = parts.index.gaps()
    return {
        "index_lag_blocks": gaps.lag,
        "index_missing_authors": len(gaps.missing_of | gaps.abandoned_of),
        "index_entries_missing": int(gaps.waiting),
    }


def _of_store(parts: Gateway) -> Values:
    store = parts.store.health()
    return {
        "store_ok": int(store.ok),
        "store_nodes": store.nodes,
        "store_nodes_answering": store.answering,
        "store_copies": store.copies,
    }


def _of_waiting(parts: Gateway) -> Values:
    waiting = parts.publishing.waiting.summary()
    return {"records_waiting": waiting.records, "records_waiting_scheduled": waiting.scheduled}


def _held(parts: Gateway) -> Values:
    sets, size = parts.shown.shown.held_now()
    return {
        "streams_open": parts.page.streams.places.open_now(),
        "working_sets": parts.everything.working.held_now(),
        "shown_sets": sets,
        "shown_bytes": size,
    }


def _failing(parts: Gateway) -> Values:
    return {
        "index_failing": int(parts.scanning.problem is not None),
        "filing_failing": int(parts.filing.problem is not None),
        "telling_failing": int(parts.telling.problem is not None),
    }


def _of_reviews(parts: Gateway) -> Values:
    return {"reviews_overdue": overdue(parts.openings)}


SOURCES: Final[tuple[Source[Gateway], ...]] = (
    nodes_of(lambda parts: parts.ledger.nodes()),
    chain_of(_chain),
    sendings_of(lambda parts: parts.sender.under_way(), lambda parts: parts.ledger.head().number),
    Source("index", _INDEX, _of_index),
    Source("store", _STORE, _of_store),
    Source("waiting", _WAITING, _of_waiting),
    Source("held", _HELD, _held),
    Source("work", _FAILING, _failing),
    Source("reviews", _REVIEWS, _of_reviews),
    machine_of(lambda parts: parts.machine),
)
