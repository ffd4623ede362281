"""From bytes to a Bundle that the rest can rely on: R4, about one patient, of types that can be published
(F-1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from consentry.errors import (
    BundleEmpty,
    BundleTooLarge,
    BundleTypeUnsupported,
    InputError,
    LevelCoreNotSupported,
    NotFhir,
    ResourceTypeUnsupported,
)
from consentry.fhir import identity, jsontext, models, naming, shape, tables, tree
from consentry.fhir.classify import Classification
from consentry.fhir.frame import check_frame
from consentry.fhir.identity import Entry, Resolver
from consentry.fhir.jsontext import Json
from consentry.fhir.patients import PatientClues, the_patient
from consentry.fhir.understanding import MAX_NAMED, understood

MAX_BYTES = 20 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_DEPTH = 64
_FIRST = "Bundle.entry[0].resource"
_TYPES = ("collection", "document", "batch", "transaction")


@dataclass(frozen=True)
class ValidBundle:
    """A checked Bundle. The trees inside are as they were sent; nobody changes them.

    `entries` include supporting resources but not the Patient. `labels` are the Bundle's own meta.security
    codings, `timestamp` its timestamp as text, `document` what names all its versions (`naming`). `around`: encounters that are
    known and not in it, by what references call them; `floors`: what entries are at least, by identity.
    """

    entries: tuple[Entry, ...]
    resolver: Resolver
    patient: PatientClues
    labels: tuple[dict[str, Json], ...]
    timestamp: str | None
    document: str | None = None
    around: Mapping[str, Classification] = field(default_factory=dict)
    floors: Mapping[str, Classification] = field(default_factory=dict)


def parse_bundle(
    raw: bytes, *, max_bytes: int = MAX_BYTES, max_entries: int = MAX_ENTRIES, max_depth: int = MAX_DEPTH
) -> ValidBundle:
    """`read_bundle` and `check_bundle`. Raises what they do."""
    return check_bundle(read_bundle(raw, max_bytes=max_bytes, max_depth=max_depth), max_entries=max_entries)


def read_bundle(raw: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> dict[str, Json]:
    """The tree of a Bundle, of whatever type. Raises BundleTooLarge, NotJson, NotFhir."""
    if len(raw) > max_bytes:
        raise BundleTooLarge(f"{len(raw)} bytes; at most {max_bytes} are taken.")
    bundle = jsontext.read(raw, max_depth=max_depth)
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise NotFhir("The body is not a FHIR Bundle.", expression=("Bundle",))
    return bundle


def check_bundle(
    bundle: dict[str, Json],
    *,
    max_entries: int = MAX_ENTRIES,
    identities: Mapping[int, str] = MappingProxyType({}),
) -> ValidBundle:
    """Check everything that can be checked without the chain or a clock. `identities`: by index, what entries are called that
    were published before; references still name them as the Bundle does.

    Raises NotFhir, BundleTypeUnsupported, BundleEmpty, BundleTooLarge, BundleNamesNoPatient,
    BundleNamesTwoPatients, SubjectNotPatient, ResourceTypeUnsupported, LevelCoreNotSupported. No message
    repeats content.
    """
    if bundle.get("type") not in _TYPES:
        raise BundleTypeUnsupported(expression=("Bundle.type",))
    rows = bundle.get("entry", [])
    if not isinstance(rows, list) or not rows:
        raise BundleEmpty(expression=("Bundle.entry",))
    if len(rows) > max_entries:
        raise BundleTooLarge(f"{len(rows)} entries; at most {max_entries} are taken.")
    shape.check_json(bundle, "Bundle")
    walked = _check_types(rows)
    check_frame(bundle)
    entries = _entries(rows, identities, walked)
    bad = tuple(path for entry in entries for path in _check_resource(entry))
    if bad:
        raise NotFhir(expression=bad[:MAX_NAMED])
    resolver = identity.resolver_of(entries)
    patient = the_patient(entries, resolver)
    published = tuple(entry for entry in entries if entry.type != "Patient")
    if not published and patient.demographics is None:
        raise BundleEmpty(expression=("Bundle.entry",))
    return ValidBundle(
        entries=published,
        resolver=resolver,
        patient=patient,
        labels=tuple(tree.at(bundle, "meta.security")),
        timestamp=bundle.get("timestamp"),
        document=naming.document_name(bundle),
    )


def check_resource(resource: dict[str, Json]) -> None:
    """One resource by itself, whoever it is about. Raises NotFhir, ResourceTypeUnsupported, LevelCoreNotSupported, with the
    path of each element that R4 objects to."""
    kind = str(resource["resourceType"])
    shape.check_json(resource, kind)
    try:
        _check_types([{"resource": resource}])
        bad = tuple(_check_resource(identity.entry_of(0, None, resource, {})))
    except InputError as problem:
        problem.expression = tuple(one.replace(_FIRST, kind, 1) for one in problem.expression)
        raise
    if bad:
        raise NotFhir(expression=tuple(one.replace(_FIRST, kind, 1) for one in bad[:MAX_NAMED]))


def problems(resource: dict[str, Json], path: str) -> tuple[str, ...]:
    """FHIRPaths of what R4 objects to in one resource of a known type; empty if it is valid."""
    model = understood(resource, path)
    return model if isinstance(model, tuple) else ()


def _check_types(rows: list[Any]) -> list[tree.Objects]:
    """Gives the objects of each row's resource. Raises what says that a type cannot be published."""
    known = tables.resource_types()
    walked = []
    unsupported = []
    for index, row in enumerate(rows):
        path = f"Bundle.entry[{index}]"
        resource = row.get("resource") if isinstance(row, dict) else None
        if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
            raise NotFhir("An entry has no resource.", expression=(f"{path}.resource",))
        walked.append(tree.objects(resource))
        for _, found in walked[-1]:
            kind = found.get("resourceType", resource["resourceType"])
            if not isinstance(kind, str):
                raise NotFhir("A resource has no type.", expression=(f"{path}.resource",))
            if kind not in known:
                unsupported.append(f"{path}.resource")
            elif known[kind].role == "core" or _is_sequence_file(found):
                raise LevelCoreNotSupported(expression=(f"{path}.resource",))
        if any(method not in ("POST", "PUT") for method in tree.at(row, "request.method")):
            raise BundleTypeUnsupported(expression=(f"{path}.request.method",))
    if unsupported:
        raise ResourceTypeUnsupported(expression=tuple(dict.fromkeys(unsupported))[:MAX_NAMED])
    return walked


