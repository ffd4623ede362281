"""Every FHIR error is an OperationOutcome (R4 operationoutcome.html), as JSON trees ready for
`jsontext.write`."""

from __future__ import annotations

from typing import Final

from consentry import errors
from consentry.errors import ConsentryError
from consentry.fhir.jsontext import Json

CODE_SYSTEM = "urn:consentry:error"

# R4 value set issue-type by HTTP status
_BY_STATUS: Final[dict[int, str]] = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    409: "conflict",
    410: "deleted",
    412: "conflict",
    413: "too-long",
    415: "not-supported",
    422: "processing",
    429: "throttled",
    500: "exception",
    502: "exception",
    503: "transient",
    504: "timeout",
}

# where the class says more than its status
_BY_CLASS: Final[dict[type[ConsentryError], str]] = {
    errors.NotJson: "structure",
    errors.NotFhir: "invalid",
    errors.BundleTypeUnsupported: "not-supported",
    errors.BundleEmpty: "required",
    errors.BundleNamesNoPatient: "required",
    errors.BundleNamesTwoPatients: "business-rule",
    errors.SubjectNotPatient: "business-rule",
    errors.ResourceTypeUnsupported: "not-supported",
    errors.LevelCoreNotSupported: "not-supported",
    errors.DateMissing: "required",
    errors.ConsentFixed: "business-rule",
    errors.ConsentNotExpressible: "not-supported",
    errors.ConsentPermitsNothing: "business-rule",
    errors.ConsentSignatureMissing: "required",
    errors.ConditionAmbiguous: "multiple-matches",
    errors.ResourceNotOwn: "not-supported",
}


def operation_outcome(error: ConsentryError) -> dict[str, Json]:
    """One issue: severity, issue-type, our slug in details.coding, what to do next, and the elements
    named."""
    issue: dict[str, Json] = {
        "severity": "error",
        "code": _BY_CLASS.get(type(error)) or _BY_STATUS.get(error.status, "processing"),
        "details": {"coding": [{"system": CODE_SYSTEM, "code": error.code}], "text": error.summary},
        "diagnostics": f"{_sentence(error.diagnostics)} {error.next_step}",
    }
    if error.expression:
        issue["expression"] = list(error.expression)
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def _sentence(words: str) -> str:
    """Closed, as another one follows."""
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def information(words: str) -> dict[str, Json]:
    """All is well, and something is said about it."""
    issue = {"severity": "information", "code": "informational", "diagnostics": words}
    return {"resourceType": "OperationOutcome", "issue": [issue]}
