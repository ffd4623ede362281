"""Category, confidentiality and level of one resource (design §3; HL7 v3 Confidentiality and ActCode
labels)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

from consentry.domain.categories import (
    SENSITIVE,
    Category,
    Confidentiality,
    stricter,
    stricter_confidentiality,
)
from consentry.fhir import categories, tables, tree
from consentry.fhir.jsontext import Json

# Levels 1 and 2 are for institutional documents; level 4 is refused on the way in (LevelCoreNotSupported).
PATIENT_LEVEL = 3

CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
_CONFIDENTIALITY_SYSTEMS = (
    CONFIDENTIALITY,
    "http://hl7.org/fhir/v3/Confidentiality",
    "urn:oid:2.16.840.1.113883.5.25",
)
# Unrestricted, low and moderate count as normal: nothing of a patient's is laxer than N here.
_GRADES = {"U": "N", "L": "N", "M": "N", "N": "N", "R": "R", "V": "V"}


@dataclass(frozen=True)
class Classification:
    """`labelled`: somebody graded this resource explicitly, so that its surroundings don't."""

    category: Category
    confidentiality: Confidentiality
    labelled: bool

    def raised(self, category: Category, confidentiality: Confidentiality) -> Classification:
        """The same or stricter; a sensitive category never stays below R."""
        return Classification(
            stricter(self.category, category),
            stricter_confidentiality(
                self.confidentiality, stricter_confidentiality(confidentiality, floor(category))
            ),
            self.labelled,
        )


def classify(
    resource: dict[str, Json],
    bundle_labels: Iterable[dict[str, Json]] = (),
    walked: tree.Objects | None = None,
) -> Classification:
    """Of everything that applies, the strictest. `bundle_labels`: meta.security of the Bundle around it; `walked`: the
    resource's objects, where they are known.

    A Bundle's sensitivity labels go for all it holds; its confidentiality is a high-water mark (R4
    security-labels.html) and counts only for resources that have none of their own.
    """
    kind = tables.resource_types()[resource["resourceType"]]
    around = tuple(bundle_labels)
    category = categories.desk(resource, kind.category or Category.VISIT)
    inside = walked or tree.objects(resource)
    found = set(categories.sensitivities(inside))
    found.update(label.category for label in map(categories.label_of, around) if label and label.category)
    category = reduce(stricter, sorted(found), category)
    own = list(_grades(resource, inside))
    grades = own or list(_grades_of(around))
    confidentiality = reduce(stricter_confidentiality, grades, floor(category))
    return Classification(category, confidentiality, bool(own))


def floor(category: Category) -> Confidentiality:
    """What a category is graded at least."""
    return Confidentiality.RESTRICTED if category in SENSITIVE else Confidentiality.NORMAL


def _grades(resource: dict[str, Json], inside: tree.Objects) -> Iterator[Confidentiality]:
    """Grades anywhere in the resource: meta.security, DocumentReference.securityLabel, contained
    resources."""
    yield from _grades_of(node for _, node in inside if "code" in node and "system" in node)
    if resource["resourceType"] == "Composition" and resource.get("confidentiality") in _GRADES:
        yield Confidentiality(_GRADES[resource["confidentiality"]])


def _grades_of(codings: Iterable[dict[str, Json]]) -> Iterator[Confidentiality]:
    for coding in codings:
        if coding.get("system") in _CONFIDENTIALITY_SYSTEMS and coding.get("code") in _GRADES:
            yield Confidentiality(_GRADES[str(coding["code"])])
        label = categories.label_of(coding)
        if label is not None and label.confidentiality is not None:
            yield label.confidentiality
