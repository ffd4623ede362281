"""By what an audit event is found: R4's search parameters of AuditEvent, with their values (specification J-5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from consentry.fhir import audit_codes
from consentry.fhir.audit_event import RECEIPT, REQUEST_DIGEST
from consentry.fhir.audit_facts import Facts, Named, Pattern
from consentry.fhir.merge import RECORD_TAG

ACTION = "http://hl7.org/fhir/audit-event-action"
OUTCOME = "http://hl7.org/fhir/audit-event-outcome"


def found_by(one: Facts) -> Iterator[tuple[str, str]]:
    """Everything that R4's search parameters find this event by, as (parameter, value)."""
    yield ("_id", one.event_id)
    decision = one.pattern is Pattern.DECISION
    kind, system = (
        (audit_codes.SECURITY_ALERT, audit_codes.AUTHZ)
        if decision
        else (audit_codes.REST, audit_codes.INTERACTION)
    )
    yield from _token("type", kind[0], kind[1])
    for code in one.subtypes:
        yield from _token("subtype", system, code)
    yield from _token("action", ACTION, audit_codes.CODES[one.pattern].action)
    yield from _token("outcome", OUTCOME, str(one.outcome))
    if one.patient is not None:
        yield from (("patient", name) for name in (one.patient.value, one.patient.reference) if name)
    for agent in (one.client, one.member, one.user):
        yield from (("agent", name) for name in _names(agent))
    for entity in (one.patient, one.data, *one.grounds):
        yield from (("entity", name) for name in _names(entity))
    yield from (("entity", f"{RECORD_TAG}|{record}") for record in one.records)
    yield from (("entity", f"{REQUEST_DIGEST}|{digest}") for digest in one.requests)
    yield from (("entity", f"{RECEIPT}|{receipt.digest}") for receipt in one.receipts)


def _token(name: str, system: str, code: str) -> Iterator[tuple[str, str]]:
    yield from ((name, code), (name, f"{system}|{code}"))


def _names(one: Named | None) -> Iterable[str]:
    """A reference, and an identifier where it is nobody's secret."""
    if one is None:
        return
    if one.reference:
        yield one.reference
    if one.value and not one.private:
        yield f"{one.system}|{one.value}"
