"""What `$validate` answers (R4 resource-operation-validate.html): is it R4, and would it be taken here?"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from consentry.errors import BundleNamesNoPatient, InputError, NotFhir, ResourceTypeUnsupported
from consentry.fhir import jsontext, tables
from consentry.fhir.jsontext import Json
from consentry.fhir.outcome import information, operation_outcome
from consentry.fhir.single import bundle_of, require_type
from consentry.fhir.split import split
from consentry.fhir.validate import MAX_DEPTH, ValidBundle, check_bundle, check_resource

MODES = frozenset(("create", "update", "delete", "profile"))
_WRITING = frozenset(("create", "update"))


def read_subject(raw: bytes, kind: str) -> tuple[dict[str, Json], str]:
    """The resource to check and the mode asked for (empty: none), from the resource itself or from Parameters.

    Raises NotJson, NotFhir, ResourceTypeMismatch.
    """
    tree = jsontext.read(raw, max_depth=MAX_DEPTH)
    if not isinstance(tree, dict) or tree.get("resourceType") != "Parameters" or kind == "Parameters":
        return require_type(tree, kind), ""
    found = _parameters(tree.get("parameter"))
    mode = found.get("mode", "")
    if mode and mode not in MODES:
        raise NotFhir("There is no such mode.", expression=("Parameters.parameter",))
    return require_type(found.get("resource"), kind), str(mode)


def outcome_of(resource: dict[str, Json], mode: str, received_at: str) -> dict[str, Json]:
    """An OperationOutcome: what R4 objects to; else what keeps it from being published, as an error if it is to be created or
    updated; else where it would go. `received_at` (`YYYY-MM-DDThh:mm:ssZ`) dates what nothing else does."""
    kind = resource["resourceType"]
    try:
        if kind == "Bundle":
            return _placed(check_bundle(resource), received_at)
        check_resource(resource)
    except InputError as problem:
        return operation_outcome(problem)
    try:
        if tables.resource_types()[kind].role not in ("clinical", "attached"):
            return information(f"Valid R4. A {kind} is taken in a Bundle, with what refers to it.")
        return _placed(bundle_of(resource, uuid4().urn), received_at)
    except InputError as problem:
        return _hindered(problem, mode)


def _placed(bundle: ValidBundle, received_at: str) -> dict[str, Json]:
    drafts = split(bundle, received_at=received_at)
    places = sorted({f"{one.category} ({one.confidentiality})" for one in drafts})
    records = "1 record" if len(drafts) == 1 else f"{len(drafts)} records"
    return information(f"Valid R4. It would be published as {records}: {', '.join(places)}.")


def _hindered(problem: InputError, mode: str) -> dict[str, Json]:
    told = operation_outcome(problem)
    if mode not in _WRITING and isinstance(problem, BundleNamesNoPatient | ResourceTypeUnsupported):
        told["issue"][0]["severity"] = "warning"
    return told


def _parameters(rows: Any) -> dict[str, Any]:
    """`resource` and `mode`, whatever else is said."""
    found: dict[str, Any] = {}
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and row.get("name") == "resource":
            found["resource"] = row.get("resource")
        if isinstance(row, dict) and row.get("name") == "mode":
            found["mode"] = row.get("valueCode")
    return found
