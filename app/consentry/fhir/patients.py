"""Whose data is this? A bundle is about exactly one person, however many ways it has of naming them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from consentry.errors import BundleNamesNoPatient, BundleNamesTwoPatients, SubjectNotPatient
from consentry.fhir import identity, tree
from consentry.fhir.identity import Entry, Kind, Resolver
from consentry.fhir.jsontext import Json

# Elements that hold the patient wherever they stand, so that an unresolvable urn:uuid in them is understood.
_PATIENT_ELEMENTS = frozenset(("subject", "patient", "beneficiary", "for"))
# A kind and its parts, never one text: whatever a system or value holds, two names are one only when all parts are.
_Name = tuple[str, ...]
_DEMOGRAPHICS = ("gender", "_gender", "birthDate", "_birthDate", "deceasedBoolean", "deceasedDateTime")


@dataclass(frozen=True)
class PatientClues:
    """How the bundle names its patient: what the gateway's link (MRN ↔ DID) is looked up by.

    `demographics` is a Patient resource cut down to what changes how results are read (sex, birth date,
    death); None if the bundle has no Patient entry or that says none of it.
    """

    references: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...]
    demographics: dict[str, Json] | None


def is_patient(
    element: str, reference: dict[str, Json], resource: dict[str, Json], resolver: Resolver
) -> bool:
    """Whether a reference, found in `element` of `resource`, means a patient."""
    target = resolver.target(reference)
    if target.kind is Kind.CONTAINED:
        return _contained_type(resource, target.name) == "Patient"
    if target.type is not None:
        return target.type == "Patient"
    return element in _PATIENT_ELEMENTS


def the_patient(entries: Iterable[Entry], resolver: Resolver) -> PatientClues:
    """Raises BundleNamesTwoPatients, BundleNamesNoPatient, SubjectNotPatient."""
    people = _People()
    demographics: dict[str, Json] | None = None
    for entry in entries:
        resource = entry.resource
        if entry.type == "Patient":
            aliases = [("reference", alias) for alias in sorted(entry.aliases | {entry.identity})]
            people.join([*aliases, *_identifier_names(resource)], entry.path)
            kept = {key: resource[key] for key in _DEMOGRAPHICS if key in resource}
            demographics = {"resourceType": "Patient", **kept} if kept else None
            continue  # its own references (link.other, managing organisation) are never published
        for found in tree.at(resource, "contained"):
            if isinstance(found, dict) and found.get("resourceType") == "Patient":
                people.join(_contained_names(entry, found), entry.path)
        for element, reference in entry.references:
            if is_patient(element, reference, resource, resolver):
                people.join(list(_reference_names(entry, reference, resolver)), entry.path)
        _check_subject(entry, resolver)
    return people.clues(demographics)


def _check_subject(entry: Entry, resolver: Resolver) -> None:
    for element in ("subject", "patient"):
        for found in tree.at(entry.resource, element):
            named = isinstance(found, dict) and tree.is_reference(found)
            if named and not is_patient(element, found, entry.resource, resolver):
                raise SubjectNotPatient(expression=(f"{entry.path}.{element}",))


def _contained_type(resource: dict[str, Json], name: str) -> str | None:
    for found in tree.at(resource, "contained"):
        if isinstance(found, dict) and found.get("id") == name:
            return str(found.get("resourceType"))
    return None


def _identifier_names(resource: dict[str, Json]) -> list[_Name]:
    return [("identifier", *key) for key in identity.identifiers(resource)]


def _contained_names(entry: Entry, patient: dict[str, Json]) -> list[_Name]:
    return [("contained", entry.identity, str(patient.get("id", ""))), *_identifier_names(patient)]


def _reference_names(entry: Entry, reference: dict[str, Json], resolver: Resolver) -> Iterator[_Name]:
    target = resolver.target(reference)
    if target.kind is Kind.CONTAINED:
        yield "contained", entry.identity, target.name
    elif target.kind is not Kind.LOGICAL:
        yield "reference", target.name
    found = reference.get("identifier")
    if isinstance(found, dict) and "value" in found:
        yield "identifier", *identity.identifier_key(found)


class _People:
    """Union of names, by size: two names are one person once something gives both."""

    def __init__(self) -> None:
        self._parent: dict[_Name, _Name] = {}
        self._size: dict[_Name, int] = {}
        self._seen_in: dict[_Name, str] = {}

    def join(self, names: list[_Name], path: str) -> None:
        for name in names:
            if name not in self._parent:
                self._parent[name], self._size[name], self._seen_in[name] = name, 1, path
            self._unite(self._root(names[0]), self._root(name))

    def clues(self, demographics: dict[str, Json] | None) -> PatientClues:
        first_path_of: dict[_Name, str] = {}
        for name in self._parent:
            first_path_of.setdefault(self._root(name), self._seen_in[name])
        if len(first_path_of) > 1:
            raise BundleNamesTwoPatients(expression=tuple(first_path_of.values())[:2])
        if not first_path_of:
            raise BundleNamesNoPatient()
        return PatientClues(
            references=tuple(name[1] for name in self._of_kind("reference")),
            identifiers=tuple((name[1], name[2]) for name in self._of_kind("identifier")),
            demographics=demographics,
        )

    def _of_kind(self, kind: str) -> list[_Name]:
        return sorted(name for name in self._parent if name[0] == kind)

    def _unite(self, one: _Name, other: _Name) -> None:
        if one != other:
            small, large = sorted((one, other), key=self._size.__getitem__)
            self._parent[small] = large
            self._size[large] += self._size[small]

    def _root(self, name: _Name) -> _Name:
        """Halves the way there for whoever asks next."""
        while self._parent[name] != name:
            self._parent[name] = self._parent[self._parent[name]]
            name = self._parent[name]
        return name
