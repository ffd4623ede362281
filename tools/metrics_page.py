"""Write docs/metrics.md from what gateways and keepers count; `--check` only compares."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from generated_page import write_or_check
from prometheus_client import ProcessCollector

from consentry.gateway import metrics as gateway
from consentry.keeper import metrics as keeper
from consentry.telemetry.metrics import Metrics, Named, gauges

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "metrics.md"
INTRODUCTION = """# Metrics

What gateways and keepers count, at `/metrics` of each, in the Prometheus text format. No label says who, whom or what for, and
none is made up by a caller: `route` is a template, `outcome` is `ok` or a code of [errors](errors.md), `part` is what was asked
when you read. A part that does not answer is left out, with `part_silent` saying so. Counters begin anew with the process.

Without the setting `metrics_key_digest` they are told on the same machine alone, and to nobody who comes through a proxy that
says so (`Forwarded`, `X-Forwarded-For`, `X-Real-IP`, `Via`). One that adds none of these must not hand on `/metrics`, or a key
must be set: `metrics_key_digest` is the SHA-256 of a key that you make up (`openssl rand -hex 32`), as 64 hex digits, and
Prometheus shows the key as `authorization: {credentials_file: …}`.

[`deploy/grafana/consentry.json`](../deploy/grafana/consentry.json) is a dashboard of them, and
[`deploy/prometheus/alerts.yaml`](../deploy/prometheus/alerts.yaml) says when somebody should look. Requests that are refused
before any application hears of them (no HTTP, headers too long, bodies too large) are not counted here.

This page is written by `tools/metrics_page.py` from the code; CI compares.
"""


def named() -> dict[str, Sequence[Named]]:
    """By program, and what both tell of their process."""
    at_gateway, at_keeper = Metrics("gateway"), keeper.KeeperMetrics()
    process = [
        Named(f"{one.name}_total" if one.type == "counter" else one.name, one.type, (), one.documentation)
        for one in ProcessCollector(registry=None).collect()
    ]
    return {
        "Gateway": [*at_gateway.names, *gauges(at_gateway.prefix, gateway.SOURCES)],
        "Keeper": [*at_keeper.names, *gauges(at_keeper.prefix, keeper.SOURCES)],
        "Process, of both": process,
    }


def page() -> str:
    parts = [INTRODUCTION]
    for title, names in named().items():
        parts.append(f"\n## {title}\n\n| name | kind | labels | what it says |\n| --- | --- | --- | --- |\n")
        for one in names:
            labels = ", ".join(f"`{label}`" for label in one.labels) or "–"
            parts.append(f"| `{one.name}` | {one.kind} | {labels} | {one.says.rstrip('.')} |\n")
    return "".join(parts)


def main() -> int:
    return write_or_check(TARGET, page(), "the code says")


if __name__ == "__main__":
    sys.exit(main())
