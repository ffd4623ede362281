"""The next version of a record that was opened, with one of its resources changed or left out.

Everything else in it stays as it is, under the same ids: it was said once, and nobody says it anew.
"""

from __future__ import annotations

from collections.abc import Mapping

from consentry.domain.categories import SENSITIVE, stricter
from consentry.domain.confidentiality import rank
from consentry.errors import ResourceNotAlone
from consentry.fhir import jsontext
from consentry.fhir.identity import kept_identity
from consentry.fhir.jsontext import Json
from consentry.fhir.merge import OpenedRecord, resources
from consentry.fhir.placing import place
from consentry.fhir.single import as_sent
from consentry.fhir.split import RecordDraft, one_record
from consentry.fhir.validate import MAX_DEPTH, ValidBundle, check_bundle

ANY_REF = "Patient/x"
"""The patient, where nothing but the record itself names one."""
MOVED = "It would belong to another category, or be more confidential than its record."


def names_in(record: OpenedRecord) -> tuple[str, ...]:
    """`Type/id` of what the record holds, as readers see it, in its order. Raises NotFhir."""
    return tuple(f"{one['resourceType']}/{one['id']}" for one in resources(record, ANY_REF))


def revised(
    record: OpenedRecord,
    name: str,
    changed: dict[str, Json] | None,
    patient_ref: str,
    identities: Mapping[str, str],
    department: str,
) -> tuple[ValidBundle, RecordDraft]:
    """`changed` takes the place of the resource `name` (`Type/id`), None leaves it out. `identities`: what its resources were
    called when they were published, by name; those that are not in it keep their ids by themselves.

    Raises BundleEmpty where nothing is left, and what `check_bundle` does.
    """
    locals_ = [
        row["resource"]["id"] for row in jsontext.read(record.content, max_depth=MAX_DEPTH + 8)["entry"]
    ]
    rows: list[dict[str, Json]] = []
    named: dict[int, str] = {}
    for resource, local in zip(resources(record, patient_ref), locals_, strict=True):
        own = f"{resource['resourceType']}/{resource['id']}"
        if own == name and changed is None:
            continue
        identity = identities.get(own, kept_identity(local))
        if own == name and changed is not None:
            resource = as_sent(changed) | {"id": resource["id"]}
        named[len(rows)] = identity
        rows.append({"resource": resource})
    bundle = check_bundle({"resourceType": "Bundle", "type": "collection", "entry": rows}, identities=named)
    return bundle, one_record(bundle, record.category, record.confidentiality, department, record.date)


def require_in_place(alone: ValidBundle, record: OpenedRecord) -> None:
    """That what `alone` holds belongs in this record, too. A sensitive record may hold what looks ordinary by itself; else the
    categories are the same. Raises ResourceNotAlone."""
    for found in place(alone).values():
        fits = found.category is record.category or (
            record.category in SENSITIVE and stricter(found.category, record.category) is record.category
        )
        if not fits or rank(found.confidentiality) > rank(record.confidentiality):
            raise ResourceNotAlone(MOVED)
