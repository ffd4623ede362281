"""Single elements of a Consent's provisions, read into the words of terms (N-2). Each raises ConsentNotExpressible."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from consentry.domain import times
from consentry.domain.addresses import Address
from consentry.domain.categories import Category, Confidentiality
from consentry.domain.provisions import ANY, is_record_id
from consentry.domain.purposes import Purpose
from consentry.domain.roles import Role
from consentry.fhir import dates
from consentry.fhir.consent_codes import (
    AUTHORED_BY,
    CATEGORY_TAG,
    CONFIDENTIALITY,
    INSTANCE,
    MEMBER_NAME,
    PARTICIPATION,
    REASONS,
    RECIPIENT,
    RECORD_TAG,
    ROLE,
    Names,
    refuse,
)
from consentry.fhir.jsontext import Json

BEFORE_ALL: Final = "1799-12-31T23:59:59Z"
"""The last second that FHIR can name before the first that terms can: an end that leaves nothing."""
_PURPOSES = frozenset(Purpose)
_CATEGORIES = frozenset(Category)
_GRADES = tuple(str(one) for one in Confidentiality)
_ROLES = frozenset((*Role, ANY))
_ROLE_ELEMENTS = frozenset(("resourceType", "id", "organization", "code"))


def purposes(rule: dict[str, Json], path: str) -> tuple[str, ...]:
    return _codes(rule.get("purpose", ()), f"{path}.purpose", REASONS, _PURPOSES) or (ANY,)


def categories(rule: dict[str, Json], path: str) -> tuple[str, ...]:
    """Of `class`, in our own vocabulary; "any" stands alone."""
    found = _codes(rule.get("class", ()), f"{path}.class", CATEGORY_TAG, _CATEGORIES | {ANY})
    if ANY in found and len(found) > 1:
        refuse(f"{path}.class", "“any” stands alone")
    return found or (ANY,)


def confidentiality(rule: dict[str, Json], path: str) -> str:
    """The highest of the labels of confidentiality, each of which R4 reads as a high-water mark."""
    found = _codes(rule.get("securityLabel", ()), f"{path}.securityLabel", CONFIDENTIALITY, _GRADES)
    return max(found, key=_GRADES.index) if found else ANY


def data_period(rule: dict[str, Json], path: str) -> tuple[str, str]:
    """From, and until before, as terms say it: whole intervals of partial dates, at both ends."""
    if "dataPeriod" not in rule:
        return ANY, ANY
    start, end = bounds(rule["dataPeriod"], f"{path}.dataPeriod")
    return ANY if start is None else times.iso(start), ANY if end is None else times.iso(end)


def bounds(period: dict[str, Json], path: str) -> tuple[int | None, int | None]:
    """First second inside, and first one after; None where the Period has no bound."""
    only(period, ("start", "end"), path)
    if "start" not in period and "end" not in period:
        refuse(path, "has neither a start nor an end that can be read")
    first = _interval(period["start"], f"{path}.start").start if "start" in period else None
    last = period.get("end")
    if last == BEFORE_ALL:
        after: int | None = times.EARLIEST
    else:
        after = None if last is None else _interval(last, f"{path}.end").end
    if first is not None and after is not None and first >= after:
        refuse(f"{path}.end", "must not lie before the start")
    return first, after


def data(rule: dict[str, Json], path: str, names: Names) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Authors and record ids. Those of one meaning are alternatives; both meanings together must hold."""
    authors: list[str] = []
    records: list[str] = []
    for index, row in enumerate(rule.get("data", ())):
        where = f"{path}.data[{index}]"
        only(row, ("meaning", "reference"), where)
        if row.get("meaning") == AUTHORED_BY:
            authors.append(names.members[member(row.get("reference"), f"{where}.reference", names)])
        elif row.get("meaning") == INSTANCE:
            records.append(_record(row.get("reference"), f"{where}.reference", names))
        else:
            refuse(f"{where}.meaning", "only single documents (instance) and their authors can be named")
    return _once(authors, f"{path}.data") or (ANY,), _once(records, f"{path}.data") or (ANY,)


