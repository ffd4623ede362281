"""Facts as a FHIR R4 AuditEvent, shaped after IHE BALP (specification J-1 to J-3).

"Shaped after", not "conformant": no validator of IHE's has run, so `meta.tag` names the pattern and `meta.profile` claims none.
"""

from __future__ import annotations

import base64
from typing import Any

from consentry.domain import times
from consentry.fhir import audit_codes as codes
from consentry.fhir.audit_codes import CODES, Coding
from consentry.fhir.audit_facts import Facts, Named, Outcome, Pattern
from consentry.fhir.merge import RECORD_TAG
from consentry.fhir.outcome import CODE_SYSTEM

SHAPED_AFTER = "urn:consentry:shaped-after"
RECEIPT, REQUEST_DIGEST = "urn:consentry:receipt", "urn:consentry:request-digest"
NO_CONSENT = "none of the patient's consents was found to permit this"
_IP_ADDRESS, _URI = "2", "5"


def audit_event(facts: Facts) -> dict[str, Any]:
    """The resource. A failure holds an OperationOutcome, as BALP asks, and says why in `outcomeDesc`."""
    decision = facts.pattern is Pattern.DECISION
    event: dict[str, Any] = {
        "resourceType": "AuditEvent",
        "id": facts.event_id,
        "meta": {
            "lastUpdated": times.iso(facts.recorded),
            "versionId": "1",
            "tag": [{"system": SHAPED_AFTER, "code": _pattern(facts)}],
        },
        "type": _coding(codes.SECURITY_ALERT if decision else codes.REST),
        "subtype": [
            {"system": codes.AUTHZ if decision else codes.INTERACTION, "code": one} for one in facts.subtypes
        ],
        "action": CODES[facts.pattern].action,
        "recorded": times.iso(facts.recorded),
        "outcome": str(facts.outcome),
        "agent": _decision_agents(facts) if decision else _agents(facts),
        "source": {
            "site": facts.member.display,
            "observer": _reference(facts.member),
            "type": [_coding(codes.APPLICATION_SERVER)],
        },
        "entity": _decision_entities(facts) if decision else _entities(facts),
    }
    if facts.outcome is not Outcome.SUCCESS:
        event["outcomeDesc"] = _why(facts)
    if facts.problem is not None and not decision:
        event["contained"] = [_outcome(facts)]
    if facts.purpose:
        event["purposeOfEvent"] = [_purpose(facts)]
    return event


def _pattern(facts: Facts) -> str:
    if codes.BY_ROLE in facts.subtypes:
        return codes.BY_ROLE  # BALP has no pattern for a decision without consent
    if facts.pattern is Pattern.DECISION or facts.patient is None:
        return f"IHE.BasicAudit.{facts.pattern}"
    return f"IHE.BasicAudit.Patient{facts.pattern}"


def _why(facts: Facts) -> str:
    said = "" if facts.problem is None else facts.problem.code
    return f"deny: {said}" if facts.pattern is Pattern.DECISION else said


def _outcome(facts: Facts) -> dict[str, Any]:
    problem = facts.problem
    assert problem is not None
    issue = {
        "severity": "error",
        "code": problem.issue,
        "details": {"coding": [{"system": CODE_SYSTEM, "code": problem.code}], "text": problem.summary},
    }
    return {"resourceType": "OperationOutcome", "id": "outcome", "issue": [issue]}


# --- agents ---


def _agents(facts: Facts) -> list[dict[str, Any]]:
    fixed = CODES[facts.pattern]
    client = _client(facts, fixed.client) | {"requestor": facts.user is None}
    server = _agent(fixed.server, facts.member) | {
        "network": {"address": f"{facts.origin}/fhir", "type": _URI},
    }
    return [client, server, *_user(facts)]


def _decision_agents(facts: Facts) -> list[dict[str, Any]]:
    fixed = CODES[Pattern.DECISION]
    return [
        _client(facts, fixed.client),
        *_user(facts),
        _agent(codes.PROVIDER, facts.member),
        _agent(fixed.server, facts.member),
    ]


def _client(facts: Facts, role: Coding) -> dict[str, Any]:
    return _agent(role, facts.client) | {"network": {"address": facts.address, "type": _IP_ADDRESS}}


