"""The audit trail of a gateway."""

from __future__ import annotations

from consentry.errors.base import InputError, UnavailableError


class AuditUnwritable(UnavailableError):
    code = "audit-unwritable"
    next_step = (
        "Look at the gateway's disk and database; what was sent may have been done: ask, or send it again."
    )
    summary = "The audit event could not be written, and without it no answer is given."


class AuditEventUnknown(InputError):
    """Somebody else's is as unknown as none."""

    code = "audit-event-unknown"
    status = 404
    next_step = "Search /fhir/AuditEvent: patients find what concerns them, auditors of the member or the regulator everything."
    summary = "There is no such audit event for you."
