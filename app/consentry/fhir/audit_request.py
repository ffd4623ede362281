"""What a request under /fhir asks for, by method and address alone (R4 http.html): the pattern of its audit event (J-1, J-3).

Nothing that a caller made up comes out of here but names of types, operations and parameters: an id or a value may be anything,
the number of a patient too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from consentry.fhir.audit_facts import Pattern

_TYPE = re.compile(r"[A-Z][A-Za-z]{1,40}")
_OPERATION = re.compile(r"\$[a-z][a-z\-]{1,30}")
_PARAMETER = re.compile(r"_?[a-z][A-Za-z\-]{0,40}(:[A-Za-z]{1,20})?")
_SHOWN = re.compile(r"[a-z0-9]{1,10}")
_WITH_VALUE = frozenset(("_count", "_format", "_summary", "_total"))
_WORDS = frozenset(("_history", "_search"))
_IN_PATH = re.compile(r"/fhir/Patient/([^/$]+)")
_PATIENTS = frozenset(("patient", "subject", "beneficiary"))
MOST_PARAMETERS = 32


@dataclass(frozen=True)
class Asked:
    """`type` and `id` are those of the address, empty if it names none; `id` is the caller's word."""

    pattern: Pattern
    subtypes: tuple[str, ...]
    type: str
    id: str
    query: str


def asked(method: str, path: str, parameters: Iterable[tuple[str, str]]) -> Asked:
    """`path` below the endpoint: empty, or `/Observation/1`."""
    parts = [part for part in path.split("/") if part]
    kind = parts[0] if parts and _TYPE.fullmatch(parts[0]) else ""
    pattern, subtypes = _interaction(method, parts, kind)
    identified = len(parts) > 1 and kind and not parts[1].startswith(("$", "_"))
    searched = parts[2] if pattern is Pattern.QUERY and len(parts) > 2 and _TYPE.fullmatch(parts[2]) else kind
    return Asked(
        pattern,
        subtypes,
        searched,
        parts[1] if identified and searched == kind else "",
        _cleaned(method, parts, parameters),
    )


def patient_named(path: str, parameters: Iterable[tuple[str, str]]) -> str:
    """The reference of the patient that an address names, by its path or a parameter; empty if it names none, or several."""
    found = set(_IN_PATH.findall(path)[:1])
    for name, value in parameters:
        plain, _, modifier = name.partition(":")
        if plain in _PATIENTS and modifier in ("", "Patient"):
            found.add(value.rpartition("Patient/")[2])
    return found.pop() if len(found) == 1 else ""


def _interaction(method: str, parts: list[str], kind: str) -> tuple[Pattern, tuple[str, ...]]:
    last = parts[-1] if parts else ""
    if last.startswith("$"):
        return Pattern.QUERY, ("search-type", "operation")
    if last == "_search":
        return Pattern.QUERY, ("search-type",) if kind else ("search-system",)
    if method == "POST":
        return Pattern.CREATE, ("create",) if parts else ("create", "transaction")
    if method in ("PUT", "PATCH"):
        return Pattern.UPDATE, ("update",) if method == "PUT" else ("patch",)
    if method == "DELETE":
        return Pattern.DELETE, ("delete",)
    if kind and len(parts) == 2 and not last.startswith("_"):
        return Pattern.READ, ("read",)
    if kind and len(parts) == 3 and last == "_history":
        return Pattern.READ, ("read", "history-instance")
    if kind and len(parts) == 4 and parts[2] == "_history":
        return Pattern.READ, ("vread",)
    return Pattern.QUERY, ("search-type",) if kind else ("search-system",)


def _cleaned(method: str, parts: list[str], parameters: Iterable[tuple[str, str]]) -> str:
    address = "/".join(("/fhir", *(part if _says_what(part) else "…" for part in parts)))
    named = [_parameter(name, value) for name, value in parameters]
    return f"{method} {address}" + (f"?{'&'.join(named[:MOST_PARAMETERS])}" if named else "")


def _says_what(part: str) -> bool:
    return bool(part in _WORDS or _TYPE.fullmatch(part) or _OPERATION.fullmatch(part))


def _parameter(name: str, value: str) -> str:
    if not _PARAMETER.fullmatch(name):
        return "…"
    return f"{name}={value}" if name in _WITH_VALUE and _SHOWN.fullmatch(value) else f"{name}="