def roles(
    actors: Iterable[dict[str, Json]], path: str, names: Names, contained: dict[str, Json]
) -> tuple[str, ...]:
    """The roles at the recipient, "any" for the institution itself; whom actors name must be the recipient."""
    found = []
    for index, actor in enumerate(actors):
        where = f"{path}.actor[{index}]"
        only(actor, ("role", "reference"), where)
        if _concept(actor.get("role"), PARTICIPATION) != RECIPIENT:
            refuse(f"{where}.role", "must be IRCP, the information recipient")
        found.append(_role(actor.get("reference"), f"{where}.reference", names, contained))
    if len(found) > 1 and ANY in found:
        refuse(f"{path}.actor", "names the institution as a whole beside roles or again")
    return _once(found, f"{path}.actor")


def member(reference: Json, path: str, names: Names) -> Address:
    """The member that a reference means: by its address here, by its registered name, or by both if they agree."""
    literal, identifier = _named(reference)
    if isinstance(reference, dict) and reference.get("type", "Organization") != "Organization":
        refuse(f"{path}.type", "is not an institution; people are named by their role there")
    ways = []
    if literal is not None:
        kind, _, name = names.relative(literal).partition("/")
        ways.append({one for one in names.members if kind == "Organization" and one == name})
    if identifier.get("system") == MEMBER_NAME:
        ways.append({one for one, name in names.members.items() if name == identifier.get("value")})
    found = set.intersection(*ways) if ways else set()
    if len(found) != 1:
        refuse(path, "must name one institution of this network, as Organization/<address> or by its name")
    return found.pop()


def about(reference: Json) -> tuple[str | None, list[tuple[str, str]]]:
    """What a Reference to a person says: its literal, and its identifier as (system, value)."""
    literal, identifier = _named(reference)
    return literal, [
        (str(identifier.get("system", "")), identifier["value"])
    ] if "value" in identifier else []


def only(node: Json, known: Iterable[str], path: str) -> None:
    """Refuse an element that would go unread; extensions that do not modify, and element ids, may stand anywhere."""
    if not isinstance(node, dict):
        refuse(path, "cannot be read")
    for key in node:
        if key not in (*known, "id", "extension"):
            refuse(f"{path}.{key}", "cannot be said in terms that a wallet signs and a contract decides")


def _role(reference: Json, path: str, names: Names, contained: dict[str, Json]) -> str:
    literal, _ = _named(reference)
    role: str | None = ANY
    if literal is not None and literal.startswith("#"):
        held = contained.get(literal[1:], {})
        codes = held.get("code", ())
        if held.get("resourceType") != "PractitionerRole" or held.keys() != _ROLE_ELEMENTS or len(codes) != 1:
            refuse(
                path,
                "must be contained as a PractitionerRole of an organization and one code, and nothing else",
            )
        reference, role = held["organization"], _concept(codes[0], ROLE)
    if role is None or role not in _ROLES:
        refuse(path, "must have a role that members enrol people in")
    if member(reference, path, names) != names.own:
        refuse(
            path, "names another institution; consents are proposed at the gateway of the one that will read"
        )
    return role


def _record(reference: Json, path: str, names: Names) -> str:
    literal, identifier = _named(reference)
    if identifier.get("system") == RECORD_TAG and literal is None:
        found = identifier.get("value")
    else:
        found = None if literal is None else names.record(names.relative(literal))
    if not isinstance(found, str) or not is_record_id(found):
        refuse(path, "must name a record, or a resource that is a record of its own")
    return found


def _named(reference: Json) -> tuple[str | None, dict[str, Json]]:
    """The literal of a Reference and its identifier, as far as there are."""
    node = reference if isinstance(reference, dict) else {}
    return node.get("reference"), node.get("identifier", {})


def _concept(concept: Json, system: str) -> str | None:
    """The one code of this system; None if there is another one, or none."""
    codings = concept.get("coding", ()) if isinstance(concept, dict) else ()
    found = [one.get("code") for one in codings if one.get("system") == system]
    return found[0] if len(found) == len(codings) == 1 else None


def _codes(codings: Iterable[Json], path: str, system: str, known: Iterable[str]) -> tuple[str, ...]:
    found = []
    for index, one in enumerate(codings):
        if one.get("system") != system or one.get("code") not in known:
            refuse(f"{path}[{index}]", "is not among the codes that terms know")
        found.append(one["code"])
    return _once(found, path)


def _once(found: list[str], path: str) -> tuple[str, ...]:
    if len(set(found)) != len(found):
        refuse(path, "names the same twice")
    return tuple(found)


def _interval(text: Json, path: str) -> dates.Interval:
    found = dates.interval(text) if isinstance(text, str) else None
    if found is None:
        refuse(path, "must be a date or time of the years 1800 to 9998")
    return found
