"""Records as a patient's page holds them, and the portrait that the page draws of them, under Node."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from consentry.fhir.split import split
from consentry.fhir.validate import parse_bundle
from tests.browser.node import evaluate

MERCY, CITY = "0x" + "aa" * 20, "0x" + "bb" * 20
NAMES = {MERCY: "Mercy Hospital", CITY: "City Hospital"}
ALICE = "0x" + "a1" * 20
NOW = 1_780_000_000_000
"""Milliseconds: 28 May 2026."""
LOINC, SNOMED, UCUM = "http://loinc.org", "http://snomed.info/sct", "http://unitsofmeasure.org"

_PORTRAIT = """
import { current } from "./app/browser/patient/portrait/held";
import { portrait } from "./app/browser/patient/portrait/portrait";
declare const given: { records: any; now: number };
console.log(JSON.stringify(portrait(current(given.records), given.now)));
"""
_FACTS = """
import { held } from "./app/browser/patient/portrait/held";
import { described } from "./app/browser/patient/portrait/facts";
declare const given: { records: any };
console.log(JSON.stringify(given.records.map(held).flatMap((one: any) =>
  one.resources.map((resource: any) => described(resource, one)))));
"""


def record(
    *resources: dict[str, Any],
    author: str = MERCY,
    category: str = "problem",
    date: str = "2026-01-05T09:00:00Z",
    number: int = 1,
    **header: Any,
) -> dict[str, Any]:
    """An open record; `number` makes its id, `header` replaces parts of the header."""
    record_id = f"0x{number:064x}"
    rows = [{"fullUrl": f"urn:uuid:{one.get('id', '')}", "resource": one} for one in resources]
    return {
        "header": {
            "recordId": record_id, "author": author, "category": category, "date": date, "version": 1, "level": 3,
            "confidentiality": "N", "department": "any", "replaces": None, **header,
        },
        "author": {"address": author, "name": NAMES[author]},
        "bundle": {"resourceType": "Bundle", "type": "collection", "entry": rows},
        "document": record_id,
        "replaced": False,
        "served": [],
    }  # fmt: skip


def published(raw: bytes, author: str = MERCY, first: int = 1) -> list[dict[str, Any]]:
    """The records that a hospital's gateway makes of a Bundle."""
    made = []
    for number, draft in enumerate(split(parse_bundle(raw), received_at="2026-01-01T00:00:00Z"), start=first):
        resources = [row["resource"] for row in json.loads(draft.content)["entry"]]
        about = {"confidentiality": str(draft.confidentiality), "department": draft.department}
        made.append(
            record(
                *resources,
                author=author,
                category=str(draft.category),
                date=draft.date,
                number=number,
                **about,
            )
        )
    return made


def portrait(records: Sequence[dict[str, Any]], now: int = NOW) -> dict[str, Any]:
    drawn: dict[str, Any] = evaluate(_PORTRAIT, {"records": list(records), "now": now})
    return drawn


def facts(*records: dict[str, Any]) -> list[dict[str, Any]]:
    """Every resource of the records in words."""
    told: list[dict[str, Any]] = evaluate(_FACTS, {"records": list(records)})
    return told


def coded(system: str, code: str, display: str | None = None, words: str | None = None) -> dict[str, Any]:
    coding = {"system": system, "code": code, **({"display": display} if display else {})}
    return {"coding": [coding], **({"text": words} if words else {})}


def condition(code: Any, status: str | None = "active", **more: Any) -> dict[str, Any]:
    clinical = {"clinicalStatus": {"coding": [{"code": status}]}} if status else {}
    return {"resourceType": "Condition", **({"code": code} if code else {}), **clinical, **more}


def observation(
    code: Any, value: Any, unit: str, when: Any = "2026-01-05T09:00:00Z", **more: Any
) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "status": "final", "code": code, "effectiveDateTime": when,
        "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit}, **more,
    }  # fmt: skip
