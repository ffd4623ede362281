"""The dashboard and the alerts speak of metrics that there are, and of what is in no label (H-55)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.meta.metrics import LABELS, NAMES

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
NAME = re.compile(r"\b(?:consentry|process)_[a-z_]+\b")
SELECTOR = re.compile(r"\{([^}]*)\}")
GIVEN = frozenset(("instance", "job", "le"))
"""Labels that Prometheus itself puts."""


def drawn() -> Iterator[str]:
    dashboard = json.loads((DEPLOY / "grafana" / "consentry.json").read_text("utf-8"))
    for panel in dashboard["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))


def alerted() -> Iterator[str]:
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text("utf-8"))
    for group in rules["groups"]:
        for rule in group["rules"]:
            assert (
                rule["annotations"].keys() == {"summary", "action", "runbook_url"}
                and rule["labels"]["severity"]
            ), rule
            yield rule["expr"]


@pytest.mark.parametrize("expressions", [drawn, alerted])
def test_what_is_watched_exists(expressions: object) -> None:
    """H-55: no panel stays empty, and no alert silent, because of a name."""
    assert callable(expressions)
    named = {name for one in expressions() for name in NAME.findall(one)}
    assert len(named) > 10 and named <= NAMES, named - NAMES
    for one in expressions():
        for selector in SELECTOR.findall(one):
            labels = set(re.findall(r"(\w+)\s*=", selector))
            assert labels <= LABELS | GIVEN, one
        assert one.count("(") == one.count(")")


def test_panels_lie_side_by_side() -> None:
    """None covers another."""
    dashboard = json.loads((DEPLOY / "grafana" / "consentry.json").read_text("utf-8"))
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        here = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not here & taken and place["x"] + place["w"] <= 24
        taken |= here