def _is_sequence_file(found: dict[str, Json]) -> bool:
    content_type = found.get("contentType")
    return (
        isinstance(content_type, str)
        and content_type.split(";")[0].strip().lower() in tables.core_content_types()
    )


def _entries(
    rows: list[dict[str, Any]], identities: Mapping[int, str], walked: list[tree.Objects]
) -> tuple[Entry, ...]:
    seen: dict[str, int] = {}
    found = (
        identity.entry_of(index, row.get("fullUrl"), row["resource"], seen, inside)
        for index, (row, inside) in enumerate(zip(rows, walked, strict=True))
    )
    return tuple(_named(one, identities[one.index]) if one.index in identities else one for one in found)


def _named(entry: Entry, name: str) -> Entry:
    return replace(entry, identity=name, aliases=entry.aliases | {name})


def _check_resource(entry: Entry) -> Iterator[str]:
    resource = entry.resource
    model = understood(resource, entry.path)
    if isinstance(model, tuple):
        yield from model
        return
    shape.check_understood(resource, model, entry.path)
    if len(str(resource.get("id", ""))) > 64:
        yield f"{entry.path}.id"
    allowed = tables.required_statuses().get(entry.type) or models.statuses(entry.type)
    if allowed and "status" in resource and resource["status"] not in allowed:
        yield f"{entry.path}.status"
