"""A FHIR Consent as the terms that a patient's wallet signs (design §6; N-1 to N-4).

Shaped after IHE PCF 1.1.0 Basic and Intermediate on R4 consent.html:

* the root provision says permit, deny, or nothing: then it only lends its elements to the nested ones;
* a nested permission takes from the root what it does not say itself; a nested denial covers whatever fits it, and wins;
* an element that is not there restricts nothing, except that dates without a `class` leave the emergency summary out, which
  repeats older data under its own date;
* no end is no expiration; no start is the moment of the proposal; no actor is this member, the only one that can be proposed for.

Whatever else a Consent says – another element, a modifier extension, a code without a place in terms – is refused by its
path. Nothing is guessed, so that no reading permits more than the Consent does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from consentry.domain import times
from consentry.domain.provisions import ANY, Provision
from consentry.domain.provisions import validate as validate_provision
from consentry.domain.terms import MAX_PROVISIONS
from consentry.errors import ConsentPermitsNothing, TermsInvalid
from consentry.fhir import consent_elements as element
from consentry.fhir.consent_codes import (
    DENY,
    MAX_USES,
    NARROWER,
    PERMIT,
    Names,
    member_reference,
    refuse,
)
from consentry.fhir.consent_frame import PROVISION, check_frame, contained
from consentry.fhir.consent_rules import WITHOUT_SUMMARY, less
from consentry.fhir.consent_writing import Said, actor, agreed
from consentry.fhir.jsontext import Json
from consentry.fhir.validate import check_resource

MAX_RULES = 100
_DATA = ("purpose", "class", "dataPeriod", "data", "securityLabel")
_NESTED = ("type", "actor", *_DATA)
_ROOT = ("type", "period", "actor", "provision", "modifierExtension", *_DATA)


@dataclass(frozen=True)
class ConsentDraft:
    """What can be proposed. Times in seconds, `valid_until` exclusive; lists as in `Terms`.

    `resource` is the Consent as it will be shown, without id and status: as it was sent, with the recipient and the start
    that it left open, and its denials compiled away.
    """

    roles: tuple[str, ...]
    provisions: tuple[Provision, ...]
    max_uses: int
    valid_from: int
    valid_until: int
    resource: dict[str, Json]


def read_consent(resource: dict[str, Json], names: Names, now: int) -> ConsentDraft:
    """Raises NotFhir, ConsentNotExpressible or ConsentPermitsNothing naming the element; `now` in seconds."""
    check_resource(resource)
    check_frame(resource)
    root = resource.get("provision")
    if root is None:
        raise ConsentPermitsNothing(expression=(PROVISION,))
    element.only(root, _ROOT, PROVISION)
    nested = _nested(root)
    start, end = element.bounds(root["period"], f"{PROVISION}.period") if "period" in root else (None, None)
    valid_from = now if start is None else start
    valid_until = times.LATEST if end is None else end
    if valid_until <= max(valid_from, now):
        refuse(f"{PROVISION}.period.end", "lies before the consent begins, or in the past")
    if valid_from < 0:
        refuse(f"{PROVISION}.period.start", "lies before the year 1970")
    roles, actors = _actors(root, nested, names, contained(resource))
    provisions, denied = _provisions(root, nested, names)
    uses = _max_uses(root)
    said = Said(provisions, actors, valid_from, end, uses)
    shown = agreed(resource, said, names, compiled=denied)
    return ConsentDraft(roles, provisions, uses, valid_from, valid_until, shown)


def _nested(root: dict[str, Json]) -> list[dict[str, Json]]:
    """The rules inside the root. R4 models do not check codes: what is neither permit nor deny must not pass as one."""
    if root.get("type", PERMIT) not in (PERMIT, DENY):
        refuse(f"{PROVISION}.type", "must say permit or deny, or nothing")
    nested: list[dict[str, Json]] = root.get("provision", [])
    if len(nested) > MAX_RULES:
        refuse(f"{PROVISION}.provision", f"has more than {MAX_RULES} rules")
    for index, rule in enumerate(nested):
        element.only(rule, _NESTED, f"{PROVISION}.provision[{index}]")
        if rule.get("type") not in (PERMIT, DENY):
            refuse(f"{PROVISION}.provision[{index}].type", "must say permit or deny")
    return nested


def _provisions(
    root: dict[str, Json], nested: list[dict[str, Json]], names: Names
) -> tuple[tuple[Provision, ...], bool]:
    """The permissions, and whether denials were taken off them."""
    # also where it only lends its elements: they are refused under their own path
    whole = (
        _denial(root, PROVISION, names) if root.get("type") == DENY else _permission(root, PROVISION, names)
    )
    permits = [whole] if root.get("type") == PERMIT else []
    denials = []
    for index, rule in enumerate(nested):
        path = f"{PROVISION}.provision[{index}]"
        if rule["type"] == DENY:
            denials.append((_denial(rule, path, names), path))
        else:
            permits.append(_permission(_whole(root, rule), path, names))
    for denial, path in denials:
        permits = less(permits, denial, names.members.values(), path)
    if not permits:
        raise ConsentPermitsNothing(expression=(PROVISION,))
    if len(permits) > MAX_PROVISIONS:
        refuse(PROVISION, f"has more than {MAX_PROVISIONS} permissions")
    _check_sizes(permits)
    return tuple(permits), bool(denials)


def _whole(root: dict[str, Json], rule: dict[str, Json]) -> dict[str, Json]:
    """A nested permission with what it does not say itself; of `data`, by meaning."""
    whole: dict[str, Json] = {key: root[key] for key in _DATA if key in root} | rule
    said = {one.get("meaning") for one in rule.get("data", ())}
    more = [one for one in root.get("data", ()) if one.get("meaning") not in said]
    return {**whole, "data": [*rule.get("data", ()), *more]}


def _permission(rule: dict[str, Json], path: str, names: Names) -> Provision:
    data_from, data_until = element.data_period(rule, path)
    kinds = element.categories(rule, path)
    if "class" not in rule and (data_from, data_until) != (ANY, ANY):
        kinds = WITHOUT_SUMMARY
    grade, purposes = element.confidentiality(rule, path), element.purposes(rule, path)
    authors, records = element.data(rule, path, names)
    return Provision(purposes, kinds, grade, data_from, data_until, authors, records)


def _denial(rule: dict[str, Json], path: str, names: Names) -> Provision:
    if "securityLabel" in rule:
        refuse(f"{path}.securityLabel", "labels can be permitted up to a grade, not denied")
    denial = _permission({"class": [], **rule}, path, names)
    if denial.authors != (ANY,) and denial.records != (ANY,):
        refuse(f"{path}.data", "a denial names authors or documents, not both")
    narrower = (one for code in denial.purposes for one in (code, *NARROWER.get(code, ())))
    return replace(denial, purposes=tuple(dict.fromkeys(narrower)))


def _actors(
    root: dict[str, Json], nested: list[dict[str, Json]], names: Names, held: dict[str, Json]
) -> tuple[tuple[str, ...], list[Json]]:
    """The roles at the recipient that all permissions are for, and the actors that say so."""
    everybody: list[Json] = [actor(member_reference(names.own, names.members[names.own]))]
    stated: list[Json] = root.get("actor", everybody)
    wanted: tuple[tuple[str, ...], list[Json]] | None = None
    if root.get("type") == PERMIT or "actor" in root:
        wanted = element.roles(stated, PROVISION, names, held), stated
    for index, rule in enumerate(nested):
        path = f"{PROVISION}.provision[{index}]"
        actors: list[Json] = rule.get("actor", stated if rule["type"] == PERMIT else everybody)
        found = element.roles(actors, path, names, held)
        if rule["type"] == DENY and found != (ANY,):
            refuse(f"{path}.actor", "denies some roles only; name those that may read instead")
        if rule["type"] == PERMIT:
            wanted = wanted or (found, actors)
            if found != wanted[0]:
                refuse(f"{path}.actor", "is for others than another permission; send a Consent for each")
    return wanted or ((ANY,), everybody)


def _max_uses(root: dict[str, Json]) -> int:
    found = root.get("modifierExtension", [])
    if not found:
        return 0
    uses = found[0].get("valueDecimal")
    whole = not isinstance(uses, bool) and isinstance(uses, int) and 0 < uses < 2**32
    if (
        len(found) > 1
        or found[0].keys() != {"url", "valueDecimal"}
        or found[0]["url"] != MAX_USES
        or not whole
    ):
        refuse(f"{PROVISION}.modifierExtension", "must be a number of uses and nothing else")
    return uses


def _check_sizes(permits: list[Provision]) -> None:
    for one in permits:
        try:
            validate_provision(one, "terms")
        except TermsInvalid as invalid:
            refuse(PROVISION, f"cannot be signed: {invalid.diagnostics}")
