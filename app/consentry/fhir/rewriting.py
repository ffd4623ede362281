"""What a resource looks like inside its record: references within stay, all others go (F-2)."""

from __future__ import annotations

from dataclasses import dataclass

from consentry.errors import NotFhir
from consentry.fhir import tables, tree
from consentry.fhir.identity import PATIENT_URN, Entry, Kind, Resolver, local_id
from consentry.fhir.jsontext import Json
from consentry.fhir.models import optional_elements
from consentry.fhir.patients import is_patient
from consentry.fhir.validate import problems


@dataclass(frozen=True)
class Rewriter:
    """For one record. `inside`: identities of the entries that share it."""

    resolver: Resolver
    inside: frozenset[str]

    def published(self, entry: Entry) -> dict[str, Json]:
        """The resource as it goes into the record. Raises NotFhir if R4 requires what must go."""
        source = {**entry.resource}
        if "contained" in source:
            kept = [found for found in source["contained"] if found.get("resourceType") != "Patient"]
            source["contained"] = kept
            if not kept:
                del source["contained"]

        removed = 0

        def reference(element: str, found: dict[str, Json]) -> dict[str, Json] | None:
            nonlocal removed
            kept = self._reference(element, found, entry)
            removed += kept is None
            return kept

        def url(found: str) -> str | None:
            nonlocal removed
            kept = self._url(found)
            removed += kept is None
            return kept

        resource = tree.rewrite(source, reference, url)
        resource["id"] = local_id(entry.identity)
        # what was valid stays so as long as nothing goes but what R4 does not require: checking again would cost as much as
        # the first time
        gone = source.keys() - resource.keys()
        whole = sum(_how_many(source[element]) for element in gone)
        if removed == whole and gone <= optional_elements(entry.type):
            return resource
        return _repaired(resource, entry)

    def _reference(self, element: str, found: dict[str, Json], entry: Entry) -> dict[str, Json] | None:
        if is_patient(element, found, entry.resource, self.resolver):
            return {"reference": PATIENT_URN}
        target = self.resolver.target(found)
        if target.kind is Kind.CONTAINED:
            return found
        if target.kind is Kind.ENTRY:
            return (
                {**found, "reference": f"urn:uuid:{local_id(target.name)}"}
                if target.name in self.inside
                else None
            )
        kind = tables.resource_types().get(target.type or "")
        if target.kind is Kind.LOGICAL:
            return found if kind is None or kind.role == "supporting" else None
        if kind is None or kind.role != "supporting":
            return None
        return {key: value for key, value in found.items() if key != "reference"} | {"type": kind.name}

    def _url(self, url: str) -> str | None:
        linked = self.resolver.link(url)
        if linked is None:
            return url
        return f"urn:uuid:{local_id(linked.identity)}" if linked.identity in self.inside else None


def _how_many(value: Json) -> int:
    """How many References an element holds that holds nothing else; else 0."""
    items = value if isinstance(value, list) else [value]
    return len(items) if all(isinstance(one, dict) and tree.is_reference(one) for one in items) else 0


def _repaired(resource: dict[str, Json], entry: Entry) -> dict[str, Json]:
    """Where R4 requires what was removed, the smallest part of a list around it goes too (an
    Encounter.diagnosis).

    Raises NotFhir if that would be the resource itself.
    """
    bad = problems(resource, "")
    while bad:
        parts = {path[: path.rindex("]") + 1] for path in bad if "]" in path}
        if any("]" not in path for path in bad):
            raise NotFhir(
                "Without a reference to another record this is not valid.", expression=(entry.path,)
            )
        resource = _without(resource, frozenset(parts), "")
        bad = problems(resource, "")
    return resource


def _without(node: Json, parts: frozenset[str], path: str) -> Json:
    """A copy less the list items at these paths (`.diagnosis[0]`), and less the lists that this empties."""
    if isinstance(node, dict):
        kept = {key: _without(value, parts, f"{path}.{key}") for key, value in node.items()}
        return {key: value for key, value in kept.items() if value != [] or node[key] == []}
    if isinstance(node, list):
        paths = [f"{path}[{index}]" for index in range(len(node))]
        return [_without(item, parts, at) for item, at in zip(node, paths, strict=True) if at not in parts]
    return node
