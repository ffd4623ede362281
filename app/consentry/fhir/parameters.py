"""What an operation is called with, when it is called by POST (R4 operations.html#executing, parameters.html)."""

from __future__ import annotations

from consentry.errors import NotFhir
from consentry.fhir import jsontext
from consentry.fhir.jsontext import Json
from consentry.fhir.validate import MAX_DEPTH

MAX_PARAMETERS = 64


def simple(raw: bytes) -> list[tuple[str, str]]:
    """(name, value) of each parameter, in the order of a Parameters resource; nothing in the body is no parameters.

    Raises NotJson, NotFhir also for a parameter that holds a resource, parts or a structure: no operation here takes one.
    """
    if not raw:
        return []
    tree = jsontext.read(raw, max_depth=MAX_DEPTH)
    if not isinstance(tree, dict) or tree.get("resourceType") != "Parameters":
        raise NotFhir("An operation takes Parameters.", expression=("Parameters",))
    rows = tree.get("parameter", [])
    if not isinstance(rows, list) or len(rows) > MAX_PARAMETERS:
        raise NotFhir(f"It takes at most {MAX_PARAMETERS} of them.", expression=("Parameters.parameter",))
    return [_pair(row, f"Parameters.parameter[{place}]") for place, row in enumerate(rows)]


def _pair(row: Json, where: str) -> tuple[str, str]:
    if isinstance(row, dict) and isinstance(row.get("name"), str):
        values = [value for key, value in row.items() if key.startswith("value")]
        if len(values) == 1 and isinstance(values[0], str | int) and len(row) == 2:
            value = values[0]
            return row["name"], str(value).lower() if isinstance(value, bool) else str(value)
    raise NotFhir("A parameter must have a name and one plain value.", expression=(where,))