def _user(facts: Facts) -> list[dict[str, Any]]:
    if facts.user is None:
        return []
    user = _agent(CODES[facts.pattern].user, facts.user) | {"requestor": True}
    if facts.user.display:
        user["name"] = facts.user.display
    if facts.role:
        user["role"] = [{"coding": [{"system": "urn:consentry:role", "code": facts.role}]}]
    if facts.purpose:
        user["purposeOfUse"] = [_purpose(facts)]
    return [user]


def _agent(role: Coding, who: Named) -> dict[str, Any]:
    return {"type": {"coding": [_coding(role)]}, "who": _reference(who), "requestor": False}


# --- entities ---


def _entities(facts: Facts) -> list[dict[str, Any]]:
    found = [] if facts.patient is None else [_patient(facts.patient)]
    if facts.pattern is Pattern.QUERY:
        raw = base64.b64encode(facts.query.encode("utf-8")).decode("ascii")
        query = {"type": _coding(codes.SYSTEM_OBJECT), "role": _coding(codes.QUERY)}
        found.append(query | {"description": facts.query, "query": raw})
    else:
        data = {"type": _coding(codes.SYSTEM_OBJECT), "role": _coding(codes.DOMAIN_RESOURCE)}
        found.append(data | {"what": _reference(facts.data or Named(display="nothing was found here"))})
    found.append({"type": _coding(codes.REQUEST_ID), "what": {"identifier": {"value": facts.request_id}}})
    for record in facts.records:
        found.append(
            {"type": _our("record"), "what": {"identifier": {"system": RECORD_TAG, "value": record}}}
        )
    if facts.problem is not None:
        found.append({"type": _coding(codes.OUTCOME), "what": {"reference": "#outcome"}})
    if facts.unwritten:
        more = f"{facts.unwritten} more refusals of callers whom nobody knows, before this one"
        found.append({"type": _our("unwritten"), "what": {"display": more}})
    return found + _evidence(facts)


def _evidence(facts: Facts) -> list[dict[str, Any]]:
    """Whatever keepers wrote down of it: every receipt of a request names the request's digest."""
    found: list[dict[str, Any]] = [
        {"type": _our("request"), "what": {"identifier": {"system": REQUEST_DIGEST, "value": digest}}}
        for digest in facts.requests
    ]
    for one in facts.receipts:
        detail = [("keeper", one.keeper), ("sequence", str(one.seq))]
        found.append(
            {
                "type": _our("receipt"),
                "what": {"identifier": {"system": RECEIPT, "value": one.digest}},
                "detail": [{"type": name, "valueString": value} for name, value in detail],
            }
        )
    if facts.more_receipts:
        more = f"{facts.more_receipts} more receipts name the same requests"
        found.append({"type": _our("receipts"), "what": {"display": more}})
    return found


def _decision_entities(facts: Facts) -> list[dict[str, Any]]:
    """BALP closes this list to patient, consents and token: so keepers' receipts are details of the consents."""
    found = [] if facts.patient is None else [_patient(facts.patient)]
    detail = [(REQUEST_DIGEST, digest) for digest in facts.requests]
    detail += [(RECEIPT, f"{one.digest} ({one.keeper}, {one.seq})") for one in facts.receipts]
    for ground in facts.grounds or (Named(display=NO_CONSENT),):
        kind = _our("ground") if codes.BY_ROLE in facts.subtypes else _coding(codes.CONSENT)
        entity: dict[str, Any] = {"type": kind, "what": _reference(ground)}
        if detail:
            entity["detail"] = [{"type": name, "valueString": value} for name, value in detail]
            detail = []
        found.append(entity)
    return found


def _patient(who: Named) -> dict[str, Any]:
    return {
        "type": _coding(codes.PERSON),
        "role": _coding(codes.PATIENT),
        "what": _reference(who) | {"type": "Patient"},
    }


# --- datatypes ---


def _reference(one: Named) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: value
        for name, value in (("type", one.type), ("reference", one.reference), ("display", one.display))
        if value
    }
    if one.value:
        found["identifier"] = {"system": one.system, "value": one.value}
    return found


def _purpose(facts: Facts) -> dict[str, Any]:
    return {"coding": [{"system": codes.ACT_REASON, "code": facts.purpose}]}


def _our(code: str) -> dict[str, str]:
    return {"system": codes.OUR_ENTITIES, "code": code}


def _coding(one: Coding) -> dict[str, str]:
    system, code, display = one
    return {"system": system, "code": code, "display": display}
