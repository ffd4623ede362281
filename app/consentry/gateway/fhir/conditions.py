"""Conditions of a request: at which version (`If-Match`), and by which identifier (R4 http.html#ccreate, #cond-update)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import request
from werkzeug.http import parse_etags

from consentry.errors import ConditionInvalid
from consentry.fhir.search_query import alternatives, token
from consentry.services.resources import Identifier

_ABOUT = ("patient", "subject")
_RESULT = ("_format", "_pretty", "_summary", "_elements")
_MOST = 16


@dataclass(frozen=True)
class Condition:
    """`identifier` is (system, value); the system is None where any will do. `patient`: a reference, or None."""

    identifier: Identifier
    patient: str | None


def expected_versions() -> frozenset[str] | None:
    """The versions that `If-Match` names; None if any will do."""
    return versions_of(request.headers.get("If-Match", ""))


def versions_of(text: str) -> frozenset[str] | None:
    """The same, of an entry's `ifMatch`."""
    tags = parse_etags(text)
    return None if not text.strip() or tags.star_tag else frozenset(tags.as_set(include_weak=True))


def unless_exists() -> Condition | None:
    """`If-None-Exist`, or what stands in the query: older clients say it there."""
    return condition_of(
        request.headers.get("If-None-Exist") or request.query_string.decode("ascii", "replace")
    )


def chosen() -> Condition:
    """What names the resource of a conditional update or delete. Raises ConditionInvalid."""
    condition = condition_of(request.query_string.decode("ascii", "replace"))
    if condition is None:
        raise ConditionInvalid("it names no identifier")
    return condition


def condition_of(query: str) -> Condition | None:
    """Raises ConditionInvalid rather than leave out a part: who asks would write what must not be written."""
    try:
        pairs = parse_qsl(query.lstrip("?"), keep_blank_values=True, max_num_fields=_MOST)
    except ValueError:
        raise ConditionInvalid(f"it has more than {_MOST} parts") from None
    said = [(name, value) for name, value in pairs if name not in _RESULT]
    if not said:
        return None
    identifiers = [value for name, value in said if name == "identifier"]
    patients = {value for name, value in said if name in _ABOUT}
    if len(identifiers) + sum(name in _ABOUT for name, _ in said) < len(said):
        raise ConditionInvalid("it names something else than an identifier and the patient")
    if len(identifiers) != 1 or len(patients) > 1:
        raise ConditionInvalid("it must name one identifier, and one patient at most")
    return Condition(_identifier(identifiers[0]), next(iter(patients), None))


def _identifier(text: str) -> Identifier:
    found = [token(one) for one in alternatives(text)]
    if len(found) != 1 or not found[0].code:
        raise ConditionInvalid("identifier must be system|value, one of them")
    return found[0].system, found[0].code
