"""Write deploy/grafana/consentry.json, a dashboard of what docs/metrics.md lists; `--check` only compares."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generated_page import write_or_check

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "deploy" / "grafana" / "consentry.json"
WIDTH, HEIGHT, COLUMNS = 12, 8, 24
SOURCE = {"type": "prometheus", "uid": "${source}"}
EACH = 'instance=~"$instance"'
Query = tuple[str, str]


@dataclass(frozen=True)
class Panel:
    """`queries`: PromQL with what each line is called. `unit` by Grafana's names."""

    title: str
    says: str
    queries: tuple[Query, ...]
    unit: str = "short"


def rate(name: str, by: str, more: str = "") -> str:
    return f"sum by (instance, {by}) (rate({name}{{{EACH}{more}}}[$__rate_interval]))"


def late(name: str, share: float, by: str) -> str:
    """A quantile of a histogram."""
    rates = f"rate({name}_bucket{{{EACH}}}[$__rate_interval])"
    return f"histogram_quantile({share}, sum by (le, {by}) ({rates}))"


def both(name: str, called: str = "") -> tuple[Query, ...]:
    """The same of gateways and keepers."""
    legend = f"{{{{instance}}}} {called}".strip()
    return tuple((f"consentry_{one}_{name}{{{EACH}}}", legend) for one in ("gateway", "keeper"))


def one(name: str, called: str = "") -> Query:
    return f"{name}{{{EACH}}}", f"{{{{instance}}}} {called}".strip()


ROWS: dict[str, tuple[Panel, ...]] = {
    "Is all well?": (
        Panel("Parts that do not answer", "By part; nothing is good.", tuple(
            (f"{query} == 1", "{{instance}} {{part}}") for query, _ in both("part_silent"))),
        Panel("Age of the newest block", "Keepers refuse to release when it is too old.",
              both("chain_head_age_seconds"), "s"),
        Panel("Chain nodes that are good", "Of those in the settings.", both("chain_nodes_good")),
        Panel("Work that fails", "The log of the process says why.", (
            one("consentry_gateway_index_failing", "index"), one("consentry_gateway_filing_failing", "filing"),
            one("consentry_gateway_telling_failing", "telling"),
            one("consentry_keeper_committing_failing", "committing"))),
    ),
    "Gateways": (
        Panel("Requests", "By outcome.", (
            (rate("consentry_gateway_requests_total", "outcome"), "{{instance}} {{outcome}}"),), "reqps"),
        Panel("Time to answer, 95 of 100", "By route.", (
            (late("consentry_gateway_request_seconds", 0.95, "route"), "{{route}}"),), "s"),
        Panel("Index", "Blocks behind the chain, and authors whose manifests are nowhere.", (
            one("consentry_gateway_index_lag_blocks", "blocks"),
            one("consentry_gateway_index_missing_authors", "authors"))),
        Panel("Store", "Nodes that answer, and how many hold each content.", (
            one("consentry_gateway_store_nodes_answering", "answering"),
            one("consentry_gateway_store_copies", "copies"))),
        Panel("Records that wait", "For their patient's directory, or for their time.", (
            one("consentry_gateway_records_waiting", "all"),
            one("consentry_gateway_records_waiting_scheduled", "scheduled"))),
        Panel("Emergency reviews that are overdue", "With too many the hospital opens none any more.", (
            one("consentry_gateway_reviews_overdue"),)),
        Panel("Held in memory", "For 15 minutes at most.", (
            one("consentry_gateway_working_sets", "working sets"), one("consentry_gateway_shown_sets", "readings"),
            one("consentry_gateway_streams_open", "streams"))),
    ),
    "Keepers": (
        Panel("Items released and refused", "A second.", (
            (f"rate(consentry_keeper_items_released_total{{{EACH}}}[$__rate_interval])", "{{instance}} released"),
            (f"rate(consentry_keeper_items_refused_total{{{EACH}}}[$__rate_interval])", "{{instance}} refused"))),
        Panel("Time to judge a request", "50 and 95 of 100.", (
            (late("consentry_keeper_release_seconds", 0.5, "instance"), "{{instance}} half"),
            (late("consentry_keeper_release_seconds", 0.95, "instance"), "{{instance}} 95 %")), "s"),
        Panel("Receipts that are not on chain yet", "Half a minute's, as it is set.", (
            one("consentry_keeper_receipts_uncommitted"),)),
        Panel("Revocations", "Waiting for the chain, and refused by it.", (
            one("consentry_keeper_revocations_waiting", "waiting"),
            one("consentry_keeper_revocations_refused", "refused"))),
        Panel("Requests", "By outcome.", (
            (rate("consentry_keeper_requests_total", "outcome"), "{{instance}} {{outcome}}"),), "reqps"),
    ),
    "Transactions and processes": (
        Panel("Transactions under way", "Waiting, and those for which more was offered.",
              (*both("sendings_waiting", "waiting"), *both("sendings_retried", "retried"))),
        Panel("Blocks since the oldest was signed", "It should go back to nothing.", both("sendings_oldest_blocks")),
        Panel("Days until the certificate ends", "Where TLS is set; of the one that the process began with.",
              both("certificate_days"), "d"),
        Panel("Disk that is free", "Where the database's file and an embedded store lie, of the fuller disk.",
              tuple((f"{free} / {whole}", legend) for (free, legend), (whole, _) in zip(
                  both("disk_free_bytes"), both("disk_bytes"), strict=True)), "percentunit"),
        Panel("Memory", "Resident.", (one("process_resident_memory_bytes"),), "bytes"),
        Panel("Processor", "Cores in use.", (
            (f"rate(process_cpu_seconds_total{{{EACH}}}[$__rate_interval])", "{{instance}}"),)),
    ),
}  # fmt: skip


def dashboard() -> dict[str, Any]:
    panels: list[dict[str, Any]] = []
    down = 0
    for title, row in ROWS.items():
        panels.append({"type": "row", "title": title, "collapsed": False, "panels": [], "id": len(panels) + 1,
                       "gridPos": {"x": 0, "y": down, "w": COLUMNS, "h": 1}})  # fmt: skip
        for place, panel in enumerate(row):
            x, y = place % 2 * WIDTH, down + 1 + place // 2 * HEIGHT
            panels.append(drawn(panel, len(panels) + 1, {"x": x, "y": y, "w": WIDTH, "h": HEIGHT}))
        down += 1 + (len(row) + 1) // 2 * HEIGHT
    return {
        "uid": "consentry",
        "title": "Consentry",
        "tags": ["consentry"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [
            {"name": "source", "type": "datasource", "query": "prometheus", "label": "Prometheus"},
            {"name": "instance", "type": "query", "label": "Process", "datasource": SOURCE, "includeAll": True,
             "multi": True, "refresh": 2, "current": {"text": "All", "value": "$__all"},
             "query": {"query": "label_values(process_start_time_seconds, instance)", "refId": "instance"}},
        ]},
        "panels": panels,
    }  # fmt: skip


def drawn(panel: Panel, identifier: int, place: dict[str, int]) -> dict[str, Any]:
    return {
        "id": identifier,
        "type": "timeseries",
        "title": panel.title,
        "description": panel.says,
        "datasource": SOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": [
            {"refId": chr(ord("A") + at), "datasource": SOURCE, "expr": query, "legendFormat": legend}
            for at, (query, legend) in enumerate(panel.queries)
        ],
    }


def main() -> int:
    return write_or_check(TARGET, json.dumps(dashboard(), indent=1) + "\n", "the tool draws")


if __name__ == "__main__":
    sys.exit(main())
