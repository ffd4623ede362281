"""A search as it was asked, read against the table of parameters (R4 search.html §3.1.1; Prefer handling: http.html §3.1.0.1.2).

What is not known is ignored and named, or refused when the client prefers `handling=strict`; what is known and cannot be right is
refused always. Errors name the parameter, never its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from consentry.errors import SearchInvalid, SearchUnsupported, SearchWithoutPatient
from consentry.fhir.search_dates import DateTest, date_test
from consentry.fhir.search_parameters import PATIENT, Kind, Parameter, parameters, patient_names
from consentry.fhir.search_results import Shape, ShapeReader
from consentry.fhir.search_values import folded

MAX_PARAMETERS = 64
MAX_VALUES = 200
MAX_TESTS = 500
"""Of all parameters together: each is compared with everything that the reader may see."""
MAX_CHARS = 4_000
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_MODIFIERS = {
    Kind.DATE: ("",),
    Kind.REFERENCE: ("", "identifier"),
    Kind.STRING: ("", "exact", "contains"),
    Kind.TOKEN: ("", "not"),
    Kind.URI: ("", "below"),
}
_UNSPLIT = re.compile(r"((?:[^\\,]|\\.?)*)(?:,|$)", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\,|$])")


@dataclass(frozen=True)
class TokenTest:
    """`system` None: any; empty: none. `code` None: any of the system."""

    system: str | None
    code: str | None


Test = TokenTest | DateTest | str


@dataclass(frozen=True)
class Criterion:
    """One parameter: it fits if one of its tests does; `missing` asks for nothing else than presence."""

    parameter: Parameter
    modifier: str
    tests: tuple[Test, ...] = ()
    missing: bool | None = None


@dataclass(frozen=True)
class Search:
    """`patient` is the reference of the one person it is about, empty for types that are about nobody. `used` are the
    parameters that counted, as they were sent, `ignored` the names of the others."""

    type: str
    patient: str
    criteria: tuple[Criterion, ...]
    shape: Shape
    used: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Context:
    """`base` is the address of the endpoint; `patient` what a compartment's address names; `now` in seconds; `personal`: the
    type is searched in one patient's records only."""

    base: str
    now: int
    strict: bool = False
    patient: str | None = None
    personal: bool = True


def parse_search(kind: str, pairs: Iterable[tuple[str, str]], context: Context) -> Search:
    """Raises SearchInvalid, SearchUnsupported, SearchWithoutPatient."""
    sent = [(name, value) for name, value in pairs if value]
    if len(sent) > MAX_PARAMETERS:
        raise SearchInvalid(f"A search takes at most {MAX_PARAMETERS} parameters.")
    people = set() if context.patient is None else {context.patient}
    shape = ShapeReader(kind)
    criteria: list[Criterion] = []
    used: list[tuple[str, str]] = []
    ignored: list[str] = []
    for name, value in sent:
        if len(value) > MAX_CHARS:
            raise SearchInvalid(f"{safe_name(name)}: is longer than {MAX_CHARS} characters")
        plain, _, modifier = name.partition(":")
        if context.personal and plain in (PATIENT, *patient_names(kind)) and modifier in ("", "Patient"):
            people.add(_patient(plain, value, context))
        elif shape.takes(name, value):
            pass
        elif plain in parameters(kind):
            criteria.append(_criterion(parameters(kind)[plain], modifier, value, context))
        elif name in ("_format", "_pretty"):
            continue
        elif context.strict:
            raise SearchUnsupported(f"{safe_name(name)}: is not supported for {kind}")
        else:
            ignored.append(safe_name(name))
            continue
        used.append((name, value))
    if sum(len(one.tests) for one in criteria) > MAX_TESTS:
        raise SearchInvalid(f"A search takes at most {MAX_TESTS} values.")
    if context.personal and len(people) != 1:
        raise SearchWithoutPatient()
    made = shape.shape(strict=context.strict)
    return Search(
        kind, next(iter(people), ""), tuple(criteria), made, tuple(used), (*ignored, *shape.ignored)
    )


def safe_name(name: str) -> str:
    """A parameter's name as it may stand in a message."""
    return name if re.fullmatch(r"[A-Za-z0-9_.:\-]{1,64}", name) else "a parameter"


def _patient(name: str, value: str, context: Context) -> str:
    ref = value.removeprefix(context.base.rstrip("/") + "/").removeprefix("Patient/")
    if not ID.fullmatch(ref):
        raise SearchWithoutPatient(f"{name}: must be one reference, Patient/<ref>")
    return ref


def _criterion(parameter: Parameter, modifier: str, value: str, context: Context) -> Criterion:
    where = f"{parameter.name}:{modifier}" if modifier else parameter.name
    if modifier == "missing":
        if value not in ("true", "false"):
            raise SearchInvalid(f"{where}: must be true or false")
        return Criterion(parameter, modifier, missing=value == "true")
    typed = parameter.kind is Kind.REFERENCE and re.fullmatch(r"[A-Z][A-Za-z]{1,63}", modifier)
    if modifier not in _MODIFIERS[parameter.kind] and not typed:
        raise SearchInvalid(f"{safe_name(where)}: this modifier is not supported here")
    values = list(alternatives(value))
    if len(values) > MAX_VALUES:
        raise SearchInvalid(f"{where}: takes at most {MAX_VALUES} values")
    tests = tuple(_test(parameter, modifier, one, context, where) for one in values)
    return Criterion(parameter, modifier, tests)


def _test(parameter: Parameter, modifier: str, value: str, context: Context, where: str) -> Test:
    if parameter.kind is Kind.DATE:
        test = date_test(_unescaped(value), context.now)
        if test is None:
            raise SearchInvalid(f"{where}: must be a date such as 2025-03 or ge2025-03-04T09:00:00Z")
        return test
    if parameter.kind is Kind.TOKEN or modifier == "identifier":
        return token(value)
    text = _unescaped(value)
    if parameter.kind is Kind.STRING:
        return text if modifier == "exact" else folded(text)
    if parameter.kind is Kind.REFERENCE:
        text = text.removeprefix(context.base.rstrip("/") + "/")
        return f"{modifier}/{text}" if modifier and "/" not in text else text
    return text


def token(value: str) -> TokenTest:
    """`system|code`, apart at the first bar that no backslash escapes."""
    parts = re.split(r"(?<!\\)\|", value, maxsplit=1)
    if len(parts) == 1:
        return TokenTest(None, _unescaped(parts[0]))
    system, code = map(_unescaped, parts)
    return TokenTest(system, code or None)


def alternatives(value: str) -> Iterator[str]:
    """At commas that no backslash escapes; empty parts are none."""
    yield from (part for part in _UNSPLIT.findall(value) if part)


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(r"\1", value)
