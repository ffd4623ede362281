"""The department that a record comes from, as a short code of a closed list; "any" if nothing says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from consentry.fhir import tables, tree
from consentry.fhir.jsontext import Json

ANY = "any"
_CONCEPT_PATHS = ("serviceType", "context.practiceSetting", "specialty", "type")
_TEXT_PATHS = ("name",)


def department(resources: Iterable[dict[str, Json]]) -> str:
    """The first that says something, in the order given: the Encounter, then documents, then places and
    services.

    Codings (SNOMED CT specialties, HL7 service types, v3 RoleCode) count before words.
    """
    held = list(resources)
    known = tables.department_codes()
    for resource in held:
        for coding in _codings(resource):
            code = known.get((str(coding.get("system")), str(coding.get("code"))))
            if code is not None:
                return code
    for resource in held:
        for text in _texts(resource):
            for word, code in tables.department_words():
                if word in text:
                    return code
    return ANY


def _concepts(resource: dict[str, Json]) -> Iterator[dict[str, Json]]:
    for path in _CONCEPT_PATHS:
        yield from (concept for concept in tree.at(resource, path) if isinstance(concept, dict))


def _codings(resource: dict[str, Json]) -> Iterator[dict[str, Json]]:
    for concept in _concepts(resource):
        yield from tree.at(concept, "coding")


def _texts(resource: dict[str, Json]) -> Iterator[str]:
    for concept in _concepts(resource):
        for text in (*tree.at(concept, "text"), *tree.at(concept, "coding.display")):
            yield str(text).casefold()
    if resource["resourceType"] in ("Location", "Organization", "HealthcareService"):
        for path in _TEXT_PATHS:
            yield from (str(text).casefold() for text in tree.at(resource, path))
