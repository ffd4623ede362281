"""Comparing audit events with the table of what IHE's profiles require (J-1)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PROFILES = json.loads((Path(__file__).parent / "balp_profiles.json").read_text("utf-8"))["profiles"]


def coding(one: dict[str, Any]) -> str:
    return f"{one['system']}#{one['code']}"


def at(found: dict[str, Any], path: str) -> Any:
    for name in path.split("."):
        found = found.get(name, {})
    return found


def require_slices(found: list[dict[str, Any]], slices: dict[str, Any], *, others: bool) -> None:
    """Each slice as often as it must be, with what it requires, without what it forbids."""
    left = list(found)
    for name, rule in slices.items():
        kinds = {
            id(one): coding(at(one, "type.coding")[0] if "coding" in one["type"] else one["type"])
            for one in found
        }
        mine = [one for one in found if kinds[id(one)] in rule["types"]]
        assert rule["min"] <= len(mine) <= rule["max"], (name, len(mine))
        for one in mine:
            left.remove(one)
            assert all(at(one, path) for path in rule["required"]), (name, one)
            assert not set(rule["absent"]) & one.keys(), (name, one)
            assert one.get("requestor") == rule.get("requestor", one.get("requestor")), name
            assert "roles" not in rule or coding(one["role"]) in rule["roles"], name
            assert "target" not in rule or one["what"]["type"] == rule["target"], name
    assert others or not left, left


def require_profile(event: dict[str, Any], name: str) -> None:
    rule = PROFILES[name]
    assert coding(event["type"]) == rule["type"]
    least, most = rule["subtypesOfThese"]
    assert least <= sum(coding(one) in rule["subtypes"] for one in event["subtype"]) <= most
    assert event["action"] == rule["action"] and event["outcome"] in rule["outcomes"]
    require_slices(event["agent"], rule["agents"], others=rule["otherAgents"])
    require_slices(event["entity"], rule["entities"], others=rule["otherEntities"])
