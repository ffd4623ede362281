"""Consents for tests: who the members are, what surrounds a provision, and what a Consent means, said without our code."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from consentry.domain import fields, times
from consentry.domain.addresses import Address
from consentry.fhir.consent_codes import Names
from tests.vectors.samples import CITY, MERCY, account, filler

NOW = times.seconds("2026-03-01T09:30:00Z")
CLINIC = account("clinic")
MEMBERS: dict[Address, str] = {CITY: "City Clinic", MERCY: "Mercy Hospital 仁爱医院", CLINIC: "Labor Süd"}
TABLE: dict[str, Any] = json.loads(Path(__file__).with_name("consent_cases.json").read_text("utf-8"))

REASONS = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
KINDS = "urn:consentry:category"


def record_of(reference: str) -> str | None:
    """Observations are records of their own in these tests; an Encounter is one beside others."""
    return fields.to_hex(filler(reference)) if reference.startswith("Observation/") else None


NAMES = Names(CITY, MEMBERS, "https://city.test/fhir", record_of)


def expand(node: Any) -> Any:
    """The table's short forms: @CODE is a purpose, @IRCP the recipient's role, $city and $mercy are members."""
    if isinstance(node, dict):
        return {key: expand(value) for key, value in node.items()}
    if isinstance(node, list):
        return [expand(one) for one in node]
    if isinstance(node, str) and node in TABLE["short"]:
        return expand(TABLE["short"][node])
    if isinstance(node, str) and node.startswith("@"):
        return {"system": REASONS, "code": node[1:]}
    if isinstance(node, str):
        return node.replace("{city}", CITY).replace("{mercy}", MERCY)
    return node


def consent(provision: Any = None, **changes: Any) -> dict[str, Any]:
    """The table's surroundings with this provision; a change to None leaves an element out."""
    whole = {
        **expand(TABLE["surroundings"]),
        **({} if provision is None else {"provision": provision}),
        **changes,
    }
    return {key: value for key, value in whole.items() if value is not None}


# --- what a Consent means: one request at a time, on its JSON ---


def permits(root: dict[str, Any], purpose: str, kind: str, date: str, author: str, record: str) -> bool:
    """R4 consent.html and IHE PCF read literally; a denial wins. `author` is an address, `record` a reference."""
    asked = {"purpose": purpose, "kind": kind, "date": date, "author": author, "record": record}
    # who denies a purpose denies what is one of its kind
    denied = asked | {"purpose": " ".join((purpose, *TABLE["purposes"]["subsumedBy"].get(purpose, [])))}
    nested = root.get("provision", [])
    lent = {key: value for key, value in root.items() if key not in ("type", "provision", "period", "actor")}
    permissions = [lent | rule | _data(lent, rule) for rule in nested if rule["type"] == "permit"]
    permissions += [root] if root.get("type") == "permit" else []
    denials = [rule for rule in nested if rule["type"] == "deny"]
    if kind == "emergency":
        # it repeats data of any kind and date: so it may be given only if all of that may
        if any(_about(rule, denied) and _restricts(rule) for rule in denials):
            return False
        permissions = [one for one in permissions if "class" in one or "dataPeriod" not in one]
    return any(_fits(one, asked) for one in permissions) and not any(_fits(one, denied) for one in denials)


def _data(lent: dict[str, Any], rule: dict[str, Any]) -> dict[str, Any]:
    """A nested rule that names authors only leaves the root's documents as they are, and the other way round."""
    own, others = rule.get("data", []), lent.get("data", [])
    kept = [one for one in others if all(one["meaning"] != another["meaning"] for another in own)]
    return {"data": own + kept} if own or kept else {}


def _fits(rule: dict[str, Any], asked: dict[str, str]) -> bool:
    kinds = [one["code"] for one in rule.get("class", [])]
    named = [one["reference"]["reference"] for one in rule.get("data", []) if one["meaning"] == "instance"]
    start, end = period(rule.get("dataPeriod", {}))
    return (
        _about(rule, asked)
        and (not kinds or asked["kind"] in kinds or kinds == ["any"])
        and (not named or asked["record"] in named)
        and start <= asked["date"] < end
    )


def _about(rule: dict[str, Any], asked: dict[str, str]) -> bool:
    """Purposes and authors: what the summary of an author does not mix."""
    reasons = [one["code"] for one in rule.get("purpose", [])]
    authors = [
        one["reference"]["reference"] for one in rule.get("data", []) if one["meaning"] == "authoredby"
    ]
    return (not reasons or not set(reasons).isdisjoint(asked["purpose"].split())) and (
        not authors or f"Organization/{asked['author']}" in authors
    )


def _restricts(rule: dict[str, Any]) -> bool:
    return any(key in rule for key in ("class", "dataPeriod")) or any(
        one["meaning"] == "instance" for one in rule.get("data", [])
    )


def period(one: dict[str, str]) -> tuple[str, str]:
    """From and until before, for whole days: FHIR counts the end in."""
    start = one.get("start", "0000-01-01") + "T00:00:00Z"
    if "end" not in one:
        return start, "9999-12-31T23:59:59Z"
    last = datetime.fromisoformat(one["end"]).replace(tzinfo=UTC) + timedelta(days=1)
    return start, last.strftime("%Y-%m-%dT%H:%M:%SZ")
