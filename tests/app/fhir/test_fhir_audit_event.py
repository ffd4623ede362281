"""Audit events against the table of what IHE's profiles require (J-1, J-2, J-3)."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from fhir.resources.R4B.auditevent import AuditEvent

from consentry.fhir.audit_codes import BY_CONSENT, BY_ROLE
from consentry.fhir.audit_event import NO_CONSENT, audit_event
from consentry.fhir.audit_facts import Facts, Named, Outcome, Pattern, Problem, ReceiptName
from tests.app.fhir.balp import require_profile

SUBTYPES = {
    Pattern.CREATE: ("create", "transaction"),
    Pattern.READ: ("vread",),
    Pattern.UPDATE: ("update",),
    Pattern.DELETE: ("delete",),
    Pattern.QUERY: ("search-type", "operation"),
    Pattern.DECISION: (BY_CONSENT,),
}
PATIENT = Named(type="Patient", reference="Patient/a-1")
RECEIPT = ReceiptName("0x" + "aa" * 20, 12, "0x" + "bb" * 32)
DENIED = Problem("no-ground", "forbidden", "There is no ground for this request.")


def facts(pattern: Pattern, **more: Any) -> Facts:
    known: dict[str, Any] = {
        "event_id": "0" * 32,
        "recorded": 1_800_000_000,
        "pattern": pattern,
        "subtypes": SUBTYPES[pattern],
        "outcome": Outcome.SUCCESS,
        "request_id": "r-1",
        "origin": "https://city.example",
        "member": Named(system="urn:consentry:member", value="0x" + "11" * 20, display="City Hospital"),
        "client": Named(system="urn:consentry:client", value="his"),
        "address": "192.0.2.1",
        "user": Named(type="Practitioner", reference="Practitioner/p-1", display="Dr Bose"),
        "role": "attending",
        "purpose": "TREAT",
        "patient": PATIENT,
        "data": Named(type="Observation", reference="Observation/o-1"),
        "query": "GET /fhir/Observation?patient=&_count=10",
    }
    return Facts(**{**known, **more})


@pytest.mark.parametrize("pattern", list(Pattern))
@pytest.mark.parametrize("user", [True, False], ids=["user", "system alone"])
def test_audit_event_is_shaped_after_the_profile(pattern: Pattern, user: bool) -> None:  # noqa: FBT001
    """J-1: with a patient and without, with a user and by a system alone; and `fhir.resources` takes it."""
    whole = facts(pattern, requests=("0x" + "cc" * 32,), receipts=(RECEIPT,), more_receipts=3)
    decision = pattern is Pattern.DECISION
    one = whole if user or decision else replace(whole, user=None)
    event = audit_event(one)
    name = pattern if decision else f"Patient{pattern}"
    require_profile(event, name)
    assert event["meta"]["tag"][0]["code"] == f"IHE.BasicAudit.{name}" and "profile" not in event["meta"]
    AuditEvent.model_validate(event)
    if not decision:
        bare = audit_event(replace(one, patient=None))
        require_profile(bare, pattern)
        AuditEvent.model_validate(bare)
    assert any(agent["requestor"] for agent in event["agent"])


def test_audit_event_points_to_receipts() -> None:
    """J-3: by digest, keeper and number; and by the request's digest, which every receipt of it names."""
    one = facts(Pattern.READ, requests=("0x" + "cc" * 32,), receipts=(RECEIPT,), more_receipts=3)
    entities = {row["type"]["code"]: row for row in audit_event(one)["entity"]}
    assert entities["request"]["what"]["identifier"]["value"] == "0x" + "cc" * 32
    assert entities["receipt"]["what"]["identifier"]["value"] == RECEIPT.digest
    told = {row["type"]: row["valueString"] for row in entities["receipt"]["detail"]}
    assert told == {"keeper": RECEIPT.keeper, "sequence": "12"}
    assert entities["receipts"]["what"]["display"].startswith("3 more")
    decided = audit_event(replace(one, pattern=Pattern.DECISION, subtypes=(BY_CONSENT,)))
    told = {row["type"]: row["valueString"] for row in decided["entity"][1]["detail"]}
    assert RECEIPT.digest in told["urn:consentry:receipt"]


@pytest.mark.parametrize("pattern", list(Pattern))
def test_audit_event_of_a_refusal_says_why(pattern: Pattern) -> None:
    """J-2: outcome, outcomeDesc and an OperationOutcome with the slug and its sentence, nothing of the record."""
    event = audit_event(facts(pattern, outcome=Outcome.SERIOUS, problem=DENIED, data=None))
    AuditEvent.model_validate(event)
    assert event["outcome"] == "8"
    if pattern is Pattern.DECISION:
        require_profile(event, pattern)
        assert event["outcomeDesc"] == "deny: no-ground"
        assert event["entity"][1]["what"] == {"display": NO_CONSENT}
        return
    assert event["outcomeDesc"] == "no-ground"
    assert event["contained"][0]["issue"][0]["details"]["coding"][0]["code"] == "no-ground"
    assert {"reference": "#outcome"} in [row.get("what") for row in event["entity"]]


def test_audit_event_of_a_decision_without_consent_claims_no_pattern() -> None:
    """J-1: BALP words decisions by consent only."""
    ground = Named(system="urn:consentry:opening", value="0x" + "dd" * 32)
    event = audit_event(facts(Pattern.DECISION, subtypes=(BY_ROLE,), grounds=(ground,)))
    AuditEvent.model_validate(event)
    assert event["meta"]["tag"][0]["code"] == BY_ROLE
    assert event["entity"][1]["what"]["identifier"]["value"] == ground.value


def test_facts_come_back_as_they_were_kept() -> None:
    """J-4: also those that an earlier version wrote, without what it did not know."""
    one = facts(Pattern.READ, receipts=(RECEIPT,), problem=DENIED, grounds=(PATIENT,), requests=("0x01",))
    kept = json.loads(json.dumps(one.to_json()))
    assert Facts.from_json(kept) == one
    for name in ("grounds", "receipts", "requests", "problem", "more_receipts"):
        del kept[name]
    assert Facts.from_json(kept | {"of a later version": 1}) == facts(Pattern.READ)


def test_query_holds_the_request_as_it_was_cleaned() -> None:
    """J-3: in clear and, as BALP wants it, in base64."""
    entity = audit_event(facts(Pattern.QUERY))["entity"][1]
    assert base64.b64decode(entity["query"]).decode() == entity["description"]
